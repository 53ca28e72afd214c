"""Who is away, who may say so, and who may stand in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tinhso.core.access import actions, queries
from tinhso.core.access.models import Absence
from tinhso.core.access.tests.office import Office, account, appoint, make, post
from tinhso.core.audit.models import Entry
from tinhso.kit.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make()


def day(n: int = 0) -> date:
    return timezone.localdate() + timedelta(days=n)


def away(office: Office, by: Any = None, **more: Any) -> Absence:
    values = {
        "person_id": office.clerk.person_id,
        "first_day": day(),
        "last_day": day(3),
        "kind": "sick",
    } | more
    return actions.record_absence(actor=queries.actor_for_account((by or office.clerk).id), **values)


def code(call: Any) -> str:
    with pytest.raises(Refusal) as caught, transaction.atomic():
        call()
    return caught.value.code


def test_oneself_with_a_substitute(office: Office) -> None:
    row = away(office, substitute_id=office.chair.person_id, first_day=day(-2))
    assert queries.away_on([office.clerk.person_id, office.chair.person_id]) == {office.clerk.person_id: row}
    assert queries.away_on([office.clerk.person_id], day(4)) == {}
    assert queries.stood_in_for(queries.actor_for_account(office.chair.id)) == [row]
    assert queries.my_absences(queries.actor_for_account(office.clerk.id)).rows == [row]
    entry = Entry.objects.get(act="access.record_absence")
    assert entry.data["substitute"] == str(office.chair.person_id)


def test_heads_and_administrators_for_others(office: Office) -> None:
    head = account("phutrach", "Đỗ Văn Gia", "093070000009")
    appoint(head.person, post(office.units.desk, "head", "centre_head"))
    row = away(office, by=head)
    assert queries.absences_of_units(queries.actor_for_account(head.id)) == [row]
    assert queries.absence(row.id, actor=queries.actor_for_account(head.id)) == row
    assert queries.absences_of_units(queries.actor_for_account(office.chair.id)) == []
    with pytest.raises(NotFound):
        queries.absence(row.id, actor=queries.actor_for_account(office.chair.id))
    away(office, by=office.admin, person_id=office.chair.person_id)
    for stranger in (office.chair, office.citizen):
        with pytest.raises(Forbidden):
            away(office, by=stranger, first_day=day(10), last_day=day(11))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"last_day": date(2020, 1, 1)}, "ends_first"),
        ({"first_day": date(2020, 1, 1), "last_day": date(2020, 1, 2)}, "past"),
        ({"kind": "bored"}, "no_kind"),
    ],
)
def test_what_cannot_be(office: Office, more: dict[str, Any], expected: str) -> None:
    assert code(lambda: away(office, **more)) == expected


def test_substitutes_that_cannot_be(office: Office) -> None:
    assert code(lambda: away(office, substitute_id=office.clerk.person_id)) == "to_oneself"
    assert code(lambda: away(office, substitute_id=office.citizen.person_id)) == "outside"
    assert code(lambda: away(office, substitute_id=office.admin.person_id)) == "outside"
    away(office, by=office.admin, person_id=office.chair.person_id, first_day=day(3), last_day=day(9))
    assert code(lambda: away(office, substitute_id=office.chair.person_id)) == "away_too"
    assert code(lambda: away(office, by=office.admin, person_id=office.citizen.person_id)) == "not_staff"


def test_one_absence_at_a_time(office: Office) -> None:
    row = away(office)
    assert code(lambda: away(office, first_day=day(3), last_day=day(5))) == "overlaps"
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(person=office.clerk.person, kind="leave", valid=(day(1), day(2)))
    me = queries.actor_for_account(office.clerk.id)
    back = actions.end_absence(actor=me, absence_id=row.id, on=day(1))
    assert (back.first_day, back.last_day) == (day(), day())
    away(office, first_day=day(1), last_day=day(2))


def test_back_before_it_began_calls_it_off_and_twice_is_once(office: Office) -> None:
    row = away(office, first_day=day(5), last_day=day(6))
    me = queries.actor_for_account(office.clerk.id)
    with pytest.raises(Forbidden):
        actions.end_absence(actor=queries.actor_for_account(office.chair.id), absence_id=row.id)
    actions.end_absence(actor=me, absence_id=row.id)
    actions.end_absence(actor=me, absence_id=row.id)
    assert queries.my_absences(me).rows == []
    assert Entry.objects.filter(act="access.end_absence").count() == 1
