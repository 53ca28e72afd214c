"""Everything the lines of a list meet: persons, staff codes, accounts, posts and holdings, read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tinhso.core.access.models import Holding, Role
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Post, Unit
from tinhso.core.people.models import Account, Identity, Person
from tinhso.kit.text import fold
from tinhso.systems.accounts.models import Staff
from tinhso.systems.accounts.rules.holding import Held
from tinhso.systems.accounts.rules.table import Line


class Places:
    """Units by code and by folded name, roles by either, and the posts of units met so far; made once for a run."""

    def __init__(self) -> None:
        known = orgs.directory()
        self._codes = {code.upper(): u for code, u in known.by_code.items()}
        self._names: dict[str, list[Unit]] = defaultdict(list)
        for unit in known.units.values():
            if unit.active:
                for name in {fold(unit.name), fold(unit.short_name)} - {""}:
                    self._names[name].append(unit)
        self._posts: dict[UUID, list[Post]] = {}
        self._roles: dict[str, str] = {}
        for role in Role.objects.all():
            self._roles |= {role.code: role.code, fold(role.name): role.code}

    def units(self, text: str) -> list[Unit]:
        """The units a cell may mean: the one with that code, else all with that name."""
        found = self._codes.get(text.strip().upper())
        return [found] if found else self._names.get(fold(text), [])

    def posts(self, units: set[UUID]) -> dict[UUID, list[Post]]:
        """The posts of units, each unit read once in a run; posts made meanwhile are added by who makes them."""
        if unread := units - set(self._posts):
            self._posts |= {unit: [] for unit in unread}
            rows = Post.objects.filter(unit_id__in=unread).select_related("unit")
            for post in rows.prefetch_related("roles"):
                self._posts[post.unit_id].append(post)
        return self._posts

    def forget_posts(self) -> None:
        """Read posts again: those of a group that was undone are not there."""
        self._posts.clear()

    def role(self, text: str) -> str:
        """The code of the role a cell means; "" when there is none."""
        return self._roles.get(text.strip().lower()) or self._roles.get(fold(text), "")


@dataclass
class Known:
    """What is known of the people and posts of some lines; writing adds to it what it made."""

    by_number: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[UUID, dict[str, str]] = field(default_factory=dict)
    by_staff: dict[str, UUID] = field(default_factory=dict)
    staff: dict[UUID, str] = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)
    accounts: dict[UUID, Account] = field(default_factory=dict)
    usernames: dict[str, UUID] = field(default_factory=dict)
    posts: dict[UUID, list[Post]] = field(default_factory=dict)
    held: dict[tuple[UUID, UUID], list[Held]] = field(default_factory=dict)
    paths: dict[UUID, set[str]] = field(default_factory=dict)

    def post(self, unit: Unit, text: str) -> Post | None:
        """The post of a unit a cell means, by code, else by title; an open one first."""
        words = fold(text)
        rows = sorted(self.posts.get(unit.id, ()), key=lambda p: not p.active)
        by_code = next((p for p in rows if p.code == text.strip()), None)
        return by_code or next((p for p in rows if fold(p.title) == words), None)


def read(lines: Sequence[Line], places: Places) -> Known:
    """What these lines meet, in a handful of queries whatever their number."""
    found = Known()
    units = {u.id for line in lines for u in places.units(line.unit)}
    _read_people(found, lines)
    ids = list(found.people)
    found.posts = places.posts(units)
    _read_held(found, ids)
    for account in Account.objects.filter(person_id__in=ids).order_by("-is_active", "id"):
        found.accounts.setdefault(account.person_id, account)
    wanted = {
        name for line in lines for name in (line.username, line.staff_code.lower(), line.number) if name
    }
    found.usernames = dict(Account.objects.filter(username__in=wanted).values_list("username", "person_id"))
    return found


def _read_people(found: Known, lines: Sequence[Line]) -> None:
    numbers = {line.number for line in lines if line.number}
    codes = {line.staff_code for line in lines if line.staff_code}
    found.by_number = dict(
        Identity.objects.filter(number__in=numbers, kind__in=("citizen", "cmnd")).values_list(
            "number", "person_id"
        )
    )
    found.by_staff = dict(Staff.objects.filter(code__in=codes).values_list("code", "person_id"))
    ids = {*found.by_number.values(), *found.by_staff.values()}
    found.people = Person.objects.in_bulk(ids)
    found.staff = dict(Staff.objects.filter(person_id__in=ids).values_list("person_id", "code"))
    for person_id, kind, number in Identity.objects.filter(person_id__in=ids).values_list(
        "person_id", "kind", "number"
    ):
        found.numbers.setdefault(person_id, {})[kind] = number


def _read_held(found: Known, ids: Iterable[UUID]) -> None:
    rows = Holding.objects.filter(person_id__in=list(ids)).order_by("valid_from", "id")
    for person_id, post_id, key, first, end, path in rows.values_list(
        "person_id", "post_id", "id", "valid_from", "valid_to", "post__unit__path"
    ):
        found.held.setdefault((person_id, post_id), []).append(Held(key, first, end))
        found.paths.setdefault(person_id, set()).add(path)
