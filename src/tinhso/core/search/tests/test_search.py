"""What is found, by whom, in which order; and that it stays two queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.access.actor import VISITOR, Actor, Grant, system_actor
from tinhso.core.db.batch import Batch
from tinhso.core.search import actions
from tinhso.core.search.models import SearchEntry
from tinhso.core.search.queries import find
from tinhso.core.search.rules import question, scope_of, vector, words_of
from tinhso.core.search.slots import SEARCH_SOURCES, SearchSource
from tinhso.kit.slots import SlotError
from tinhso.kit.text import fold
from tinhso.kit.uuid7 import uuid7

SEE = "t.see"
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sources(monkeypatch):
    kinds = {
        "proc": SearchSource("proc", "Thủ tục", None, 1),
        "file": SearchSource("file", "Hồ sơ", SEE, 2),
    }
    monkeypatch.setattr(SEARCH_SOURCES, "_items", kinds)


def _staff(path: str, *, below: bool = False, person: UUID | None = None) -> Actor:
    grant = Grant("clerk", uuid7(), path, below, frozenset({SEE}))
    return Actor(person_id=person or uuid7(), grants=(grant,))


def _procedure(title: str, **more) -> None:
    actions.index(None, source="proc", key=title, title=title, url="/x/", scope=["public"], **more)


def _file(number: int, title: str, *, people=(), paths=()) -> None:
    actions.index(
        None,
        source="file",
        key=str(number),
        title=title,
        url=f"/hs/{number}/",
        scope=scope_of(people=people, paths=paths),
        at=START + timedelta(minutes=number),
    )


def _titles(found) -> list[str]:
    return [hit.title for group in found.groups for hit in group.hits]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["khai sinh", "KHAI SINH", "đăng ký khai sinh", "dang ky khai si", "sinh khai", " khai,  sinh! "]
)
def test_marks_case_order_and_an_unfinished_last_word_do_not_matter(typed):
    _procedure("Đăng ký khai sinh")
    _procedure("Đăng ký kết hôn")
    assert _titles(find(VISITOR, typed)) == ["Đăng ký khai sinh"]


@pytest.mark.django_db
def test_every_word_is_required_unless_nothing_holds_them_all():
    _procedure("Đăng ký khai sinh")
    _procedure("Đăng ký khai tử")
    strict = find(VISITOR, "khai tu")
    assert (_titles(strict), strict.loose) == (["Đăng ký khai tử"], False)
    loose = find(VISITOR, "giay khai sinh")
    assert loose.loose
    assert _titles(loose)[0] == "Đăng ký khai sinh"


@pytest.mark.django_db
def test_words_side_by_side_and_often_used_things_come_first():
    _procedure("Sinh hoạt văn hóa, khai mạc lễ hội, cấp phép cho người nước ngoài")
    _procedure("Đăng ký khai sinh có yếu tố nước ngoài")
    _procedure("Đăng ký khai sinh", rank=900)
    assert _titles(find(VISITOR, "khai sinh"))[:2] == [
        "Đăng ký khai sinh",
        "Đăng ký khai sinh có yếu tố nước ngoài",
    ]


@pytest.mark.django_db
def test_keywords_are_found_and_not_shown():
    _procedure("Đăng ký khai sinh", keywords="giấy khai sinh cho con")
    hit = find(VISITOR, "giay khai sinh").groups[0].hits[0]
    assert hit.title == "Đăng ký khai sinh"
    assert "giấy" not in hit.summary


@pytest.mark.django_db
def test_a_code_is_found_whole_and_by_its_parts():
    person = uuid7()
    _file(1, "H30.01-261121-0001 Nguyễn Văn An", people=[person])
    for typed in ("H30.01-261121-0001", "261121-0001", "h30.01 nguyen"):
        assert _titles(find(Actor(person_id=person), typed)) == ["H30.01-261121-0001 Nguyễn Văn An"]


@pytest.mark.django_db
def test_a_private_thing_is_found_by_its_people_and_by_the_units_that_serve_it():
    owner = uuid7()
    _file(1, "Lê Thị Hoa", people=[owner], paths=["H30.08.03"])
    finders = [
        Actor(person_id=owner),
        _staff("H30.08.03"),
        _staff("H30.08", below=True),
        _staff("H30", below=True),
    ]
    others = [
        VISITOR,
        Actor(person_id=uuid7()),
        _staff("H30.08"),
        _staff("H30.08.04", below=True),
        _staff("H30.0", below=True),
        _staff("H30.08.03.01", below=True),
    ]
    assert all(find(actor, "le thi hoa") for actor in [*finders, system_actor("x")])
    assert not any(find(actor, "le thi hoa") for actor in others)


@pytest.mark.django_db
def test_a_permission_of_another_kind_does_not_open_private_rows():
    _file(1, "Lê Thị Hoa", paths=["H30"])
    other = Actor(person_id=uuid7(), grants=(Grant("x", uuid7(), "H30", True, frozenset({"other"})),))
    assert not find(other, "hoa")


@pytest.mark.django_db
def test_private_rows_come_latest_first_and_page_without_gaps():
    for number in range(25):
        _file(number, f"Trần Văn Bình {number}", paths=["H30"])
    clerk, seen, cursor = _staff("H30"), [], ""
    for _ in range(3):
        group = find(clerk, "tran binh", source="file", cursor=cursor, size=10).groups[0]
        seen += [int(h.key) for h in group.hits]
        cursor = group.next
    assert seen == list(range(24, -1, -1))
    assert cursor == ""


@pytest.mark.django_db
def test_without_a_source_each_kind_shows_its_first_and_says_there_is_more():
    for number in range(12):
        _file(number, f"Khai sinh {number}", paths=["H30"])
        _procedure(f"Khai sinh kiểu {number}")
    groups = find(_staff("H30"), "khai sinh", size=5).groups
    assert [(g.source.key, len(g.hits), g.more) for g in groups] == [("proc", 5, True), ("file", 5, True)]


@pytest.mark.django_db
def test_at_most_two_queries(django_assert_max_num_queries):
    _procedure("Đăng ký khai sinh")
    for typed in ("khai sinh", "giay khai sinh", "không có gì như thế"):
        with django_assert_max_num_queries(2):
            find(_staff("H30"), typed)


@pytest.mark.django_db
def test_indexing_again_replaces_and_an_unchanged_entry_is_not_written():
    _file(1, "Tên cũ", paths=["H30"])
    _file(1, "Tên mới", paths=["H30"])
    assert _titles(find(_staff("H30"), "ten")) == ["Tên mới"]
    before = _version("1")
    _file(1, "Tên mới", paths=["H30"])
    assert _version("1") == before


def _version(key: str) -> str:
    return SearchEntry.objects.extra(select={"v": "xmin::text || ctid::text"}).get(key=key).v


@pytest.mark.django_db
def test_a_batch_indexes_with_the_change_and_forgetting_takes_out():
    with transaction.atomic():
        batch = Batch()
        actions.index(batch, source="proc", key="a", title="Kết hôn", url="/", scope=["public"])
        assert not find(VISITOR, "ket hon")
        batch.send()
    assert find(VISITOR, "ket hon")
    actions.forget(source="proc", key="a")
    assert not find(VISITOR, "ket hon")


@pytest.mark.django_db
def test_an_unknown_source_is_refused():
    with pytest.raises(SlotError):
        actions.index(None, source="nothing", key="a", title="a", url="/", scope=["public"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["", "   ", "!!!", "'", "' | 'a", "a:*", "\\", "&", "(", "khai <-> sinh", "\x00", "x" * 5000, "a " * 500],
)
def test_whatever_is_typed_is_a_question_and_never_an_error(typed):
    _procedure("Đăng ký khai sinh")
    find(VISITOR, typed)


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "eyJh", "bnVsbA", "WzEsMl0", "🙂"])
def test_a_damaged_cursor_means_the_first_page(cursor):
    _file(1, "Trần Bình", paths=["H30"])
    assert find(_staff("H30"), "binh", source="file", cursor=cursor)


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_are_plain_and_the_vector_holds_them_all(title, rest):
    words = words_of(f"{title} {rest}")
    literal = vector(title, rest)
    assert all(word.isalnum() and word == fold(word) for word in words)
    assert all(f"'{word}':" in literal for word in words)


@given(st.text(max_size=80))
def test_a_question_never_holds_more_than_words_and_our_own_operators(text):
    asked = question(text, every=True, begun=3)
    assert all(part.strip("'").removesuffix("':*").isalnum() for part in asked.split(" & ") if part)


def test_only_long_enough_beginnings_are_open_in_the_private_index():
    assert question("nguyen va", every=True, begun=3) == "'nguyen' & 'va'"
    assert question("nguyen van", every=True, begun=3) == "'nguyen' & 'van':*"
    assert question("nguyen va", every=True, begun=1) == "'nguyen' & 'va':*"


def test_scope_lists_the_units_and_all_above():
    assert scope_of(people=["7"], paths=["A.B", ""]) == ["p:7", "u+:A", "u+:A.B", "u:A.B"]


@pytest.mark.django_db
def test_a_further_page_is_one_query(django_assert_num_queries):
    for number in range(15):
        _file(number, f"Trần Bình {number}", paths=["H30"])
    clerk = _staff("H30")
    first = find(clerk, "binh", source="file", size=10).groups[0]
    with django_assert_num_queries(1):
        find(clerk, "binh", source="file", cursor=first.next, size=10)
