"""Reconciling a bank's statement in the background: each line for itself, with its outcome."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from tinhso.core.access.actor import Actor
from tinhso.core.cases.actions.money import match_statement_line
from tinhso.core.jobs import actions as jobs
from tinhso.core.jobs.actions import Thing
from tinhso.core.jobs.models import Item, Run
from tinhso.core.jobs.runs import Steps
from tinhso.core.payments.actions import take_statement
from tinhso.core.payments.models import StatementLine
from tinhso.kit.money import vnd

RECONCILE = "onestop.reconcile"


def reconcile(data: bytes, *, name: str, account: str, unit_id: UUID, actor: Actor) -> Run | None:
    """Keep a statement and begin matching its open lines; None when nothing in it is new.

    A `Refusal` names the line that cannot be read; nothing is kept then.
    """
    with transaction.atomic():
        _, lines = take_statement(data, name=name, account=account, unit_id=unit_id, actor=actor)
        if not lines:
            return None
        things = (Thing(str(x.id), f"{vnd(x.amount)} · {x.content or x.transaction}"[:200]) for x in lines)
        return jobs.start(kind=RECONCILE, title=f"Đối soát sao kê {name[:80]}", actor=actor, things=things)


def do_reconcile(steps: Steps) -> dict[str, Any]:
    """Work through the lines of a statement; one that names no case waits on the page of statements."""
    name = steps.actor().name

    def one(item: Item) -> str:
        matched = match_statement_line(StatementLine.objects.get(id=item.key), by=name)
        return f"{matched.case_code}: {matched.message}" if matched.case_code else matched.message

    steps.each(one)
    return {}
