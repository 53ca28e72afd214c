"""What the frame registers: its start-up checks, and menu entries of the core's rooms below it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from tinhso.core.ui import checks
from tinhso.core.ui.menu import MENU, MenuEntry

__all__ = ["checks"]

MENU.add(MenuEntry("inbox", _("Bàn làm việc"), "desk:inbox", None, 10, "desk"))
MENU.add(MenuEntry("handover", _("Việc của người khác"), "desk:handover", "cases.assign", 60, "desk"))
MENU.add(MenuEntry("idle", _("Việc không ai làm"), "desk:idle", "cases.assign", 65, "desk"))
MENU.add(MenuEntry("absences", _("Vắng mặt"), "desk:absences", None, 70, "desk"))
MENU.add(MenuEntry("powers", _("Ủy quyền"), "desk:powers", None, 75, "desk"))
MENU.add(MenuEntry("runs", _("Công việc đang chạy"), "jobs:mine", None, 90, "desk"))
