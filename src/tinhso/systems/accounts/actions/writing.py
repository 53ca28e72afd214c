"""Writing what a group of lines decided: persons, codes, posts, holdings, accounts and invitations, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tinhso.core.access import actions as access
from tinhso.core.access.actor import Actor
from tinhso.core.db.batch import Batch
from tinhso.core.orgs import actions as orgs
from tinhso.core.orgs.models import Post
from tinhso.core.people import actions as people
from tinhso.core.people.rules import Number
from tinhso.kit.text import slug
from tinhso.systems.accounts.actions.invitations import invite_many
from tinhso.systems.accounts.models import Staff
from tinhso.systems.accounts.queries.decide import Deciding, Decision
from tinhso.systems.accounts.queries.known import Known, read
from tinhso.systems.accounts.rules.table import Line

_CODE = 50


def write_group(
    deciding: Deciding, lines: Sequence[Line], asked: Mapping[str, Any], run_id: UUID
) -> list[Decision]:
    """Decide and do some lines, in the caller's transaction; the decisions in the order of the lines.

    First who is new, then everything else with them known: a second line of somebody new finds the first one's person.
    """
    known = read(lines, deciding.places)
    batch, ground = Batch(), f"Danh sách {asked['name']}"
    decisions = [deciding.decide(line, known) for line in lines]
    _add_people(batch, deciding.actor, decisions, known)
    again = [n for n, d in enumerate(decisions) if d.person_id is None and not d.faults]
    for n in again:  # a second line of somebody made just now
        decisions[n] = deciding.decide(lines[n], known)
    good = [d for d in decisions if not d.faults]
    _make_posts(deciding, good, known)
    _settle_twice(good)
    _people_known(batch, deciding.actor, good)
    _hold(batch, deciding, good, ground)
    _accounts(batch, deciding.actor, good, asked, run_id)
    batch.send()
    return decisions


def _add_people(batch: Batch, actor: Actor, decisions: Sequence[Decision], known: Known) -> None:
    seen: set[str] = set()
    new = []
    for d in decisions:
        keys = {d.line.number, f"cb:{d.line.staff_code}" if d.line.staff_code else ""} - {""}
        if d.faults or d.person_id is not None or keys & seen:
            continue
        seen |= keys
        new.append(d)
    made = people.add_people(
        batch, actor=actor, rows=[
            people.Newcomer(
                d.line.full_name, d.line.birth, d.line.sex, d.line.phone, d.line.email,
                Number(d.line.number_kind, d.line.number) if d.line.number else None,
            ) for d in new
        ],
    )  # fmt: skip
    for d, person in zip(new, made, strict=True):
        d.person_id = person.id
        known.people[person.id] = person
        if d.line.number:
            known.by_number[d.line.number] = person.id
            known.numbers[person.id] = {d.line.number_kind: d.line.number}
        if d.line.staff_code:
            known.by_staff[d.line.staff_code] = person.id
            known.staff[person.id] = d.line.staff_code


def _make_posts(deciding: Deciding, decisions: Sequence[Decision], known: Known) -> None:
    for d in decisions:
        if d.post is not None or d.unit is None:
            continue
        found = known.post(d.unit, d.line.post)
        if found is None:
            found = _new_post(deciding, d, known)
        d.post = found


def _new_post(deciding: Deciding, d: Decision, known: Known) -> Post:
    assert d.unit is not None  # noqa: S101  asked by the caller
    taken = {p.code for p in known.posts.get(d.unit.id, ())}
    base = slug(d.line.post)[:_CODE] or "vi-tri"
    code = next(c for n in range(1, len(taken) + 2) if (c := base if n == 1 else f"{base}-{n}") not in taken)
    made = orgs.create_post(actor=deciding.actor, unit_id=d.unit.id, code=code, title=d.line.post)
    made.unit = d.unit
    if d.role:
        access.assign_role(actor=deciding.actor, post_id=made.id, role=d.role)
    known.posts.setdefault(d.unit.id, []).append(made)
    return made


def _settle_twice(decisions: Sequence[Decision]) -> None:
    """What two lines of a group ask for both is done once."""
    held: set[tuple[Any, Any]] = set()
    named: set[Any] = set()
    coded: set[Any] = set()
    for d in decisions:
        place = (d.person_id, d.post.id if d.post else None)
        if d.step.do and place in held:
            d.step = type(d.step)()
        elif d.step.do:
            held.add(place)
        if d.username and d.person_id in named:
            d.username = ""
        elif d.username:
            named.add(d.person_id)
        if d.add_staff and d.person_id in coded:
            d.add_staff = False
        elif d.add_staff:
            coded.add(d.person_id)


def _people_known(batch: Batch, actor: Actor, decisions: Sequence[Decision]) -> None:
    Staff.objects.bulk_create(
        Staff(person_id=d.person_id, code=d.line.staff_code) for d in decisions if d.add_staff and d.person_id
    )
    numbers = [
        (d.person_id, Number(d.line.number_kind, d.line.number))
        for d in decisions
        if d.add_number and d.person_id
    ]
    people.add_numbers(batch, actor=actor, rows=list(dict.fromkeys(numbers)))
    told: dict[UUID, dict[str, str]] = {}
    for d in decisions:
        if d.contacts and d.person_id:
            told.setdefault(d.person_id, {}).update(d.contacts)
    for person_id, changes in told.items():
        people.keep_up(batch, actor=actor, person_id=person_id, changes=changes)


def _hold(batch: Batch, deciding: Deciding, decisions: Sequence[Decision], ground: str) -> None:
    rows = [
        access.Joining(d.person_id, d.post, d.step.first, d.step.end)
        for d in decisions
        if d.step.do == "add" and d.person_id and d.post and d.step.first
    ]
    access.appoint_many(batch, actor=deciding.actor, rows=rows, ground=ground, giving=deciding.giving)
    for d in decisions:
        if d.step.do == "end" and d.step.id and d.step.end:
            access.end_holding(actor=deciding.actor, holding_id=d.step.id, on=d.step.end, ground=ground)


def _accounts(
    batch: Batch, actor: Actor, decisions: Sequence[Decision], asked: Mapping[str, Any], run_id: UUID
) -> None:
    new = [d for d in decisions if d.username and d.person_id]
    made = people.add_accounts(
        batch, actor=actor, rows=[(d.person_id, d.username) for d in new if d.person_id]
    )
    emails = {d.person_id: d.line.email for d in new}
    units = {d.person_id: d.unit.id for d in new if d.unit}
    invite_many(
        batch,
        actor=actor,
        rows=[(a, units.get(a.person_id), emails.get(a.person_id, "")) for a in made],
        send=bool(asked.get("invite", True)),
    )
