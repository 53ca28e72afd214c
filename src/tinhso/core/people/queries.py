"""Finding persons. Who looks somebody up by a whole number or opens their details leaves a trace that person can see."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Prefetch, Q, QuerySet, When
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from tinhso.core.audit.actions import read_of_person
from tinhso.core.orgs.policy import ActorLike
from tinhso.core.people import rules
from tinhso.core.people.models import Account, Identity, Mandate, Person
from tinhso.core.people.policy import require_manager, require_reader
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.text import fold

LIMIT = 20
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class MaskedPerson:
    """A person as a list shows one: enough to choose, not enough to use."""

    id: UUID
    kind: str
    full_name: str
    birth_year: str
    number: str
    phone: str
    territory_code: str


def masked(person: Person) -> MaskedPerson:
    """The masked form; reads `person.identities`, so prefetch them for lists."""
    numbers = {i.kind: i.number for i in person.identities.all()}
    number = numbers.get("citizen") or numbers.get("cmnd") or numbers.get("tax") or ""
    is_person = person.kind == "person"
    return MaskedPerson(
        person.id,
        person.kind,
        person.full_name,
        person.birth[:4],
        rules.masked_number(number) if is_person else number,
        rules.masked_phone(person.phone),
        person.territory_code,
    )


def person(person_id: UUID) -> Person:
    """The person, identities at hand; for use by actions on behalf of that person. `NotFound` when none.

    To show somebody's data to an officer use `read_person`, which leaves the trace.
    """
    found = _with_numbers(Person.objects.filter(id=person_id)).first()
    if found is None:
        raise NotFound("unknown_person", _("Không có người này."))
    return found


def read_person(
    person_id: UUID,
    *,
    actor: ActorLike,
    purpose: str,
    ground: str = "",
    subject_kind: str = "",
    subject_id: str = "",
) -> Person:
    """A person's full data for an officer, or for the person; the reading is logged with its purpose."""
    if actor.person_id != person_id:
        require_reader(actor)
    found = person(person_id)
    read_of_person(
        found.id,
        actor=actor,
        purpose=purpose,
        ground=ground,
        subject_kind=subject_kind,
        subject_id=subject_id,
    )
    return found


def find_by_identity(number: str) -> Person | None:
    """The person a 12-digit, an old 9-digit number or a tax code belongs to; None when nobody known or not a number."""
    digits = "".join(c for c in number if c.isdigit())
    if not digits:
        return None
    wanted = {digits, f"{digits[:10]}-{digits[10:]}"}
    return _with_numbers(Person.objects.filter(identities__number__in=wanted).distinct()).first()


def search_people(
    text: str,
    *,
    actor: ActorLike,
    purpose: str,
    limit: int = LIMIT,
    subject_kind: str = "",
    subject_id: str = "",
) -> list[MaskedPerson]:
    """Persons by whole identity number, whole phone number, or beginnings of the words of a name, marks optional.

    Names give a masked list and no trace: the trace is left when one of them is opened with `read_person`.
    A whole number names one person, so finding them is a reading and is logged. Refuses without a purpose.
    """
    require_reader(actor)
    if not purpose.strip():
        raise Refusal("no_purpose", _("Ghi mục đích tra cứu."), status=422, field="purpose")
    text = " ".join(text.split())
    if text and not any(c.isalpha() for c in text):
        rows = _by_number(text)[:limit]
        for row in rows:
            read_of_person(
                row.id, actor=actor, purpose=purpose, subject_kind=subject_kind, subject_id=subject_id
            )
        return [masked(row) for row in rows]
    words = fold(text).split()
    if sum(map(len, words)) < _SHORTEST:
        return []
    named = Person.objects.all()
    for word in words:
        named = named.filter(Q(folded_name__startswith=word) | Q(folded_name__contains=f" {word}"))
    whole = Case(When(folded_name__contains=" ".join(words), then=0), default=1)
    return [masked(row) for row in _with_numbers(named.order_by(whole, "folded_name", "id")[:limit])]


