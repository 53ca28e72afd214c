"""Reading plans, what was decided, and the proof."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.db.paging import Page, page
from tinhso.core.reorganisation import proof
from tinhso.core.reorganisation.models import Decision, Reorganisation
from tinhso.core.reorganisation.policy import require_may
from tinhso.kit.errors import NotFound


def plans(actor: Actor, cursor: str = "", size: int = 20) -> Page[Reorganisation]:
    """Plans, the newest first."""
    require_may(actor)
    rows = Reorganisation.objects.defer("text", "source", "journal", "trial", "proof")
    return page(rows, by=("-created_at", "-id"), cursor=cursor, size=size)


def plan(actor: Actor, plan_id: UUID) -> Reorganisation:
    """One plan. `NotFound` when there is none."""
    require_may(actor)
    found = Reorganisation.objects.defer("journal").filter(id=plan_id).first()
    if found is None:
        raise NotFound("no_plan", _("Không có phương án này."))
    return found


def decided(plan_id: UUID) -> dict[str, str]:
    """What was decided so far, by the key of the thing."""
    return dict(Decision.objects.filter(plan_id=plan_id).values_list("key", "choice"))


def decisions(plan_id: UUID) -> list[Decision]:
    return list(Decision.objects.filter(plan_id=plan_id).order_by("-at")[:500])


def proof_lines(found: Reorganisation) -> list[proof.Line]:
    """The proof of a plan that is done; empty before."""
    kept = found.proof
    return proof.lines(kept["before"], kept["after"]) if "after" in kept else []
