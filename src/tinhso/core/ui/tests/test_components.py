"""Components say what they mean, escape what people typed, and stay cheap in long lists."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.forms.types import TYPES
from tinhso.core.forms.view import FieldView, OptionView, RowView
from tinhso.core.ui import fields, words
from tinhso.core.ui.parts import SummaryRow, TaskItem, TimelineItem

NASTY = '<script>alert("x")</script>'
NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def draw(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize("kind", [*sorted(TYPES), "address", "person", "group"])
def test_every_field_type_escapes_everything_it_shows(kind: str) -> None:
    part = FieldView("f-part", "text", NASTY, value=NASTY)
    view = FieldView(
        "f",
        kind,
        NASTY,
        NASTY,
        value=NASTY,
        error=NASTY,
        options=(OptionView(NASTY, NASTY, NASTY),),
        parts=(part,) if kind in ("address", "person") else (),
        rows=(RowView(0, NASTY, (part,), "f-0-remove"),) if kind == "group" else (),
        unit=NASTY,
        lookup_url="/tim/",
    )
    html = draw("{% field view %}", view=view)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert 'id="f-error"' in html


def test_what_was_typed_stays_and_the_error_is_tied_to_the_control() -> None:
    view = FieldView(
        "birth", "date", "Ngày sinh", required=True, value="31/02/2062", error="Không có ngày này."
    )
    html = draw("{% field view %}", view=view)
    assert 'value="31/02/2062"' in html
    assert 'inputmode="numeric"' in html
    assert 'aria-describedby="birth-hint birth-error"' in html
    assert 'aria-invalid="true"' in html
    assert "không bắt buộc" not in html


def test_optional_fields_say_so() -> None:
    assert "không bắt buộc" in draw("{% field view %}", view=FieldView("e", "email", "Thư điện tử"))


def test_rows_have_a_default_button_before_those_that_remove() -> None:
    row = RowView(0, "Người làm chứng 1", (FieldView("w-0-name", "text", "Tên"),), "w-0-remove")
    html = draw(
        "{% field view %}", view=FieldView("w", "group", "Người làm chứng", rows=(row,), add_name="w-add")
    )
    assert (
        html.index('tabindex="-1" aria-hidden="true"')
        < html.index('name="w-0-remove"')
        < html.index('name="w-add"')
    )


def test_error_summary_leads_to_the_first_control_of_a_composite_field() -> None:
    inner = FieldView("w-0-name", "text", "Tên", error="Hãy nhập tên.")
    row = RowView(0, "1", (inner,), "")
    views = [
        FieldView("a", "text", "A", error="Lỗi A"),
        FieldView("w", "group", "W", error="Cần hai người.", rows=(row,)),
        FieldView(
            "place",
            "address",
            "Nơi",
            error="Thiếu nơi.",
            parts=(FieldView("place-detail", "text", "Số nhà"),),
        ),
        FieldView("ok", "text", "B"),
    ]
    assert fields.errors_of(views) == [
        ("a", "Lỗi A"),
        ("w-0-name", "Cần hai người."),
        ("w-0-name", "Hãy nhập tên."),
        ("place-detail", "Thiếu nơi."),
    ]
    html = draw("{% error_summary views %}", views=views)
    assert 'role="alert"' in html
    assert '<a href="#place-detail">Thiếu nơi.</a>' in html
    assert "Có 4 chỗ cần sửa" in html


def test_error_summary_is_nothing_when_nothing_is_wrong() -> None:
    assert draw("{% error_summary views %}", views=[FieldView("a", "text", "A")]).strip() == ""


@pytest.mark.parametrize("found", [{"a": "Lỗi"}, [("a", "Lỗi")]])
def test_error_summary_takes_pairs_and_dicts(found: Any) -> None:
    assert '<a href="#a">Lỗi</a>' in draw("{% error_summary found %}", found=found)


def test_statuses_are_the_national_list_in_words() -> None:
    html = draw("{% for n in numbers %}{% status_badge n %}|{% endfor %}", numbers=range(1, 11))
    assert [part.split("</svg>")[1].removesuffix("</span>") for part in html.split("|")[:-1]] == [
        "Mới đăng ký",
        "Được tiếp nhận",
        "Không được tiếp nhận",
        "Đang xử lý",
        "Yêu cầu bổ sung giấy tờ",
        "Yêu cầu thực hiện nghĩa vụ tài chính",
        "Công dân yêu cầu rút hồ sơ",
        "Dừng xử lý",
        "Đã xử lý xong",
        "Đã trả kết quả",
    ]
    with pytest.raises(KeyError):
        draw("{% status_badge 11 %}")


@pytest.mark.parametrize(
    ("due", "left", "paused", "kind", "told"),
    [
        (NOW - timedelta(days=2, hours=1), None, False, "over", "Quá hạn 2 ngày"),
        (NOW - timedelta(minutes=5), None, False, "over", "Quá hạn 5 phút"),
        (NOW + timedelta(hours=7), None, False, "soon", "Hôm nay, trước 16:30"),
        (NOW + timedelta(days=1), None, False, "soon", "Ngày mai, trước 09:30"),
        (NOW + timedelta(days=4), None, False, "ok", "Còn 4 ngày"),
        (NOW + timedelta(days=4), 1500, False, "ok", "Còn 3 ngày làm việc"),
        (NOW + timedelta(days=4), 479, False, "soon", "Còn 7 giờ làm việc"),
        (NOW + timedelta(days=4), -30, False, "over", "Quá hạn 30 phút"),
        (NOW - timedelta(days=4), None, True, "plain", "Tạm dừng tính giờ"),
    ],
)
def test_deadlines_tell_the_time_left(
    due: datetime, left: int | None, paused: bool, kind: str, told: str
) -> None:
    assert words.time_left(due, NOW, left, paused=paused) == words.TimeLeft(kind, told)


def test_a_deadline_opens_its_ledger_and_shows_local_time() -> None:
    html = draw("{% deadline due now '/so/' %}", due=NOW + timedelta(days=9), now=NOW)
    assert html.startswith('<a class="deadline ok" href="/so/">')
    assert "02/12/2026 09:30</time>" in html
    assert "Không có hạn" in draw("{% deadline due now %}", due=None, now=NOW)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234.5, "1.234,5"), (1234567, "1.234.567"), (Decimal("0.10"), "0,1"), (-5, "-5"), (None, ""), (0, "0")],
)
def test_numbers_are_written_as_in_vietnam(value: Any, shown: str) -> None:
    assert draw("{% number n %}", n=value) == shown
    assert draw("{{ n|number }}", n=value) == shown


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_grouped_numbers_keep_their_value(n: int) -> None:
    assert int(words.number(n).replace(".", "")) == n


def test_plain_integers_are_not_grouped_so_years_and_ids_are_safe() -> None:
    assert draw("{{ n }}", n=20261123) == "20261123"


def test_money_dates_and_sizes() -> None:
    assert draw("{% money 8000 %}") == "8.000\u00a0đồng"
    assert draw("{{ t|vi_datetime }}", t=datetime(2026, 11, 22, 17, 30, tzinfo=UTC)) == "23/11/2026 00:30"
    assert draw("{% vi_date d %}", d=date(2026, 3, 7)) == '<time datetime="2026-03-07">07/03/2026</time>'
    assert [words.vi_date(t) for t in ("2026-03-07", "2026-03", "2026", "")] == [
        "07/03/2026",
        "03/2026",
        "2026",
        "",
    ]
    assert [words.file_size(n) for n in (0, 10, 245_760, 1_380_000)] == [
        "0\u00a0KB",
        "1\u00a0KB",
        "240\u00a0KB",
        "1,3\u00a0MB",
    ]


def test_english_by_switch() -> None:
    with translation.override("en"):
        assert draw("{% number 1234.5 %}") == "1,234.5"
        assert draw("{% status_badge 4 %}").endswith("In process</span>")
        assert words.time_left(NOW + timedelta(days=4), NOW).words == "4 days left"
        assert words.time_left(NOW + timedelta(minutes=61), NOW, 60).words == "1 working hour left"
        assert ">Continue</button>" in draw('{% button "Tiếp tục" %}')


def test_lists_take_values_and_dicts_and_escape() -> None:
    rows = [SummaryRow(NASTY, [NASTY, "2"], "/sua/"), {"label": "B", "value": NASTY}]
    html = draw("{% summary_list rows %}", rows=rows)
    assert "<script" not in html
    assert html.count("<dt>") == 2
    items = [TimelineItem(NASTY, NOW, NASTY, NASTY, "now", "/x/"), {"title": "B", "state": "next"}]
    html = draw("{% timeline items %}", items=items)
    assert "<script" not in html
    assert "Đang thực hiện" in html
    assert "Sắp tới" in html
    tasks = [TaskItem("A", "/a/", "done"), TaskItem("B", "/b/", "later"), {"title": NASTY, "status": "error"}]
    html = draw("{% task_list tasks %}", tasks=tasks)
    assert 'href="/a/"' in html
    assert "/b/" not in html
    assert "<script" not in html


def test_small_tags_escape() -> None:
    source = """{% badge "ok" x %}{% notice "info" x title=x %}{% empty_state x x x x %}{% breadcrumb x x x "" %}
    {% button x name=x value=x %}{% button x href=x %}{% notice_box "soon" title=x %}{{ x }}{% endnotice_box %}
    {% file_field "f" x hint=x error=x current=c %}{% steps 1 2 titles %}{% filters_on tabs x %}{% tabs tabs %}"""
    html = draw(
        source,
        x=NASTY,
        titles=[NASTY, NASTY],
        tabs=[{"text": NASTY, "url": NASTY}],
        c={"name": NASTY, "size": 1, "url": NASTY},
    )
    assert "<script" not in html


def test_the_pager_keeps_the_filters() -> None:
    request = RequestFactory().get("/ho-so/?tinh_trang=4&after=old")
    html = Template("{% pager page %}").render(
        Context({"request": request, "page": {"next": "c2", "previous": "c0"}})
    )
    assert 'href="?tinh_trang=4&amp;after=c2"' in html
    assert 'href="?tinh_trang=4&amp;before=c0"' in html
    assert draw("{% pager page %}", page={"next": "", "previous": ""}).strip() == ""


def test_an_upload_says_why_the_last_one_was_refused_and_offers_the_camera() -> None:
    html = draw('{% file_field "p" "Giấy chứng sinh" error="Tệp rỗng." %}')
    assert 'aria-describedby="p-hint p-error"' in html
    assert 'capture="environment"' in html
    assert "tối đa 10 MB" in html


def test_fifty_rows_cost_a_few_milliseconds() -> None:
    template = Template(
        "{% for c in cases %}<tr><td>{{ c.code }}</td><td>{% status_badge c.status %}</td>"
        "<td>{% deadline c.due now '/so/' %}</td><td>{{ c.fee|number }}</td></tr>{% endfor %}"
    )
    cases = [
        {"code": f"H30-{i}", "status": i % 10 + 1, "due": NOW + timedelta(hours=i), "fee": i * 1000}
        for i in range(50)
    ]
    template.render(Context({"cases": cases, "now": NOW}))
    best = min(_timed(template, cases) for _ in range(5))
    assert best < 0.05


def _timed(template: Template, cases: list[dict[str, Any]]) -> float:
    start = time.perf_counter()
    template.render(Context({"cases": cases, "now": NOW}))
    return time.perf_counter() - start


def test_a_found_place_is_offered_under_the_name_the_form_reads() -> None:
    view = FieldView("home-territory", "territory", "Xã", value="vi thanh", lookup_url="/forms/tim-dia-ban/",
                     options=(OptionView("31441", "Xã Vị Thanh", checked=True),))  # fmt: skip
    html = draw("{% field view %}", view=view)
    assert 'name="home-territory-q"' in html
    assert 'hx-get="/forms/tim-dia-ban/?field=home-territory"' in html
    assert draw("{% lookup_options view %}", view=view).strip() in html
    without = draw("{% field view %}", view=replace(view, lookup_url=""))
    assert "<select" in without
    assert "selected" in without
