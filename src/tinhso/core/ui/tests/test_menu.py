"""The menu shows to each reader what that reader may open."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from tinhso.core.access.actor import VISITOR, Actor, Grant
from tinhso.core.ui import menu
from tinhso.core.ui.checks import menu_leads_somewhere
from tinhso.core.ui.menu import MenuEntry
from tinhso.kit.slots import Slot

CLERK = Actor(
    person_id=uuid4(),
    name="Lê Thị <Thu>",
    grants=(Grant("clerk", uuid4(), "H30", False, frozenset({"case.read"})),),
)


@pytest.fixture(autouse=True)
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    slot: Slot[MenuEntry] = Slot("menu of a test", MenuEntry, lambda entry: entry.key)
    slot.add(MenuEntry("help", "Trợ giúp", "ui:help", "case.read", 20, "desk"))
    slot.add(MenuEntry("gallery", "Bộ thành phần giao diện", "ui:gallery", None, 10, "desk"))
    slot.add(MenuEntry("access", "Trang chủ", "ui:accessibility", None, 10, "citizen"))
    slot.add(MenuEntry("secret", "Quản trị", "ui:help", "admin", 1, "desk"))
    monkeypatch.setattr(menu, "MENU", slot)


@override_settings(ROOT_URLCONF="tinhso.core.ui.tests.urls")
def test_entries_are_ordered_permitted_and_one_is_current() -> None:
    shown = menu.links("desk", CLERK, "/tro-giup/phim-tat/")
    assert [(link.title, link.current) for link in shown] == [
        ("Bộ thành phần giao diện", False),
        ("Trợ giúp", True),
    ]
    assert [link.title for link in menu.links("desk", VISITOR, "/")] == ["Bộ thành phần giao diện"]


@override_settings(ROOT_URLCONF="tinhso.core.ui.tests.urls")
def test_an_entry_that_leads_nowhere_stops_the_start() -> None:
    assert menu_leads_somewhere() == []
    menu.MENU.add(MenuEntry("lost", "Lạc", "ui:nowhere", None, 1, "desk"))
    (error,) = menu_leads_somewhere()
    assert "lost" in error.msg


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tinhso.core.ui.tests.urls")
@pytest.mark.parametrize(("actor", "sees"), [(CLERK, True), (VISITOR, False)])
def test_only_staff_see_the_desk(actor: Actor, sees: bool) -> None:
    request = RequestFactory().get("/")
    request.actor = actor  # type: ignore[attr-defined]
    html = render_to_string("ui/desk.html", {}, request)
    assert ("Bộ thành phần giao diện" in html) is sees
    assert ("Đăng xuất" in html) is sees
    assert ("Lê Thị &lt;Thu&gt;" in html) is sees
    assert 'lang="vi"' in html
