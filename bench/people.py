"""Who files and who advances in the benchmarks, and what they file."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import actor_for_account
from tinhso.core.cases.state import PaperState, Party
from tinhso.core.files.actions import store_made
from tinhso.core.people.models import Account
from tinhso.project.first_case import PROCEDURE, answers
from tinhso.systems.onestop.api import own_party

CODE = PROCEDURE


@cache
def actor(username: str) -> Actor:
    return actor_for_account(Account.objects.get(username=username).id)


@cache
def party() -> Party:
    return own_party(actor("congdan").person_id)


@cache
def form() -> dict[str, Any]:
    return answers(settings.CATALOG)


@cache
def papers() -> tuple[PaperState, ...]:
    stored = store_made(
        b"%PDF-1.7 bench",
        name="bench.pdf",
        media_type="application/pdf",
        actor=actor("congdan"),
        purpose="cases.paper",
    )
    return (PaperState(id="birth_proof", files=(str(stored.id),)),)
