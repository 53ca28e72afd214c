"""Invented officials in every post and invented families in every commune; the same ones on every machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.db import transaction

from tinhso.core.access.models import Holding
from tinhso.core.orgs.models import Post, Territory
from tinhso.core.people.models import Account, Identity, Mandate, Person
from tinhso.core.people.rules import sex_letter
from tinhso.kit.text import fold, slug
from tinhso.project.seed.names import SEXES, Invented, address, day_between, family_name, invent
from tinhso.project.seed.plan import PlannedUnit

#: Ages are counted from here, so that every seeding makes the same people.
REFERENCE = date(2026, 6, 1)
IN_OFFICE_SINCE = date(2022, 1, 1)
#: The commune whose people the demonstration shows; it gets more of them.
SHOWN_COMMUNE = "31318"
_NO_NUMBER_YET = 0.1


@dataclass
class _Rows:
    """Rows gathered for a bulk write."""

    persons: list[Person] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)

    def add(self, who: Invented, territory: Territory, street: str) -> Person:
        person = Person(
            full_name=who.full_name,
            folded_name=fold(who.full_name),
            birth=who.birth,
            sex=sex_letter(who.sex),
            phone=who.phone,
            address=street,
            territory_code=territory.code,
        )
        self.persons.append(person)
        if who.number:
            self.identities.append(
                Identity(person=person, kind="citizen", number=who.number, issued_by="Bộ Công an")
            )
        if who.old_number:
            self.identities.append(Identity(person=person, kind="cmnd", number=who.old_number))
        return person

    def write(self) -> None:
        Person.objects.bulk_create(self.persons, batch_size=2000)
        Identity.objects.bulk_create(self.identities, batch_size=2000)
        Mandate.objects.bulk_create(self.mandates, batch_size=2000)
        Holding.objects.bulk_create(self.holdings, batch_size=2000)
        Account.objects.bulk_create(self.accounts, batch_size=2000)


@dataclass(frozen=True)
class _Home:
    """What the members of a household share."""

    family: str
    parents: tuple[Person, Person]
    commune: Territory
    street: str


class _Unique:
    """Keeps invented numbers apart from one another and from those in the database."""

    def __init__(self) -> None:
        self._taken = set(Identity.objects.values_list("number", flat=True))

    def settle(self, who: Invented, again: Random) -> Invented:
        number, old = who.number, who.old_number
        while number and number in self._taken:
            number = f"{number[:6]}{again.randrange(1_000_000):06d}"
        while old and old in self._taken:
            old = f"36{again.randrange(10_000_000):07d}"
        self._taken |= {number, old}
        return Invented(who.full_name, who.sex, who.birth, number, old, who.phone)


def seed_officials(plan: list[PlannedUnit]) -> int:
    """Somebody for every post nobody ever held, with an account without password. Returns how many people are new."""
    held = set(Holding.objects.values_list("post_id", flat=True))
    posts = {
        (p.unit.code, p.code): p for p in Post.objects.select_related("unit__territory") if p.id not in held
    }
    if not posts:
        return 0
    rows, unique = _Rows(), _Unique()
    by_post: dict[tuple[str, str], list[Person]] = {}
    usernames = set(Account.objects.values_list("username", flat=True))
    for unit in plan:
        for planned in unit.posts:
            post = posts.get((unit.code, planned.code))
            if post is None:
                continue
            if planned.same_as and (people := by_post.get((unit.parent, planned.same_as))):
                rows.holdings.append(Holding(person=people[0], post=post, valid_from=IN_OFFICE_SINCE))
                continue
            people = [_official(rows, unique, post, n) for n in range(planned.count)]
            by_post[unit.code, planned.code] = people
            for person in people:
                rows.holdings.append(Holding(person=person, post=post, valid_from=IN_OFFICE_SINCE))
                rows.accounts.append(_account_without_password(person, usernames))
    with transaction.atomic():
        rows.write()
    return len(rows.persons)


def _official(rows: _Rows, unique: _Unique, post: Post, n: int) -> Person:
    rng = Random(f"official:{post.unit.code}:{post.code}:{n}")  # noqa: S311 - invented people, not secrets
    sex = rng.choice(SEXES)
    born = day_between(rng, date(1968, 1, 1), date(2000, 12, 31))
    territory = post.unit.territory
    if territory is None:
        raise ValueError(f"unit {post.unit.code} stands in no territory")
    return rows.add(unique.settle(invent(rng, sex, born), rng), territory, address(rng, territory.name))


def _account_without_password(person: Person, usernames: set[str]) -> Account:
    base, n = slug(person.full_name).replace("-", "."), 1
    while (username := base if n == 1 else f"{base}.{n}") in usernames:
        n += 1
    usernames.add(username)
    return Account(username=username, person=person, password="!")  # noqa: S106 - "!" is Django's mark of no password


def seed_citizens(families: int) -> int:
    """Families of parents, children and sometimes a grandparent, with parental mandates. Returns how many people are new.

    Nothing is added when citizens are there already.
    """
    if Person.objects.filter(holdings__isnull=True, kind="person").exists():
        return 0
    communes = list(Territory.objects.filter(level="commune").order_by("code"))
    shown = next(c for c in communes if c.code == SHOWN_COMMUNE)
    rows, unique = _Rows(), _Unique()
    for n in range(families):
        rng = Random(f"family:{n}")  # noqa: S311 - invented people, not secrets
        commune = shown if n % 20 == 0 else communes[n % len(communes)]
        _family(rows, unique, rng, commune)
    with transaction.atomic():
        rows.write()
    return len(rows.persons)


def _family(rows: _Rows, unique: _Unique, rng: Random, commune: Territory) -> None:
    street, name = address(rng, commune.name), family_name(rng)
    born = day_between(rng, date(1960, 1, 1), date(2002, 6, 1))
    mother_born = day_between(
        rng, date(max(born.year - 2, 1960), 1, 1), date(min(born.year + 6, 2003), 12, 31)
    )
    father = rows.add(unique.settle(invent(rng, "male", born, family=name), rng), commune, street)
    mother = rows.add(unique.settle(invent(rng, "female", mother_born), rng), commune, street)
    home = _Home(name, (father, mother), commune, street)
    for _ in range(rng.choices((0, 1, 2, 3), (12, 30, 44, 14))[0]):
        child_born = day_between(rng, date(mother_born.year + 20, 1, 1), date(mother_born.year + 36, 12, 31))
        if child_born < REFERENCE:
            _child(rows, unique, rng, child_born, home)
    if rng.random() < 0.15:  # noqa: PLR2004 - about one household in seven has a grandparent
        elder_born = day_between(rng, date(1938, 1, 1), date(min(born.year - 19, 1962), 12, 31))
        elder = rows.add(unique.settle(invent(rng, "female", elder_born, phone=False), rng), commune, street)
        rows.mandates.append(
            Mandate(agent=father, principal=elder, kind="authorised", ground="Văn bản ủy quyền có chứng thực",
                    valid_from=date(2026, 1, 5), valid_to=date(2028, 1, 5))
        )  # fmt: skip


def _child(rows: _Rows, unique: _Unique, rng: Random, born: date, home: _Home) -> None:
    minor = (REFERENCE.year - born.year) < 18  # noqa: PLR2004 - full age
    numbered = not minor or rng.random() > _NO_NUMBER_YET
    sex = rng.choice(SEXES)
    who = unique.settle(invent(rng, sex, born, family=home.family, numbered=numbered, phone=not minor), rng)
    child = rows.add(who, home.commune, home.street)
    if minor:
        rows.mandates += [
            Mandate(agent=parent, principal=child, kind="parent", ground="Giấy khai sinh", valid_from=born)
            for parent in home.parents
        ]
