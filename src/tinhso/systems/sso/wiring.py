"""What single sign-on offers to the rooms of the core."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from tinhso.contracts.signin import SessionEnded
from tinhso.core.access.permissions import PERMISSIONS, Permission
from tinhso.core.events.outbox import handles
from tinhso.core.ui.menu import MENU, MenuEntry
from tinhso.systems.sso import handlers
from tinhso.systems.sso.policy import CLIENTS, KEYS

PERMISSIONS.add(Permission(CLIENTS, _("Kết nối ứng dụng đăng nhập một lần")))
PERMISSIONS.add(Permission(KEYS, _("Quản lý khóa ký đăng nhập")))

handles(SessionEnded, "sso.end_session", handlers.end_session)

MENU.add(MenuEntry("connections", _("Ứng dụng đã kết nối"), "sso:mine", None, 50, "citizen"))
MENU.add(MenuEntry("desk_connections", _("Ứng dụng đã kết nối"), "sso:mine", None, 80, "desk"))
MENU.add(MenuEntry("console_clients", _("Ứng dụng kết nối"), "sso:clients", CLIENTS, 120, "console"))
MENU.add(MenuEntry("console_sso_keys", _("Khóa ký đăng nhập"), "sso:keys", KEYS, 121, "console"))
