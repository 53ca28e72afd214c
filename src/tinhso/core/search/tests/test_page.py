"""The search page."""

from __future__ import annotations

import pytest

from tinhso.core.search import actions
from tinhso.core.search.rules import scope_of
from tinhso.core.search.slots import SEARCH_SOURCES, SearchSource
from tinhso.core.testing.office import small_office
from tinhso.core.testing.web import signed_in


@pytest.fixture(autouse=True)
def _entries(db, monkeypatch):
    monkeypatch.setattr(
        SEARCH_SOURCES,
        "_items",
        {
            "proc": SearchSource("proc", "Thủ tục", None, 1),
            "file": SearchSource("file", "Hồ sơ", "cases.see", 2),
        },
    )
    for number in range(12):
        actions.index(
            None, source="proc", key=str(number), title=f"Đăng ký khai sinh {number}", url=f"/t/{number}/",
            scope=["public"], summary="Hộ tịch", rank=number,
        )  # fmt: skip


def _page(client, query: str) -> str:
    response = client.get(f"/tim-kiem/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_results_come_in_groups_with_a_way_to_more(client):
    html = _page(client, "?q=khai+sinh")
    assert "Thủ tục" in html
    assert html.count('href="/t/') == 8
    assert "nhom=proc" in html
    assert _page(client, "?q=khai+sinh&nhom=proc").count('href="/t/') == 12


def test_near_results_say_so(client):
    assert "chứa đủ các từ" in _page(client, "?q=giay+khai+sinh")


def test_nothing_found_helps_and_what_was_typed_is_shown_safely(client):
    html = _page(client, "?q=%3Cscript%3Exyz")
    assert "Hãy thử" in html
    assert "<script>xyz" not in html
    assert "/dang-nhap" in html or "login" in html


def test_an_empty_question_shows_what_is_used_most(client):
    html = _page(client, "")
    assert "Được dùng nhiều" in html
    assert html.index('href="/t/11/"') < html.index('href="/t/10/"')


@pytest.mark.parametrize(
    "query", ["?q=khai&nhom=nothing", "?q=khai&nhom=file&after=zzz", "?q=%00", "?q=" + "x" * 3000]
)
def test_odd_addresses_are_answered(client, query):
    _page(client, query)


def test_private_things_show_to_those_in_scope_only(client):
    office = small_office()
    actions.index(
        None, source="file", key="1", title="H30 Nguyễn Thị Lan", url="/hs/1/",
        scope=scope_of(people=[office.citizen.person_id], paths=["H30.41.21.01"]),
    )  # fmt: skip
    assert "/hs/1/" not in _page(client, "?q=nguyen+thi+lan")
    for account in (office.citizen, office.clerk):
        assert "/hs/1/" in _page(signed_in(client, account), "?q=nguyen+thi+lan")
