"""Invitations that wait, for who keeps the accounts of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.policy import unit_scope
from tinhso.core.console.policy import may_manage
from tinhso.core.db.paging import Page, page
from tinhso.core.people import queries as people
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import NotFound
from tinhso.systems.accounts.models import Invitation
from tinhso.systems.accounts.queries.codes import code

LETTERS_AT_ONCE = 100


def _scoped(actor: Actor) -> QuerySet[Invitation]:
    rows = Invitation.objects.select_related("account__person", "unit")
    return rows.filter(unit_scope(actor, MANAGE))


def waiting(
    actor: Actor, *, unit_path: str = "", letters: bool = False, cursor: str = "", size: int = 50
) -> Page[Invitation]:
    """Invitations nobody used yet, oldest first: of the actor's units, of one of them and below, only those for letters."""
    rows = _scoped(actor).filter(used_at__isnull=True, withdrawn_at__isnull=True)
    if unit_path:
        rows = rows.filter(Q(unit__path=unit_path) | Q(unit__path__startswith=unit_path + "."))
    if letters:
        rows = rows.filter(email="", expires_at__gt=timezone.now())
    return page(rows, by=["made_at", "id"], cursor=cursor, size=size)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a printed letter says."""

    invitation: Invitation
    code: str
    address: str


def letters(actor: Actor, ids: list[UUID]) -> list[Letter]:
    """The letters of open invitations without e-mail among those the actor may see, in the order of the list."""
    rows = _scoped(actor).filter(
        id__in=ids[:LETTERS_AT_ONCE], used_at__isnull=True, withdrawn_at__isnull=True
    )
    address = f"{settings.SITE_URL}{reverse('accounts:enter_code')}"
    return [Letter(row, code(row), address) for row in rows.order_by("made_at", "id") if row.state == "open"]


def of_person(person_id: UUID, *, actor: Actor) -> dict[str, object]:
    """What the page of a person's invitation shows; `NotFound` for who may not act on the person's account."""
    if not may_manage(actor, person_id):
        raise NotFound("unknown_person", _("Không có người này trong phạm vi quản trị của bạn."))
    found = Invitation.objects.select_related("account").filter(account__person_id=person_id).first()
    return {"person": people.person(person_id), "invitation": found}