def _by_number(text: str) -> QuerySet[Person]:
    wanted = Q(identities__number="".join(c for c in text if c.isdigit()))
    with suppress(rules.IdentityError):  # not a phone number: the identity numbers still count
        wanted |= Q(phone=rules.normalise_phone(text))
    return _with_numbers(Person.objects.filter(wanted).distinct().order_by("id"))


def _with_numbers(rows: QuerySet[Person]) -> QuerySet[Person]:
    return rows.prefetch_related(Prefetch("identities", Identity.objects.order_by("kind")))


def number_of(who: Person) -> str:
    """The number papers show: the personal number, else the old card's, else the tax code, else ""."""
    numbers = {i.kind: i.number for i in who.identities.all()}
    return numbers.get("citizen") or numbers.get("cmnd") or numbers.get("tax") or ""


def mandate_between(agent_id: UUID, principal_id: UUID, on: date) -> Mandate | None:
    """A mandate the agent may use for the principal on a day, None when there is none."""
    rows = Mandate.objects.filter(agent_id=agent_id, principal_id=principal_id).select_related("principal")
    return next(iter(_holding(rows, on)), None)


def principals_of(agent_id: UUID, on: date) -> list[Mandate]:
    """For whom somebody may act on a day: mandates with their `principal` at hand, by name."""
    rows = (
        Mandate.objects.filter(agent_id=agent_id)
        .select_related("principal")
        .order_by("principal__full_name", "id")
    )
    return list(_holding(rows, on))


def _holding(rows: Iterable[Mandate], on: date) -> Iterable[Mandate]:
    return (m for m in rows if rules.mandate_holds(m.kind, m.valid_from, m.valid_to, m.principal.birth, on))


def accounts_of(person_id: UUID, *, actor: ActorLike) -> list[Account]:
    """The accounts of a person, for the person and for administrators."""
    if actor.person_id != person_id:
        require_manager(actor)
    return list(Account.objects.filter(person_id=person_id).order_by("username"))


def account(account_id: UUID) -> Account:
    """The account with that id. `NotFound` when there is none."""
    found = Account.objects.filter(id=account_id).first()
    if found is None:
        raise NotFound("unknown_account", _("Không có tài khoản này."))
    return found


def accounts(text: str, *, actor: ActorLike, after: str = "", limit: int = 50) -> list[Account]:
    """Accounts whose user name or holder's name holds the words, by user name after `after`, for administrators."""
    require_manager(actor)
    rows = Account.objects.select_related("person").filter(username__gt=after)
    for word in fold(text).split():
        rows = rows.filter(Q(username__contains=word) | Q(person__folded_name__contains=word))
    return list(rows.order_by("username")[:limit])


def account_for_sign_in(name: str) -> Account | None:
    """The account somebody means by a user name, an identity number, or a phone number only one account has."""
    name = name.strip()
    rows = Account.objects.select_related("person")
    if found := rows.filter(username=name.lower()).first():
        return found
    digits = "".join(c for c in name if c.isdigit())
    if not digits or any(c.isalpha() for c in name):
        return None
    if found := rows.filter(person__identities__number=digits).order_by("username").first():
        return found
    try:
        same_phone = rows.filter(person__phone=rules.normalise_phone(name))[:2]
    except rules.IdentityError:
        return None
    return same_phone[0] if len(same_phone) == 1 else None


def account_for_session(account_id: str, stamp: str) -> Account | None:
    """The open account of an unfinished sign-in; None when its password changed meanwhile."""
    found = Account.objects.select_related("person").filter(id=account_id, is_active=True).first()
    return found if found and constant_time_compare(found.get_session_auth_hash(), stamp) else None


__all__ = [
    "MaskedPerson",
    "account",
    "account_for_session",
    "account_for_sign_in",
    "accounts",
    "accounts_of",
    "find_by_identity",
    "mandate_between",
    "masked",
    "number_of",
    "person",
    "principals_of",
    "read_person",
    "search_people",
]
