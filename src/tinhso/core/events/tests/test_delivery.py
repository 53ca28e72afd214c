"""Events reach every handler at least once, with the change they tell of, and a broken handler stops nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tinhso.core.db import series
from tinhso.core.db.batch import Batch
from tinhso.core.db.models import Series
from tinhso.core.events import outbox
from tinhso.core.events.dispatch import MAX_ATTEMPTS, deliver_due, revive
from tinhso.core.events.models import Delivery, Event
from tinhso.core.events.tests import happenings
from tinhso.core.events.tests.happenings import Happened
from tinhso.core.testing.process import other
from tinhso.core.testing.race import race


@pytest.fixture(autouse=True)
def _own_handlers(monkeypatch):
    monkeypatch.setattr(outbox.HANDLERS, "_items", dict(outbox.HANDLERS._items))
    yield
    monkeypatch.undo()
    outbox.handlers_of.cache_clear()


def _emit(number: int = 1, text: str = "Đã nộp") -> None:
    with transaction.atomic():
        batch = Batch()
        outbox.emit(batch, Happened(number, text), subject_id=str(number))
        batch.send()


def _all_due_now() -> None:
    Delivery.objects.filter(done_at__isnull=True).update(next_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_every_handler_gets_the_event_as_it_was_with_a_key_of_its_own():
    got = []
    happenings.use(one=lambda e, key: got.append((e, key)), two=lambda e, key: got.append((e, key)))
    _emit(7, "Đã nộp")
    assert deliver_due() == 2
    assert [event for event, _ in got] == [Happened(7, "Đã nộp")] * 2
    event_id = Event.objects.get().id
    assert {key for _, key in got} == {f"{event_id}:t.one", f"{event_id}:t.two"}
    assert deliver_due() == 0


@pytest.mark.django_db
def test_a_handler_gets_only_the_events_it_wants():
    got = []
    happenings.use(one=lambda e, key: got.append(e.number), when=lambda e: e.number > 1)
    _emit(1)
    _emit(2)
    assert Delivery.objects.count() == 1
    assert deliver_due() == 1
    assert got == [2]


@pytest.mark.django_db
def test_what_a_handler_does_not_want_any_more_is_not_delivered():
    got = []
    happenings.use(one=lambda e, key: got.append(e.number))
    _emit(1)
    happenings.use(one=lambda e, key: got.append(e.number), when=lambda e: False)
    assert deliver_due() == 1
    assert got == []
    assert deliver_due() == 0


@pytest.mark.django_db
def test_an_event_of_an_undone_change_is_never_delivered():
    got = []
    happenings.use(one=lambda e, key: got.append(e))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _emit()
        raise ZeroDivisionError
    assert deliver_due() == 0
    assert got == []


@pytest.mark.django_db
def test_an_event_nobody_handles_is_kept():
    happenings.use()
    _emit()
    assert Event.objects.get().name == "Happened"
    assert deliver_due() == 0


@pytest.mark.django_db
def test_a_failing_handler_is_postponed_its_writes_undone_and_the_others_go_on():
    def fails(event: Happened, key: str) -> None:
        series.take("effect")
        raise ValueError("không gửi được")

    happenings.use(bad=fails, good=lambda e, key: series.take("good"))
    _emit()
    assert deliver_due() == 2
    bad = Delivery.objects.get(handler="t.bad")
    assert (bad.attempts, bad.dead, bad.done_at) == (1, False, None)
    assert "không gửi được" in bad.error
    assert bad.next_at > timezone.now()
    assert dict(Series.objects.values_list("key", "last")) == {"good": 1}
    assert deliver_due() == 0, "it waits before it tries again"


@pytest.mark.django_db
def test_waits_grow_then_it_is_dead_until_somebody_revives_it():
    calls = []

    def fails(event: Happened, key: str) -> None:
        calls.append(key)
        raise ValueError("hỏng")

    happenings.use(bad=fails)
    _emit()
    waits = []
    for _ in range(MAX_ATTEMPTS):
        _all_due_now()
        assert deliver_due() == 1
        waits.append(round((Delivery.objects.get().next_at - timezone.now()).total_seconds()))
    assert waits == sorted(waits)
    _all_due_now()
    assert deliver_due() == 0
    dead = Delivery.objects.get()
    assert dead.dead
    assert len(calls) == MAX_ATTEMPTS
    assert len(set(calls)) == 1, "the key stays the same, so a handler can know that it was here"

    happenings.use(bad=lambda e, key: calls.append("mended"))
    assert revive(dead.id)
    assert deliver_due() == 1
    assert calls[-1] == "mended"
    assert not revive(dead.id), "what is delivered is not dead"
    assert deliver_due() == 0


@pytest.mark.django_db
def test_a_handler_that_is_gone_or_an_event_that_no_longer_fits_waits_for_a_person():
    happenings.use(one=lambda e, key: None)
    _emit()
    happenings.use()
    assert deliver_due() == 1
    assert "t.one" in Delivery.objects.get().error
    happenings.use(one=lambda e, key: None)
    Event.objects.update(data={"number": "not a number"})
    _all_due_now()
    deliver_due()
    assert "ValidationError" in Delivery.objects.get().error


@pytest.mark.django_db
def test_fields_added_later_take_their_defaults():
    got = []
    happenings.use(one=lambda e, key: got.append(e))
    _emit()
    Event.objects.update(data={"number": 3, "of_a_newer_version": True})
    deliver_due()
    assert got == [Happened(3, "")]


@pytest.mark.django_db(transaction=True)
def test_dispatchers_at_the_same_moment_do_not_double():
    happenings.use(one=lambda e, key: series.take(f"handled:{e.number}"))
    for number in range(20):
        _emit(number)
    tried = race(*[deliver_due] * 4)
    assert sum(tried) == 20
    assert set(Series.objects.values_list("last", flat=True)) == {1}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_between_commit_and_handler_nothing_is_lost_and_nothing_doubled():
    happenings.use(count=lambda e, key: series.take(f"handled:{e.number}"))
    _emit(5)
    with other("tinhso.core.events.tests.happenings") as dispatcher:
        dispatcher.said("handled 5")
        assert deliver_due() == 0, "another holds it"
        dispatcher.kill()
    assert not Series.objects.exists()
    # The server notices the dead client when it next talks to it; until then the row stays locked.
    assert _deliver_soon() == 1
    assert Series.objects.get().last == 1
    assert Delivery.objects.get().done_at is not None


def _deliver_soon() -> int:
    import threading

    for _ in range(100):
        if found := deliver_due():
            return found
        threading.Event().wait(0.05)
    return 0
