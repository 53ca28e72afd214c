"""Acts on persons: finding or making one, their numbers and contacts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.policy import ActorLike
from tinhso.core.people import rules
from tinhso.core.people.models import Identity, Person, PersonKind
from tinhso.core.people.policy import is_trusted, require_known, require_self_or
from tinhso.core.people.queries import find_by_identity
from tinhso.core.people.rules import DateError, IdentityError, Number
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.identity import parse_citizen_card_qr
from tinhso.kit.text import fold, normalise_name

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a form or a card says of somebody, as typed."""

    full_name: str
    number: str = ""
    old_number: str = ""
    birth: str = ""
    sex: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    territory_code: str = ""
    kind: str = "person"


def find_or_create_person(*, actor: ActorLike, says: Particulars) -> Person:
    """The person these particulars mean, made when not known yet.

    A number known under another name or birth date is refused, never overwritten. What is missing in
    the kept record is filled in only by actors who saw the papers (`policy.is_trusted`). Without a
    number somebody is made anew: names and birth dates alone do not tell two people apart.
    """
    require_known(actor)
    clean, numbers = _cleaned(says)
    try:
        with transaction.atomic():
            return _find_or_create(actor, clean, numbers)
    except IntegrityError:  # somebody else made the person a moment ago
        with transaction.atomic():
            return _find_or_create(actor, clean, numbers)


def find_or_create_from_card(*, actor: ActorLike, qr: str) -> tuple[Person, tuple[str, ...]]:
    """The person of a citizen card, from the text of its QR code, and warnings to show. Refuses other codes."""
    card = asked("qr", lambda: parse_citizen_card_qr(qr, today=timezone.localdate()))
    says = Particulars(
        full_name=card.full_name,
        number=card.number,
        old_number=card.old_number or "",
        birth=card.birth.isoformat(),
        sex=card.sex,
        address=card.address,
    )
    return find_or_create_person(actor=actor, says=says), card.warnings


def add_identity(
    *, actor: ActorLike, person_id: UUID, number: str, issued_on: str = "", issued_by: str = ""
) -> Identity:
    """One more number of a person, such as the old nine-digit card's. Refuses a number of somebody else."""
    require_self_or(actor, person_id, allowed=is_trusted(actor))
    found = asked("number", lambda: rules.read_number(number))
    with transaction.atomic():
        person = locked(person_id)
        row, made = Identity.objects.get_or_create(
            kind=found.kind,
            number=found.number,
            defaults={"person": person, "issued_on": issued_on, "issued_by": issued_by},
        )
        if row.person_id != person.id:
            raise _not_the_same()
        if made:
            audit(
                "people.add_identity",
                person,
                actor,
                {"kind": found.kind, "number": rules.masked_number(found.number)},
            )
    return row


def update_contact(*, actor: ActorLike, person_id: UUID, **changes: str) -> Person:
    """Change `phone`, `email`, `address` or `territory_code`; refuses other fields and a phone that cannot be."""
    if unknown := set(changes) - {"phone", "email", "address", "territory_code"}:
        raise TypeError(f"not a contact: {unknown}")
    require_self_or(actor, person_id, allowed=is_trusted(actor))
    if changes.get("phone"):
        changes["phone"] = asked("phone", lambda: rules.normalise_phone(changes["phone"]))
    with transaction.atomic():
        person = locked(person_id)
        changed = {
            key: value.strip() for key, value in changes.items() if getattr(person, key) != value.strip()
        }
        if changed:
            Person.objects.filter(id=person.id).update(**changed)
            for key, value in changed.items():
                setattr(person, key, value)
            audit("people.update_contact", person, actor, {"fields": sorted(changed)})
    return person


def asked(field: str, read: Callable[[], T]) -> T:
    """The value, or a `Refusal` about the form field when it cannot be read."""
    try:
        return read()
    except (IdentityError, DateError) as error:
        raise Refusal("not_valid", str(error), status=422, field=field) from error


def locked(person_id: UUID) -> Person:
    """The person's row, held until the transaction ends. `NotFound` when there is none."""
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None:
        raise NotFound("unknown_person", _("Không có người này."))
    return person


def audit(act: str, person: Person, actor: ActorLike, data: dict[str, Any]) -> None:
    """One entry about a person; the data names what changed, not the personal data itself."""
    batch = Batch()
    record(batch, act=act, object_kind="person", object_id=str(person.id), actor=actor, data=data)
    batch.send()


def _cleaned(says: Particulars) -> tuple[dict[str, str], list[Number]]:
    """The values as stored, and the numbers; refuses what cannot be, naming the field."""
    name = " ".join(says.full_name.split())
    if not name:
        raise Refusal("no_name", _("Nhập họ và tên."), status=422, field="full_name")
    is_person = says.kind == PersonKind.PERSON
    name = normalise_name(name) if is_person else name
    read = rules.read_number if is_person else rules.read_tax_code
    numbers = [asked("number", lambda: read(says.number))] if says.number.strip() else []
    if says.old_number.strip():
        numbers.append(asked("old_number", lambda: rules.read_number(says.old_number)))
    today: date = timezone.localdate()
    return {
        "kind": says.kind,
        "full_name": name,
        "folded_name": fold(name),
        "birth": asked("birth", lambda: rules.read_birth(says.birth, today)),
        "sex": rules.sex_letter(says.sex),
        "phone": asked("phone", lambda: rules.normalise_phone(says.phone)) if says.phone.strip() else "",
        "email": says.email.strip(),
        "address": says.address.strip(),
        "territory_code": says.territory_code.strip(),
    }, numbers


def _find_or_create(actor: ActorLike, clean: dict[str, str], numbers: list[Number]) -> Person:
    owners = {p.id: p for n in numbers if (p := find_by_identity(n.number))}
    if len(owners) > 1:
        raise _not_the_same()
    if not owners:
        person = Person.objects.create(**clean)
        audit("people.create", person, actor, {"kinds": [n.kind for n in numbers]})
    else:
        person = next(iter(owners.values()))
        if not rules.same_person(clean["full_name"], clean["birth"], person.full_name, person.birth):
            raise _not_the_same()
        if is_trusted(actor):
            _fill_in(person, clean, actor)
    if not owners or is_trusted(actor):
        for number in numbers:
            Identity.objects.get_or_create(
                kind=number.kind, number=number.number, defaults={"person": person}
            )
    return person


def _fill_in(person: Person, clean: dict[str, str], actor: ActorLike) -> None:
    """Complete what the record lacks, and a birth date known less precisely."""
    new = {
        k: v
        for k, v in clean.items()
        if v and k not in ("kind", "full_name", "folded_name") and not getattr(person, k)
    }
    if len(clean["birth"]) > len(person.birth):
        new["birth"] = clean["birth"]
    if new:
        Person.objects.filter(id=person.id).update(**new)
        for key, value in new.items():
            setattr(person, key, value)
        audit("people.fill_in", person, actor, {"fields": sorted(new)})


def _not_the_same() -> Refusal:
    return Refusal(
        "not_the_same_person",
        _(
            "Số định danh này đã ghi với họ tên hoặc ngày sinh khác. Kiểm tra lại số, họ tên và ngày sinh trên giấy tờ."
        ),
        status=422,
        field="number",
    )
