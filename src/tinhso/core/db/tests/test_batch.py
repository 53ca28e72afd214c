"""Many writes in one round trip, all or nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tinhso.core.db.batch import Batch, StaleRowError, _groups
from tinhso.core.db.models import Series
from tinhso.core.events.models import Delivery, Event

pytestmark = pytest.mark.django_db


def _rows() -> dict[str, int]:
    return dict(Series.objects.values_list("key", "last"))


def test_inserts_and_updates_go_together_in_order():
    with transaction.atomic():
        batch = Batch()
        batch.insert(Series, key="a", last=1)
        batch.insert(Series, key="b", last=1)
        batch.update(Series, {"key": "a"}, last=5)
        batch.execute("UPDATE db_series SET last = last + %s WHERE key = %s", [2, "a"])
        assert _rows() == {}
        batch.send()
    assert _rows() == {"a": 7, "b": 1}


def test_json_and_null_values_arrive_as_they_are():
    data, key = {"x": [1, None, "ễ"], "n": {}}, uuid4()
    with transaction.atomic():
        batch = Batch()
        batch.insert(Event, id=key, at=timezone.now(), name="n", subject_id="s", data=data)
        batch.send()
    assert Event.objects.get(id=key).data == data


def test_an_update_that_must_hit_and_does_not_is_stale_and_undoes_everything():
    Series.objects.create(key="a", last=1)
    batch = Batch()
    batch.insert(Series, key="b", last=1)
    batch.update(Series, {"key": "a", "last": 9}, must_hit=True, last=10)
    with pytest.raises(StaleRowError), transaction.atomic():
        batch.send()
    assert _rows() == {"a": 1}


def test_an_update_that_may_miss_is_no_error():
    with transaction.atomic():
        batch = Batch()
        batch.update(Series, {"key": "nobody"}, last=1)
        batch.send()


@pytest.mark.parametrize(
    ("values", "error"),
    [({"key": "a", "last": 2}, IntegrityError), ({"key": "x" * 300, "last": 1}, DataError)],
)
def test_a_database_error_is_djangos_and_the_connection_goes_on(values, error):
    Series.objects.create(key="a", last=1)
    batch = Batch()
    batch.insert(Series, key="b", last=1)
    batch.insert(Series, **values)
    batch.insert(Series, key="c", last=1)
    with pytest.raises(error), transaction.atomic():
        batch.send()
    assert _rows() == {"a": 1}


def test_sending_twice_writes_once():
    with transaction.atomic():
        batch = Batch()
        batch.insert(Series, key="a", last=1)
        batch.send()
        batch.send()
    assert _rows() == {"a": 1}


def test_it_is_one_round_trip_however_many_writes():
    """The pipeline syncs once; Django's own query log sees none of the statements."""
    with transaction.atomic():
        batch = Batch()
        for number in range(20):
            batch.insert(Series, key=str(number), last=number)
        with CaptureQueriesContext(connection) as seen:
            batch.send()
    assert len(seen) == 0
    assert Series.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_it_refuses():
    batch = Batch()
    batch.insert(Series, key="a", last=1)
    with pytest.raises(RuntimeError):
        batch.send()


def test_the_server_keeps_the_statements_prepared():
    for number in (1, 2):
        with transaction.atomic():
            batch = Batch()
            batch.update(Series, {"last": number, "key": "prepared"}, last=0)
            batch.send()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
            """ WHERE statement LIKE 'UPDATE "db_series"%WHERE "last" =%'"""
        )
        assert cursor.fetchall() == [(2,)]


def test_neighbours_are_one_statement_and_what_must_follow_is_another():
    writes = Batch()
    writes.insert(Series, key="a", last=1)
    writes.insert(Event, id=uuid4(), at=timezone.now(), name="n", subject_id="s", data={})
    writes.insert(Series, key="b", last=1)
    writes.update(Series, {"key": "a"}, last=2)  # must see the row added before
    writes.update(Event, {"subject_id": "s"}, name="m")
    writes.execute("UPDATE db_series SET last = last + 1", [])
    writes.execute("UPDATE db_series SET last = last + %s WHERE key = %s", [1, "a"], changes="a")
    writes.execute("UPDATE db_series SET last = last + %s WHERE key = %s", [1, "b"], changes="b")
    writes.execute("UPDATE db_series SET last = last + %s WHERE key = %s", [1, "b"], changes="b")
    assert [len(group) for group in _groups(writes._writes)] == [3, 2, 1, 2, 1]
    with transaction.atomic():
        writes.send()
    assert _rows() == {"a": 4, "b": 4}
    assert Event.objects.get(subject_id="s").name == "m"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_which_of_several_misses_does_not_matter(number):
    Series.objects.bulk_create([Series(key="1", last=1), Series(key="2", last=1), Series(key="3", last=1)])
    Series.objects.filter(key=str(number)).delete()
    batch = Batch()
    for key in "123":
        batch.execute("UPDATE db_series SET last = 9 WHERE key = %s", [key], must_hit=True, changes=key)
    with pytest.raises(StaleRowError), transaction.atomic():
        batch.send()
    assert 9 not in _rows().values()


def test_a_row_can_be_made_from_what_a_change_returns():
    Series.objects.create(key="a", last=4)
    change = "UPDATE db_series SET last = last + %s WHERE key = %s RETURNING last"
    copy = "INSERT INTO db_series (key, last) SELECT %s, last FROM {source}"
    with transaction.atomic():
        batch = Batch()
        batch.insert_from(change, copy, [1, "a", "copy"], adds="copy", changes="a")
        batch.send()
    assert _rows() == {"a": 5, "copy": 5}
    batch = Batch()
    batch.insert_from(change, copy, [1, "nobody", "other"], adds="other", changes="nobody")
    with pytest.raises(StaleRowError), transaction.atomic():
        batch.send()


@pytest.mark.parametrize("last", [None, 1])
def test_an_empty_value_is_the_same_statement(last):
    when = timezone.now() if last else None
    with transaction.atomic():
        batch = Batch()
        batch.update(Delivery, {"error": "nobody's"}, done_at=when)
        batch.send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%done_at%error%'")
        assert cursor.fetchone() == (1,)
