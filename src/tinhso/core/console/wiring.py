"""The administrator's pages in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from tinhso.core.cases.policy import PUBLISH
from tinhso.core.console.actions import VERIFY, verify_for_run
from tinhso.core.console.policy import AUDIT, OPERATE
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind
from tinhso.core.orgs.policy import EDIT_CALENDARS, EDIT_UNITS
from tinhso.core.people.policy import MANAGE
from tinhso.core.ui.menu import MENU, MenuEntry

WORK_KINDS.add(WorkKind(VERIFY, verify_for_run))

for order, (key, title, name, permission) in enumerate(
    (
        ("console_overview", _("Tình hình hệ thống"), "console:overview", OPERATE),
        ("console_units", _("Đơn vị, vị trí"), "console:units", EDIT_UNITS),
        ("console_people", _("Người, tài khoản"), "console:people", MANAGE),
        ("console_procedures", _("Quản lý thủ tục"), "console:procedures", PUBLISH),
        ("console_calendars", _("Lịch làm việc"), "console:calendars", EDIT_CALENDARS),
        ("console_audit", _("Nhật ký"), "console:audit", AUDIT),
        ("console_deliveries", _("Sự kiện, công việc"), "console:deliveries", OPERATE),
        ("console_stuck", _("Hồ sơ bị kẹt"), "console:stuck", OPERATE),
        ("console_keys", _("Khóa API"), "console:keys", OPERATE),
    )
):
    MENU.add(MenuEntry(key, title, name, permission, 100 + order, "console"))

MENU.add(MenuEntry("desk_stuck", _("Hồ sơ bị kẹt"), "console:stuck", "cases.assign", 90, "desk"))
