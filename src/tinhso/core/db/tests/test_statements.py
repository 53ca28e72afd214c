"""Statements sent together: one transaction with what Django sends, errors as Django's, COMMIT with the last."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from psycopg.pq import TransactionStatus

from tinhso.core.db.batch import Batch, StaleRowError
from tinhso.core.db.models import Series
from tinhso.core.db.statements import prepared, send

ONE = b"SELECT $1::int + 1"
INSERT = b"INSERT INTO db_series (key, last) VALUES ($1, $2)"
ORPHAN = (
    b"INSERT INTO cases_act (case_id, seq, kind, at, actor, data, effects, facts, hash)"
    b" VALUES ($1, 1, 'x', now(), '{}', '{}', '[]', '{}', '')"
)


def status() -> TransactionStatus:
    return TransactionStatus(connection.connection.pgconn.transaction_status)


def answer(sql: bytes, *values: Any) -> Any:
    found = prepared(sql, values).fetchone()
    return found and found[0]


def there() -> set[str]:
    return set(Series.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_several_statements_are_answered_in_order_and_see_one_another() -> None:
    with transaction.atomic():
        sent = send([(INSERT, ["a", 1]), (ONE, [4]), (b"SELECT last FROM db_series WHERE key = $1", ["a"])])
    assert [c.fetchall() for c in sent[1:]] == [[(5,)], [(1,)]]


@pytest.mark.django_db
def test_an_error_is_djangos_and_the_statement_works_the_next_time() -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        send([(b"SELECT nothing FROM nowhere", []), (ONE, [1])])
    with pytest.raises(IntegrityError), transaction.atomic():
        send([(INSERT, ["a", 1]), (INSERT, ["a", 2]), (ONE, [1])])
    assert answer(ONE, 1) == 2
    assert there() == set()


@pytest.mark.django_db(transaction=True)
def test_it_begins_the_transaction_that_django_ends() -> None:
    with transaction.atomic():
        prepared(INSERT, ["a", 1])
        Series.objects.create(key="b", last=1)
        assert status() == TransactionStatus.INTRANS
    assert status() == TransactionStatus.IDLE
    assert there() == {"a", "b"}
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        prepared(INSERT, ["c", 1])
        raise ZeroDivisionError
    assert there() == {"a", "b"}


@pytest.mark.django_db(transaction=True)
def test_commit_goes_along_with_the_last_of_the_outermost_block_only() -> None:
    with transaction.atomic():
        with transaction.atomic():
            send([(INSERT, ["a", 1])], last=True)
        assert status() == TransactionStatus.INTRANS
        send([(INSERT, ["b", 1])], last=True)
        assert status() == TransactionStatus.IDLE
    told: list[set[str]] = []
    with transaction.atomic():
        transaction.on_commit(lambda: told.append(there()))
        send([(INSERT, ["c", 1])], last=True)
        assert told == []
    assert told == [{"a", "b", "c"}]


@pytest.mark.django_db(transaction=True)
def test_what_must_hit_and_does_not_stops_the_commit_that_is_on_its_way() -> None:
    batch = Batch()
    batch.insert(Series, key="a", last=1)
    batch.update(Series, {"key": "nobody"}, must_hit=True, last=2)
    batch.insert(Series, key="b", last=1)
    with pytest.raises(StaleRowError), transaction.atomic():
        batch.send(last=True)
    assert there() == set()
    assert status() == TransactionStatus.IDLE


@pytest.mark.django_db(transaction=True)
def test_a_check_at_the_end_of_the_transaction_is_an_error_of_the_block() -> None:
    """Foreign keys are looked at when the transaction ends: the COMMIT that went along brings the error."""
    with pytest.raises(IntegrityError), transaction.atomic():
        send([(ORPHAN, [UUID(int=1)])], last=True)
    assert status() == TransactionStatus.IDLE
    assert answer(b"SELECT count(*) FROM cases_act") == 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_cut_by_the_server_is_an_error_and_the_next_one_works() -> None:
    with pytest.raises(OperationalError):
        prepared(b"SELECT pg_terminate_backend(pg_backend_pid())", [])
    connection.close()
    assert answer(ONE, 1) == 2
