"""The log of acts is one whole, and whoever changes it is found at the first place that does not hold."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.audit.actions import read_of_person, record, seal_day
from tinhso.core.audit.models import Entry, Lane
from tinhso.core.audit.queries import entries_of, reads_of, verify
from tinhso.core.audit.rules import digest
from tinhso.core.db.batch import Batch, StaleRowError
from tinhso.core.testing.race import race

ACTOR = system_actor("test")


def _act(number: int = 0, **data) -> None:
    with transaction.atomic():
        batch = Batch()
        record(
            batch,
            act="t.do",
            object_kind="thing",
            object_id=str(number),
            actor=ACTOR,
            data=data or {"n": number},
        )
        batch.send()


def _behind_our_back(sql: str, *params) -> None:
    """Change the log as somebody would who holds the database: triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(sql, params)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def ten(db) -> list[Entry]:
    for number in range(10):
        _act(number, text="Đăng ký khai sinh", money="8000", nested={"b": [1, None], "a": True})
    return list(Entry.objects.order_by("seq"))


@pytest.mark.django_db
def test_an_untouched_log_is_whole(ten):
    found = verify()
    assert (found.entries, found.breaks) == (10, ())
    call_command("verify_audit")


TAMPERING = {
    "data": ("UPDATE audit_entry SET data = jsonb_set(data, '{money}', '\"0\"') WHERE id = %s", "nội dung"),
    "act": ("UPDATE audit_entry SET act = 'x.y' WHERE id = %s", "nội dung"),
    "actor": ('UPDATE audit_entry SET actor = \'{"name": "Ai đó"}\' WHERE id = %s', "nội dung"),
    "time": ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = %s", "nội dung"),
    "object": ("UPDATE audit_entry SET object_id = 'other' WHERE id = %s", "nội dung"),
    "digest": ("UPDATE audit_entry SET digest = sha256('x') WHERE id = %s", "nội dung"),
    "hash": ("UPDATE audit_entry SET hash = sha256('x') WHERE id = %s", "không nối"),
    "seq": ("UPDATE audit_entry SET seq = seq + 100 WHERE id = %s", "thiếu mục"),
    "removed": ("DELETE FROM audit_entry WHERE id = %s", "thiếu mục"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", TAMPERING)
def test_the_first_broken_link_is_named(ten, kind):
    sql, words = TAMPERING[kind]
    _behind_our_back(sql, ten[4].id)
    (found,) = verify().breaks
    assert found.seq == 5
    assert found.lane == ten[4].lane
    assert words in found.what
    if kind not in ("removed", "seq"):
        assert found.entry == ten[4].id
    with pytest.raises(CommandError):
        call_command("verify_audit", stderr=open("/dev/null", "w"))  # noqa: SIM115


@pytest.mark.django_db
def test_content_and_digest_changed_together_do_not_fit_the_chain(ten):
    entry = ten[4]
    forged = digest(entry.at, entry.act, entry.object_kind, entry.object_id, entry.actor, {"money": "0"})
    _behind_our_back(
        'UPDATE audit_entry SET data = \'{"money": "0"}\', digest = %s WHERE id = %s', forged, entry.id
    )
    (found,) = verify().breaks
    assert (found.seq, found.entry) == (5, entry.id)
    assert "không nối" in found.what


@pytest.mark.django_db
def test_a_removed_tail_is_missed_by_the_head(ten):
    _behind_our_back("DELETE FROM audit_entry WHERE seq > 7")
    (found,) = verify().breaks
    assert found.entry is None
    assert "10 mục nhưng chỉ còn 7" in found.what


@pytest.mark.django_db
def test_a_chain_rewritten_with_its_head_is_caught_by_the_seal(ten):
    seal_day(date(2026, 11, 20), lambda mark: b"token")
    lane = ten[0].lane
    _behind_our_back("DELETE FROM audit_entry WHERE seq > 7")
    _behind_our_back("UPDATE audit_lane SET seq = 7, hash = %s WHERE id = %s", bytes(ten[6].hash), lane)
    (found,) = verify().breaks
    assert (found.lane, found.seq) == (lane, 10)
    assert "20/11/2026" in found.what


@pytest.mark.django_db
def test_a_changed_seal_is_found(ten):
    seal = seal_day(date(2026, 11, 20), lambda mark: b"token")
    heads = seal.heads | {"0": "1:" + "00" * 32}
    type(seal).objects.filter(id=seal.id).update(heads=heads)
    assert any("niêm phong" in b.what for b in verify().breaks)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"])
def test_the_application_itself_cannot_change_or_remove_an_entry(ten, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert verify().entries == 10


@pytest.mark.django_db
def test_an_act_that_is_undone_leaves_no_entry_and_no_gap(ten):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        batch = Batch()
        record(batch, act="t.do", object_kind="thing", object_id="x", actor=ACTOR)
        batch.send()
        raise ZeroDivisionError
    _act(11)
    assert verify().breaks == ()
    assert not entries_of("thing", "x").exists()


@pytest.mark.django_db
def test_an_act_that_cannot_be_logged_is_refused():
    Lane.objects.all().delete()
    with pytest.raises(StaleRowError):
        _act()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_keep_every_lane_whole():
    def write() -> None:
        for number in range(15):
            try:
                with transaction.atomic():
                    batch = Batch()
                    record(batch, act="t.race", object_kind="thing", object_id=str(number), actor=ACTOR)
                    batch.send()
                    if number % 5 == 4:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                continue

    assert race(*[write] * 6) == [None] * 6
    found = verify()
    assert (found.entries, found.breaks) == (6 * 12, ())
    assert Lane.objects.filter(seq__gt=0).count() >= 1


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcđê", max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


class AnyContent(TestCase):
    @given(
        contents=st.lists(
            st.dictionaries(st.text("abcxyz", min_size=1, max_size=5), JSON, max_size=4),
            min_size=1,
            max_size=6,
        ),
        spot=st.integers(0, 5),
    )
    @settings(max_examples=15, deadline=None)
    def test_whatever_is_logged_verifies_and_any_other_content_does_not(self, contents, spot):
        _behind_our_back("DELETE FROM audit_entry")
        Lane.objects.update(seq=0, hash=bytes(32))
        for content in contents:
            _act(**content)
        assert verify().breaks == ()
        victim = Entry.objects.order_by("seq")[spot % len(contents)]
        _behind_our_back("UPDATE audit_entry SET data = data || '{\"inserted\": 1}' WHERE id = %s", victim.id)
        (found,) = verify().breaks
        assert (found.seq, found.entry) == (victim.seq, victim.id)


@pytest.mark.django_db
def test_reads_of_a_persons_data_are_kept_and_ones_own_are_not():
    me, other = uuid4(), uuid4()
    actor = Actor(person_id=me, name="Lê Thu", post_title="Cán bộ tiếp nhận")
    read_of_person(me, actor=actor, purpose="Xem")
    read_of_person(
        other, actor=actor, purpose="Giải quyết hồ sơ", ground="Luật", subject_kind="case", subject_id="1"
    )
    assert not reads_of(me).exists()
    (row,) = reads_of(other)
    assert (row.reader_id, row.reader_name, row.subject_id) == (me, "Lê Thu, Cán bộ tiếp nhận", "1")
