"""Walking pages, forward and back, shows every row once, whatever the ties."""

from __future__ import annotations

import base64
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tinhso.core.db.models import Series
from tinhso.core.db.paging import Page, page


def _walk(by: list[str], size: int) -> tuple[list[str], list[Page]]:
    seen, pages, cursor = [], [], ""
    while True:
        found = page(Series.objects.all(), by=by, cursor=cursor, size=size)
        pages.append(found)
        seen += [row.key for row in found.rows]
        if not found.next:
            return seen, pages
        cursor = found.next


class Walking(TestCase):
    @given(
        values=st.lists(st.integers(0, 4), max_size=25),
        size=st.integers(1, 7),
        by=st.sampled_from([["last", "key"], ["-last", "key"], ["last", "-key"], ["-last", "-key"], ["key"]]),
    )
    @settings(max_examples=60, deadline=None)
    def test_every_row_once_in_order_both_ways(self, values, size, by):
        Series.objects.all().delete()
        Series.objects.bulk_create(Series(key=f"{n:02}", last=value) for n, value in enumerate(values))
        expected = list(Series.objects.order_by(*by).values_list("key", flat=True))
        seen, pages = _walk(by, size)
        assert seen == expected
        assert pages[0].previous == ""
        back, cursor = [[r.key for r in pages[-1].rows]], pages[-1].previous
        while cursor:
            found = page(Series.objects.all(), by=by, cursor=cursor, size=size)
            assert found.next
            back.insert(0, [r.key for r in found.rows])
            cursor = found.previous
        assert [key for rows in back for key in rows] == expected


def _cursor(*parts) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).decode().rstrip("=")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor",
    ["x", "%%%", "🙂", _cursor("n"), _cursor("n", 1), _cursor("n", "a", "b"), _cursor("n", {}, "b"), _cursor("n", 1, "\x00"),
     _cursor("n", None, None), _cursor("n", 10**40, "b"), base64.b64encode(b"[1").decode(), base64.b64encode(b"3").decode()],
)  # fmt: skip
def test_a_cursor_nobody_gave_out_never_breaks_a_page(cursor):
    Series.objects.create(key="a", last=1)
    page(Series.objects.all(), by=["last", "key"], cursor=cursor)


@pytest.mark.django_db
def test_rows_that_came_or_went_in_between_do_not_shift_the_others():
    Series.objects.bulk_create(Series(key=f"{n:02}", last=n) for n in range(6))
    first = page(Series.objects.all(), by=["last", "key"], size=3)
    Series.objects.filter(last__lt=2).delete()
    Series.objects.create(key="new", last=0)
    second = page(Series.objects.all(), by=["last", "key"], cursor=first.next, size=3)
    assert [row.last for row in second.rows] == [3, 4, 5]


@pytest.mark.django_db
def test_a_page_is_one_query_without_offset_or_count():
    Series.objects.bulk_create(Series(key=f"{n:02}", last=n) for n in range(6))
    first = page(Series.objects.all(), by=["last", "key"], size=2)
    with CaptureQueriesContext(connection) as seen:
        page(Series.objects.all(), by=["last", "key"], cursor=first.next, size=2)
    assert len(seen) == 1
    assert "OFFSET" not in seen[0]["sql"]
    assert "COUNT" not in seen[0]["sql"]
