"""The words and times of the sign-on protocol in this installation."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

CODE_LIFE = timedelta(seconds=60)
ACCESS_LIFE = timedelta(minutes=10)
#: A chain of refresh tokens ends with the session, or after this time when the person let the program work on.
REFRESH_LIFE = timedelta(hours=12)
OFFLINE_LIFE = timedelta(days=30)
ID_TOKEN_LIFE = timedelta(minutes=10)
DEVICE_LIFE = timedelta(minutes=10)
DEVICE_INTERVAL = 5
#: How far two honest clocks may be apart.
CLOCK_SKEW = timedelta(seconds=60)
#: A logout token must be used at once (OpenID back-channel logout 1.0, 2.4).
LOGOUT_TOKEN_LIFE = timedelta(minutes=2)

#: A new signing key is published so long before it signs, and an old one so long after it signed last.
KEY_LEAD = timedelta(days=1)
KEY_KEEP = timedelta(days=7)
KEY_PERIOD = timedelta(days=90)
#: An old secret of a program works on so long after a new one was made.
SECRET_OVERLAP = timedelta(hours=24)

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
OFFLINE = "offline_access"


class Kind(models.TextChoices):
    """What sort of program it is: whether it can keep a secret, and whether people sign in with it."""

    WEB = "web", _("Ứng dụng web có máy chủ")
    NATIVE = "native", _("Ứng dụng trên điện thoại, máy tính")
    SERVICE = "service", _("Dịch vụ không có người dùng")
    DEVICE = "device", _("Thiết bị không có bàn phím")


class Subject(models.TextChoices):
    """Under which name a program knows people."""

    PAIRWISE = "pairwise", _("Mã riêng cho từng nhóm ứng dụng")
    PUBLIC = "public", _("Mã chung")


#: Which grants a kind of program may use; refreshing goes with those that sign people in.
GRANTS: dict[str, frozenset[str]] = {
    Kind.WEB: frozenset({"authorization_code", "refresh_token"}),
    Kind.NATIVE: frozenset({"authorization_code", "refresh_token"}),
    Kind.SERVICE: frozenset({"client_credentials"}),
    Kind.DEVICE: frozenset({DEVICE_GRANT, "refresh_token"}),
}
CONFIDENTIAL = frozenset({Kind.WEB, Kind.SERVICE})

#: Scope → what a person is told it gives. The order is that of the consent page.
SCOPES = {
    "openid": _("Biết bạn là ai trong ứng dụng này (một mã số, không phải số định danh)"),
    "profile": _("Họ tên của bạn"),
    "email": _("Địa chỉ thư điện tử của bạn"),
    "phone": _("Số điện thoại của bạn"),
    "posts": _("Vị trí công tác, đơn vị và vai trò bạn đang giữ"),
    OFFLINE: _("Làm việc tiếp khi bạn đã đăng xuất, cho đến khi bạn thu hồi"),
}

LEVELS = {"1": _("Một yếu tố"), "2": _("Hai yếu tố"), "3": _("Danh tính quốc gia (VNeID)")}
