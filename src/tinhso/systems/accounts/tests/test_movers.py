"""When a post ends its rights end that minute, wherever they were used."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from tinhso.core.access import actions as access
from tinhso.core.access.models import Delegation, Holding
from tinhso.core.access.queries import actor_for_account, colleagues, people_with_role, standing_of_person
from tinhso.core.api.actions import make_token
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.actions import Thing
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind
from tinhso.core.testing.province import FROM
from tinhso.kit.errors import Forbidden, NotFound, Refusal
from tinhso.systems.accounts.queries import movers as queries
from tinhso.systems.accounts.tests.conftest import SYSTEM


@pytest.fixture
def chair(province):
    """The chair of Phường I: account and holding."""
    account = province.account("chair")
    return account, Holding.objects.get(person_id=account.person_id)


def end(held, at=None):
    return access.end_holding_at(actor=SYSTEM, holding_id=held.id, at=at)


def test_a_session_has_no_rights_from_the_next_request_on(browser, chair):
    account, held = chair
    client = browser(account)
    page = reverse("onestop:staff_list")
    assert client.get(page).status_code == 200
    end(held)
    assert client.get(page).status_code == 403


def test_a_key_of_the_account_has_none_either(client, chair):
    account, held = chair
    key = make_token(account_id=account.id, name="thử", actor=SYSTEM)
    head = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    path = "/api/v1/onestop/cases"
    before = client.get(path, **head).status_code
    assert actor_for_account(account.id).is_staff
    end(held)
    assert before == 200
    assert not actor_for_account(account.id).is_staff
    assert client.get(path, **head).json()["items"] == []


def test_what_was_lent_ends_for_the_delegate(province, chair):
    account, held = chair
    other = province.officer("document_clerk")
    today = timezone.localdate()
    Delegation.objects.create(
        giver_id=account.person_id, post=held.post, delegate_id=other.person_id, form="tuq", ground="x",
        valid=DateRange(today, today + timedelta(days=5)),
    )  # fmt: skip
    assert len(standing_of_person(other.person_id).lent) == 1
    end(held)
    assert standing_of_person(other.person_id).lent == ()


def test_a_running_list_stops_at_its_next_thing(province, chair):
    account, held = chair
    done = []

    def one(item):
        done.append(item.key)
        end(held)
        return ""

    WORK_KINDS._items["t.leave"] = WorkKind("t.leave", lambda steps: steps.each(one) or {})
    try:
        actor = province.actor(account)
        run = runs.start(kind="t.leave", title="x", actor=actor, things=[Thing(str(n)) for n in range(3)])
        runs.work(run.id)
    finally:
        del WORK_KINDS._items["t.leave"]
    run.refresh_from_db()
    assert (run.state, done) == ("failed", ["0"])
    assert "không còn giữ" in run.error


def test_at_a_moment_to_come_rights_last_until_then(chair, monkeypatch):
    account, held = chair
    moment = timezone.now() + timedelta(hours=3)
    end(held, at=moment)
    assert actor_for_account(account.id).is_staff
    assert Holding.objects.filter(id=held.id).first().valid_to > timezone.localdate()
    later = moment + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert not actor_for_account(account.id).is_staff
    assert colleagues([held.post.unit_id], role="chair") == []
    assert people_with_role(held.post.unit_id, "chair") == []


def test_ended_on_the_first_day_and_held_again_the_same_day(province, chair):
    account, held = chair
    Holding.objects.filter(id=held.id).update(valid_from=timezone.localdate())
    end(held)
    with pytest.raises(Refusal, match="đã thôi"):
        end(held)
    access.appoint(
        actor=SYSTEM, person_id=account.person_id, post_id=held.post_id, valid_from=timezone.localdate()
    )
    assert actor_for_account(account.id).is_staff


def test_the_database_refuses_an_end_before_the_start(chair):
    _account, held = chair
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.filter(id=held.id).update(valid_to=FROM - timedelta(days=1), ended_at=timezone.now())


def test_a_move_is_both_or_neither(province, admin, chair):
    account, held = chair
    target = province.units["H30.41.26"].posts.get(code="document_clerk")
    with pytest.raises(Refusal):
        access.move(actor=admin, holding_id=held.id, post_id=held.post_id, on=timezone.localdate())
    access.move(actor=admin, holding_id=held.id, post_id=target.id, on=timezone.localdate(), ground="QĐ 12")
    assert [p.title for p in standing_of_person(account.person_id).posts] == ["Văn thư"]
    found = queries.starting(admin).rows[0]
    assert (found.held.post_id, found.other.id) == (target.id, held.id)


def test_leaving_ends_every_post_or_none(province, unit_admin, admin, chair):
    account, _held = chair
    far = province.units["H30.41.26"].posts.get(code="document_clerk")
    access.appoint(actor=SYSTEM, person_id=account.person_id, post_id=far.id, valid_from=FROM)
    with pytest.raises(Forbidden, match="đơn vị khác"):
        access.leave(actor=unit_admin, person_id=account.person_id)
    assert len(standing_of_person(account.person_id).posts) == 2
    assert access.leave(actor=admin, person_id=account.person_id) == 2
    assert standing_of_person(account.person_id).posts == ()


def test_each_sees_the_people_of_own_units_only(province, unit_admin, admin):
    mine, all_of_them = queries.here(unit_admin).rows, queries.here(admin).rows
    assert {m.held.post.unit.path[:9] for m in mine} == {province.commune.path[:9]}
    assert all(m.held.post.unit.path.startswith(province.commune.path) for m in mine)
    assert len(mine) < len(all_of_them)
    far = next(m.held for m in all_of_them if not m.held.post.unit.path.startswith(province.commune.path))
    with pytest.raises(NotFound):
        queries.holding(far.id, actor=unit_admin)
    assert all(p.unit.path.startswith(province.commune.path) for p in queries.posts(unit_admin, "chủ tịch"))


def test_the_pages(province, browser, chair):
    _account, held = chair
    client = browser(province.administrator)
    for address in ("", "?ds=den", "?ds=di", "?q=le"):
        assert client.get(f"/tai-khoan/bien-dong/{address}").status_code == 200
    for act in ("thoi", "nghi", "chuyen"):
        assert client.get(f"/tai-khoan/bien-dong/{held.id}/{act}/").status_code == 200
    answer = client.post(f"/tai-khoan/bien-dong/{held.id}/thoi/", {"on": "01/01/2020"})
    assert answer.status_code == 422
    assert client.post(f"/tai-khoan/bien-dong/{held.id}/thoi/", {"ground": "QĐ 1"}).status_code == 302
    held.refresh_from_db()
    assert held.ended_at is not None
