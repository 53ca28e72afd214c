"""Whose work a run is."""

from __future__ import annotations

from tinhso.core.access.actor import Actor
from tinhso.core.jobs.models import Run

OPERATE = "console.operate"


def may_see(actor: Actor, run: Run) -> bool:
    """Who asked for it, and who operates the installation."""
    mine = actor.person_id is not None and run.person_id == actor.person_id
    return mine or bool(actor.system) or actor.may(OPERATE)
