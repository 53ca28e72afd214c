"""What this system offers to the rooms of the core."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_noop as _

from tinhso.contracts.signin import SecurityChanged, SignedIn
from tinhso.core.access.permissions import PERMISSIONS, Permission
from tinhso.core.access.ways import SIGN_IN_WAYS, SignInWay
from tinhso.core.events.outbox import handles
from tinhso.core.people.policy import MANAGE
from tinhso.core.ui.menu import MENU, MenuEntry
from tinhso.systems.signin import handlers
from tinhso.systems.signin.policy import ISSUE

PERMISSIONS.add(Permission(ISSUE, _("Cấp mã đăng nhập một lần cho người dân")))

MENU.add(MenuEntry("security", _("Bảo mật tài khoản"), "signin:security", None, 10, "account"))
MENU.add(MenuEntry("signin_codes", _("Cấp mã đăng nhập"), "signin:codes", ISSUE, 60, "desk"))
MENU.add(MenuEntry("signin_reset", _("Đặt lại xác thực"), "signin:reset", MANAGE, 120, "console"))

SIGN_IN_WAYS.add(
    SignInWay(
        "vneid", _("Đăng nhập bằng VNeID"), "signin:vneid", _("Tài khoản định danh điện tử mức 2"), 10,
        offered=lambda: bool(settings.VNEID_URL),
    )
)  # fmt: skip
SIGN_IN_WAYS.add(SignInWay("code", _("Có mã do cán bộ một cửa cấp"), "signin:code", order=20, place="help"))
SIGN_IN_WAYS.add(
    SignInWay("forgot", _("Quên mật khẩu, mất điện thoại"), "signin:forgot", order=30, place="help")
)
SIGN_IN_WAYS.add(SignInWay("set_up", _("Bật xác thực hai bước"), "signin:set_up", place="set_up"))

handles(SignedIn, "signin.tell_new_device", handlers.tell_new_device, when=lambda e: not e.known_device)
handles(SecurityChanged, "signin.tell_change", handlers.tell_change)
