"""Tying cases together: a correction to the case whose result it mends, the copies of one form to their group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.cases.actions.perform import Done, perform
from tinhso.core.cases.models import CaseLink
from tinhso.core.cases.rules.corrections import CorrectData, CorrectsData
from tinhso.core.cases.state import Corrects

CORRECTION, GROUP = "correction", "group"


@dataclass(frozen=True, slots=True)
class Mends:
    """The case whose result a new one mends, what is wrong, whose mistake it was (`agency` or ""), and the apology."""

    case_id: UUID
    code: str
    wrong: str
    fault: str = ""
    apology: str = ""


def tie_correction(done: Done, mends: Mends, *, actor: Actor, now: datetime | None = None) -> Done:
    """Make a case just filed the correction of another one, in both; done once however often it is called.

    Call it in the transaction of the filing: refused, the case is not filed either.
    """
    with transaction.atomic():
        tie = {"kind": CORRECTION, "parent_id": mends.case_id, "child_id": done.case.id}
        if CaseLink.objects.filter(**tie).exists():
            return done
        said = {"wrong": mends.wrong.strip(), "fault": mends.fault, "apology": mends.apology.strip()}
        data = CorrectData(**said, case_id=str(done.case.id), code=done.case.code)
        perform(mends.case_id, "correct", data, actor=actor, now=now)
        CaseLink.objects.create(**tie)
        marked = CorrectsData(corrects=Corrects(case_id=str(mends.case_id), code=mends.code, **said))
        return perform(done.case.id, "mark_correction", marked, actor=system_actor("corrections"), now=now)


def tie_group(head_id: UUID, member_id: UUID) -> None:
    """Put a case into the group of another one; twice is once."""
    if head_id != member_id:
        CaseLink.objects.get_or_create(kind=GROUP, parent_id=head_id, child_id=member_id)
