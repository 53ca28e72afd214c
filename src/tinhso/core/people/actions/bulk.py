"""Many persons and accounts in one go, for an import: the same rules and the same entries in the log as one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.policy import ActorLike
from tinhso.core.people.models import Account, Identity, Person
from tinhso.core.people.policy import require_manager
from tinhso.core.people.rules import Number
from tinhso.kit.errors import Refusal
from tinhso.kit.text import fold

#: What a list of staff may bring up to date; a name, a number or a birth date is corrected from papers only.
KEPT_UP = frozenset({"phone", "email", "sex"})


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody not known yet, with values already in their form (see `kit.identity`, `kit.dates`)."""

    full_name: str
    birth: str = ""
    sex: str = ""
    phone: str = ""
    email: str = ""
    number: Number | None = None


def add_people(batch: Batch, *, actor: ActorLike, rows: Sequence[Newcomer]) -> list[Person]:
    """Make persons, in the caller's transaction; raises `IntegrityError` when a number came to be meanwhile."""
    require_manager(actor)
    made = [
        Person(
            full_name=r.full_name, folded_name=fold(r.full_name), birth=r.birth, sex=r.sex, phone=r.phone, email=r.email
        )
        for r in rows
    ]  # fmt: skip
    Person.objects.bulk_create(made)
    Identity.objects.bulk_create(
        Identity(person=p, kind=r.number.kind, number=r.number.number)
        for p, r in zip(made, rows, strict=True)
        if r.number
    )
    for person, row in zip(made, rows, strict=True):
        _note(batch, "people.create", person.id, actor, {"kinds": [row.number.kind] if row.number else []})
    return made


def add_numbers(batch: Batch, *, actor: ActorLike, rows: Sequence[tuple[UUID, Number]]) -> None:
    """Numbers for persons known by something else; raises `IntegrityError` for a number of somebody."""
    require_manager(actor)
    Identity.objects.bulk_create(
        Identity(person_id=person_id, kind=n.kind, number=n.number) for person_id, n in rows
    )
    for person_id, number in rows:
        _note(batch, "people.add_identity", person_id, actor, {"kind": number.kind})


def keep_up(batch: Batch, *, actor: ActorLike, person_id: UUID, changes: Mapping[str, Any]) -> None:
    """Bring contacts of a person up to date from an agency's list; only `KEPT_UP`, and a birth date not known yet."""
    require_manager(actor)
    if unknown := set(changes) - KEPT_UP - {"birth"}:
        raise TypeError(f"not kept up from lists: {unknown}")
    batch.update(Person, {"id": person_id}, **dict(changes))
    _note(batch, "people.keep_up", person_id, actor, {"fields": sorted(changes)})


def add_accounts(batch: Batch, *, actor: ActorLike, rows: Sequence[tuple[UUID, str]]) -> list[Account]:
    """Accounts nobody can sign in to yet: (person, user name) pairs. `IntegrityError` for a name in use."""
    require_manager(actor)
    if any(not name.strip() for _person, name in rows):
        raise Refusal("no_username", _("Nhập tên đăng nhập."), status=422, field="username")
    made = [
        Account(person_id=person_id, username=name.strip().lower(), password=make_password(None))
        for person_id, name in rows
    ]
    Account.objects.bulk_create(made)
    for account in made:
        told: dict[str, Any] = {"username": account.username}
        _note(batch, "people.create_account", account.person_id, actor, told)
    return made


def _note(batch: Batch, act: str, person_id: UUID, actor: ActorLike, data: dict[str, Any]) -> None:
    record(batch, act=act, object_kind="person", object_id=str(person_id), actor=actor, data=data)
