"""Persons and accounts as the administrator reads them: masked until a reason is given, and why somebody may do a thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from tinhso.core.access.actor import Actor, Grant
from tinhso.core.access.models import Holding, Role
from tinhso.core.access.permissions import PERMISSIONS
from tinhso.core.access.queries import HeldPost, held_on, lent_since, standing_of_person
from tinhso.core.access.rules import holds_on
from tinhso.core.audit.actions import in_words
from tinhso.core.audit.models import Entry
from tinhso.core.console.policy import may_manage
from tinhso.core.orgs.models import Unit
from tinhso.core.people import queries as people
from tinhso.core.people.models import Account, Person
from tinhso.core.people.queries import MaskedPerson
from tinhso.core.people.rules import masked_number
from tinhso.kit.dates import vi_date

ACCOUNTS_SHOWN = 20
_PERSONAL_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a search: the masked person and the posts held today."""

    person: MaskedPerson
    posts: tuple[Holding, ...]


def find(text: str, *, actor: Actor, purpose: str) -> list[Found]:
    """Persons by name, whole number or phone, and those whose user name holds the words.

    Whole numbers are logged as readings with their purpose (`people.queries.search_people`).
    """
    rows = people.search_people(text, actor=actor, purpose=purpose)
    seen = {row.id for row in rows}
    if any(c.isalpha() for c in text):
        ids = [a.person_id for a in people.accounts(text, actor=actor, limit=ACCOUNTS_SHOWN)]
        more = Person.objects.filter(id__in=[i for i in ids if i not in seen]).prefetch_related("identities")
        rows = [*rows, *(people.masked(p) for p in more)]
    held = _held_today([row.id for row in rows])
    return [Found(row, tuple(h for h in held if h.person_id == row.id)) for row in rows]


def _held_today(ids: Iterable[UUID]) -> list[Holding]:
    rows = Holding.objects.filter(held_on())
    rows = rows.filter(person_id__in=list(ids), post__active=True)
    return list(rows.select_related("post__unit").order_by("valid_from", "id"))


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account; a user name that is a personal number is shown masked."""

    account: Account
    name: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person masked; `full` holds everything, only after the reading was logged."""

    person: MaskedPerson
    full: Person | None
    accounts: tuple[AccountLine, ...]
    now: tuple[Holding, ...]
    before: tuple[Holding, ...]
    mine: bool


def person_page(person_id: UUID, *, actor: Actor, purpose: str = "") -> PersonPage:
    """One person. With a `purpose` the data are shown in full and the reading is logged; without, masked."""
    full = (
        people.read_person(person_id, actor=actor, purpose=purpose, subject_kind="console")
        if purpose
        else None
    )
    row = full or people.person(person_id)
    today = timezone.localdate()
    held = list(
        Holding.objects.filter(person_id=person_id).select_related("post__unit").order_by("-valid_from", "id")
    )
    now = [h for h in held if holds_on(h.valid_from, h.valid_to, today)]
    accounts = people.accounts_of(person_id, actor=actor)
    return PersonPage(
        people.masked(row),
        full,
        tuple(AccountLine(a, a.username if full else shown_username(a.username)) for a in accounts),
        tuple(now),
        tuple(h for h in held if h not in now),
        may_manage(actor, person_id),
    )


def shown_username(username: str) -> str:
    """A user name for lists: masked when it is a personal number."""
    return masked_number(username) if username.isdigit() and len(username) >= _PERSONAL_NUMBER else username


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a permission holds (or is near): the post, the role on it, where that role reaches; `appointed` who put the
    person (or, by delegation, its giver) on the post, and `given` who gave the post the role, as the log says."""

    post: HeldPost
    role: str
    below: bool
    since: date
    appointed: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to "may this person do this here?", from the same grants that every check reads.

    `by` are the grants that allow it; `elsewhere` those that carry the permission but do not reach the unit;
    `roles` every role that carries it, so that one knows what to give.
    """

    allowed: bool
    by: tuple[Reason, ...]
    elsewhere: tuple[Reason, ...]
    roles: tuple[str, ...]
    can_sign_in: bool


def why(person_id: UUID, permission: str, unit: Unit) -> Why:
    """Ask the rules themselves: posts held today, their roles, the permissions of these, the unit's path."""
    posts = standing_of_person(person_id).choices
    names = {role.code: role for role in Role.objects.all()}
    since = {h.post_id: h.valid_from for h in _held_today([person_id])}
    since |= lent_since([p.key for p in posts if p.lent])
    by: list[Reason] = []
    elsewhere: list[Reason] = []
    told = _given([p.id for p in posts])
    for post in posts:
        for grant in post.grants:
            if permission in grant.permissions:
                reason = _reason(post, grant, names, since, told, person_id)
                (by if grant.covers(unit.path) else elsewhere).append(reason)
    carrying = sorted(role.name for role in names.values() if permission in role.permissions)
    can_sign_in = Account.objects.filter(person_id=person_id, is_active=True).exists()
    return Why(bool(by), tuple(by), tuple(elsewhere), tuple(carrying), can_sign_in)


def _given(posts: list[UUID]) -> dict[tuple[str, str], str]:
    """Who put whom on these posts and who gave them their roles, last time: (post, person or role) to words."""
    rows = Entry.objects.filter(
        object_kind="post",
        object_id__in=[str(p) for p in posts],
        act__in=("access.appoint", "access.assign_role"),
    )
    found: dict[tuple[str, str], str] = {}
    for entry in rows.order_by("id").only("object_id", "data", "actor", "at"):
        key = entry.data.get("person") or (entry.data.get("after") or {}).get("role", "")
        who = in_words(entry.actor) or entry.actor.get("name", "")
        found[entry.object_id, key] = f"{who}, {vi_date(timezone.localdate(entry.at))}"
    return found


def _reason(
    post: HeldPost,
    grant: Grant,
    names: dict[str, Role],
    since: dict[UUID, date],
    told: dict[tuple[str, str], str],
    person_id: UUID,
) -> Reason:
    role = names[grant.role].name if grant.role in names else grant.role
    if post.lent:
        role = f"{role}, {post.label}"
    holder = post.lent.person_id if post.lent else person_id
    appointed = told.get((str(post.id), str(holder)), "")
    return Reason(
        post, role, grant.below, since[post.key], appointed, told.get((str(post.id), grant.role), "")
    )


def permission_choices() -> list[tuple[str, str]]:
    """Every permission with its title, in the order of its code."""
    return sorted(((p.code, p.title) for p in PERMISSIONS), key=lambda pair: pair[0])
