"""The seal of a day: made once, stamped when the authority answers, and found again by the verification."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from tinhso.core.access.actor import system_actor
from tinhso.core.audit.actions import record, seal_day
from tinhso.core.audit.models import Seal
from tinhso.core.audit.queries import EntryFilter, entries, verify
from tinhso.core.db.batch import Batch

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


def _act(name: str, object_id: str = "x") -> None:
    with transaction.atomic():
        batch = Batch()
        record(batch, act=name, object_kind="thing", object_id=object_id, actor=system_actor("test"))
        batch.send()


def _away(_digest: bytes) -> bytes:
    raise ConnectionError("away")


def test_a_seal_is_kept_while_the_authority_is_away_and_stamped_later() -> None:
    _act("test.one")
    with pytest.raises(ConnectionError):
        seal_day(DAY, _away)
    first = Seal.objects.get(day=DAY)
    assert first.token is None
    _act("test.two")
    again = seal_day(DAY, lambda digest: b"token over " + digest)
    assert (again.id, again.heads) == (first.id, first.heads)
    assert bytes(again.token) == b"token over " + bytes(first.hash)
    assert seal_day(DAY, _away).id == first.id  # stamped already: the authority is not asked


def test_verification_tells_when_the_log_is_older_than_its_seal() -> None:
    _act("test.one")
    seal = seal_day(DAY, lambda digest: digest)
    assert verify().breaks == ()
    lane = next(lane for lane, head in seal.heads.items() if not head.startswith("0:"))
    seal.heads[lane] = seal.heads[lane].split(":")[0] + ":" + "00" * 32
    seal.save()
    assert verify().breaks


def test_entries_are_filtered_and_paged_by_key() -> None:
    for n in range(5):
        _act("test.many", f"object-{n}")
    _act("test.other")
    first = entries(EntryFilter(act="test.many"), size=3)
    assert [e.object_id for e in first.rows] == ["object-4", "object-3", "object-2"]
    rest = entries(EntryFilter(act="test.many"), size=3, cursor=first.next)
    assert [e.object_id for e in rest.rows] == ["object-1", "object-0"]
    assert rest.next == ""
    assert entries(EntryFilter(units=frozenset({"no-unit"}))).rows == []
