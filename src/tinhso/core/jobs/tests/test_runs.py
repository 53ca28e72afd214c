"""Long work: started with the change that asks for it, done step by step, stopped, resumed, watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.access.queries import actor_for_person
from tinhso.core.audit.models import Entry
from tinhso.core.db import series
from tinhso.core.db.models import Series
from tinhso.core.jobs import actions, queries
from tinhso.core.jobs.actions import Thing
from tinhso.core.jobs.models import Item, Run, RunState
from tinhso.core.jobs.runs import Outcome, Steps
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind
from tinhso.core.jobs.tests import kinds
from tinhso.core.testing.office import small_office
from tinhso.core.testing.race import race
from tinhso.core.testing.web import signed_in
from tinhso.kit.errors import NotFound, Refusal, Stale
from tinhso.kit.slots import SlotError
from tinhso.kit.uuid7 import uuid7

ME = Actor(person_id=uuid7(), name="Lê Thu")


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    monkeypatch.setattr(WORK_KINDS, "_items", dict(WORK_KINDS._items))
    kinds.use()


def _start(to: int = 7) -> Run:
    return actions.start(kind=kinds.KIND, title="Đếm", actor=ME, data={"to": to})


@pytest.mark.django_db
def test_it_is_queued_with_the_change_that_asks_for_it_and_audited():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _start()
        raise ZeroDivisionError
    assert not Run.objects.exists()
    assert not ProcrastinateJob.objects.exists()
    run = _start()
    assert ProcrastinateJob.objects.get().args == {"run_id": str(run.id)}
    assert Entry.objects.filter(object_id=str(run.id)).values_list("act", flat=True).get() == "jobs.start"


@pytest.mark.django_db
def test_work_is_done_step_by_step_to_its_result():
    run = _start(7)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.total, run.done, run.failed, run.percent) == (RunState.DONE, 7, 7, 1, 100)
    assert run.result == {"counted": 7}
    actions.work(run.id)
    assert set(Series.objects.values_list("last", flat=True)) == {1}, "delivered again it does nothing"


@pytest.mark.django_db
def test_stopped_work_keeps_what_is_done_and_goes_on_from_there():
    def stops(steps):
        if steps.cursor == 3:
            actions.cancel(steps.run_id, actor=ME)
        return kinds.count(steps)

    run = _start(6)
    Run.objects.filter(id=run.id).update(cursor=3, done=3)
    kinds.use(stops)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.CANCELLED, 3)
    assert not Series.objects.exists(), "the step that met the stop is undone"
    kinds.use()
    actions.resume(run.id, actor=ME)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, 6)
    assert sorted(Series.objects.values_list("key", flat=True)) == ["step:4", "step:5", "step:6"]


@pytest.mark.django_db
def test_failed_work_says_why_and_can_be_resumed():
    def breaks(steps):
        raise ValueError("tệp hỏng")

    kinds.use(breaks)
    run = _start(3)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "ValueError: tệp hỏng")
    kinds.use()
    actions.resume(run.id, actor=ME)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.DONE, "")


@pytest.mark.django_db
def test_what_is_over_cannot_be_stopped_and_what_runs_cannot_be_resumed():
    run = _start()
    with pytest.raises(Refusal):
        actions.resume(run.id, actor=ME)
    actions.work(run.id)
    with pytest.raises(Refusal):
        actions.cancel(run.id, actor=ME)


@pytest.mark.django_db
def test_only_who_asked_and_who_operates_may_see_and_stop():
    run = _start()
    with pytest.raises(NotFound):
        queries.run(run.id, actor=Actor(person_id=uuid7()))
    with pytest.raises(NotFound):
        actions.cancel(run.id, actor=Actor(person_id=uuid7()))
    assert queries.run(run.id, actor=system_actor("x")).id == run.id
    assert [r.id for r in queries.my_runs(ME).rows] == [run.id]


@pytest.mark.django_db
def test_an_unknown_kind_and_work_of_nobody_are_refused():
    with pytest.raises(SlotError):
        actions.start(kind="nothing", title="x", actor=ME)
    with pytest.raises(ValueError, match="belongs to the person"):
        actions.start(kind=kinds.KIND, title="x", actor=system_actor("x"))


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_run_do_it_once():
    run = _start(10)
    race(*[lambda: actions.work(run.id)] * 3)
    assert set(Series.objects.values_list("last", flat=True)) == {1}
    assert Run.objects.get(id=run.id).done == 10


LIST = "t.list"


def _list(*keys: str, **more) -> Run:
    return actions.start(kind=LIST, title="Ký", actor=ME, data={"x": 1}, things=map(Thing, keys), **more)


def _use_list(do) -> None:
    WORK_KINDS._items[LIST] = WorkKind(LIST, lambda steps: steps.each(do) or {})


def _told(run: Run) -> list[tuple[str, str, str]]:
    return list(run.items.order_by("position").values_list("key", "state", "message"))


@pytest.mark.django_db
def test_a_list_keeps_every_outcome_and_goes_on_after_a_refusal_and_after_a_break():
    broken: list[str] = []

    def do(item: Item) -> str:
        series.take(f"step:{item.key}")
        if item.key == "b":
            raise Refusal("no", "Không ký được")
        if item.key == "c" and not broken:
            broken.append(item.key)
            raise ConnectionError
        return "xong"

    _use_list(do)
    run = _list("a", "b", "c")
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (RunState.FAILED, 2, 1)
    actions.resume(run.id, actor=ME)
    actions.work(run.id)
    run.refresh_from_db()
    assert _told(run) == [("a", "done", "xong"), ("b", "refused", "Không ký được"), ("c", "done", "xong")]
    assert (run.state, run.total, run.done, run.failed, run.succeeded) == (RunState.DONE, 3, 3, 1, 2)
    assert dict(Series.objects.values_list("key", "last")) == {"step:a": 1, "step:c": 1}


@pytest.mark.django_db
def test_a_stopped_list_does_no_further_thing_and_goes_on_where_it_was():
    def stops(steps: Steps) -> dict:
        for (item,) in steps.groups(1):
            if item.key == "b":
                actions.cancel(run.id, actor=ME)
            with transaction.atomic():
                steps.settle([Outcome(item)])
        return {}

    WORK_KINDS._items[LIST] = WorkKind(LIST, stops)
    run = _list("a", "b", "c")
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.CANCELLED, 1)
    assert [state for _key, state, _told in _told(run)] == ["done", "waiting", "waiting"]
    _use_list(lambda item: "xong")
    actions.resume(run.id, actor=ME)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (RunState.DONE, 3, 0)


@pytest.mark.django_db
def test_what_was_refused_or_changed_can_be_tried_again_by_who_asked():
    def do(item: Item) -> str:
        if item.key == "a" and first:
            raise Refusal("no", "Chưa được")
        if item.key == "b" and first:
            raise Stale("stale", "Đã đổi")
        tries.append(item.key)
        return "xong"

    first, tries = [1], []
    _use_list(do)
    run = _list("a", "b", "c")
    with pytest.raises(Refusal):
        actions.retry(run.id, actor=ME)
    actions.work(run.id)
    assert queries.counts(run.id) == {"refused": 1, "changed": 1, "done": 1}
    first.clear()
    with pytest.raises(NotFound):
        actions.retry(run.id, actor=Actor(person_id=uuid7()))
    actions.retry(run.id, actor=ME)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.done, run.failed, queries.counts(run.id)) == (3, 1, {"done": 2, "changed": 1})
    actions.retry(run.id, actor=ME, changed=True)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.done, run.failed, run.data["anyway"], tries) == (3, 0, True, ["c", "a", "b"])
    with pytest.raises(Refusal, match="Không còn mục nào"):
        actions.retry(run.id, actor=ME)


@pytest.mark.django_db
def test_prepared_work_waits_for_its_confirmation_and_is_forgotten_without():
    _use_list(lambda item: "xong")
    run, other = _list("a", prepared=True), _list("a", prepared=True)
    assert not ProcrastinateJob.objects.exists()
    actions.work(run.id)
    assert _told(run) == [("a", "waiting", "")]
    actions.confirm(run.id, actor=ME, data={"y": 2})
    with pytest.raises(Refusal):
        actions.confirm(run.id, actor=ME, data={})
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.data) == (RunState.DONE, {"x": 1, "y": 2})
    assert [r.id for r in queries.my_runs(ME).rows] == [run.id]
    actions.forget_prepared(timezone.now() + timedelta(seconds=1))
    assert not Run.objects.filter(id=other.id).exists()


@pytest.mark.django_db
def test_work_is_done_in_the_post_it_was_asked_in_or_not_at_all():
    office = small_office()
    clerk = actor_for_person(office.clerk.person_id)
    seen: list[Actor] = []
    WORK_KINDS._items[LIST] = WorkKind(LIST, lambda steps: seen.append(steps.actor()) or {})
    run = actions.start(kind=LIST, title="x", actor=clerk)
    actions.work(run.id)
    assert (seen[0].post_id, seen[0].grants) == (clerk.post_id, clerk.grants)
    gone = actions.start(kind=LIST, title="x", actor=replace(clerk, post_id=uuid7()))
    actions.work(gone.id)
    gone.refresh_from_db()
    assert (gone.state, len(seen)) == (RunState.FAILED, 1)
    assert "không còn giữ vị trí" in gone.error


@pytest.mark.django_db
def test_the_page_shows_progress_and_its_buttons_work(client):
    office = small_office()
    actor = Actor(person_id=office.citizen.person_id)
    run = actions.start(kind=kinds.KIND, title="Xuất sổ", actor=actor, data={"to": 2})
    assert client.get(f"/cong-viec/{run.id}/").status_code == 302
    signed_in(client, office.citizen)
    html = client.get(f"/cong-viec/{run.id}/").content.decode()
    assert "hx-trigger" in html
    assert "http-equiv" in html
    assert "Dừng lại" in html
    assert client.post(f"/cong-viec/{run.id}/dung/").status_code == 302
    html = client.get(f"/cong-viec/{run.id}/").content.decode()
    assert "Chạy tiếp" in html
    assert "hx-trigger" not in html
    client.post(f"/cong-viec/{run.id}/chay-tiep/")
    actions.work(run.id)
    assert "Đã làm 2 trên 2" in client.get(f"/cong-viec/{run.id}/").content.decode()
    assert "Xuất sổ" in client.get("/cong-viec/").content.decode()
    signed_in(client, office.clerk)
    assert client.get(f"/cong-viec/{run.id}/").status_code == 404
