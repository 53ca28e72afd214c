"""Tying cases together: a correction to the case whose result it mends, the copies of one form to their group."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.cases.actions.perform import Done, perform
from tinhso.core.cases.models import CaseLink
from tinhso.core.cases.rules.corrections import CorrectData, CorrectsData
from tinhso.core.cases.state import Corrects

CORRECTION, GROUP = "correction", "group"


def tie_correction(
    done: Done,
    *,
    old_id: UUID,
    old_code: str,
    wrong: str,
    actor: Actor,
    fault: str = "",
    apology: str = "",
    now: datetime | None = None,
) -> Done:
    """Make a case just filed the correction of another one, in both; done once however often it is called.

    Call it in the transaction of the filing: refused, the case is not filed either.
    """
    with transaction.atomic():
        if CaseLink.objects.filter(kind=CORRECTION, parent_id=old_id, child_id=done.case.id).exists():
            return done
        data = CorrectData(
            wrong=wrong, fault=fault, apology=apology, case_id=str(done.case.id), code=done.case.code
        )
        perform(old_id, "correct", data, actor=actor, now=now)
        CaseLink.objects.create(kind=CORRECTION, parent_id=old_id, child_id=done.case.id)
        of = Corrects(
            case_id=str(old_id), code=old_code, wrong=wrong.strip(), fault=fault, apology=apology.strip()
        )
        marked = CorrectsData(corrects=of)
        return perform(done.case.id, "mark_correction", marked, actor=system_actor("corrections"), now=now)


def tie_group(head_id: UUID, member_id: UUID) -> None:
    """Put a case into the group of another one; twice is once."""
    if head_id != member_id:
        CaseLink.objects.get_or_create(kind=GROUP, parent_id=head_id, child_id=member_id)
