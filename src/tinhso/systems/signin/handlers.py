"""Telling people what happened to their account. Each may run again: a notice has one key."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.contracts.signin import SecurityChanged, SignedIn
from tinhso.core.notify.actions import in_language_of, send
from tinhso.core.ui.words import vi_datetime
from tinhso.systems.signin.choices import CHANGES
from tinhso.systems.signin.queries import email_of


def tell_new_device(event: SignedIn, key: str) -> None:
    """Somebody signed in from a browser the account never used."""
    with in_language_of(UUID(event.person_id)):
        title = _("Đăng nhập từ thiết bị mới")
        body = _(
            "Tài khoản của bạn vừa đăng nhập từ thiết bị mới: %(device)s, mạng %(network)s, lúc %(at)s. Nếu không phải bạn,"
            " hãy mở trang Bảo mật tài khoản, đăng xuất thiết bị đó và đổi mật khẩu."
        ) % {"device": event.device or _("không rõ"), "network": event.network, "at": vi_datetime(event.at)}
    _tell(event.person_id, key, title, body)


def tell_change(event: SecurityChanged, key: str) -> None:
    """The way somebody signs in changed."""
    with in_language_of(UUID(event.person_id)):
        title = _("Thay đổi về đăng nhập: %(what)s") % {"what": _(CHANGES.get(event.what, event.what))}
        body = _(
            "Lúc %(at)s. Nếu không phải bạn làm hay yêu cầu, hãy báo ngay cho Bộ phận Một cửa hoặc quản trị."
        ) % {"at": vi_datetime(event.at)}
    _tell(event.person_id, key, title, body)


def _tell(person_id: str, key: str, title: str, body: str) -> None:
    link = reverse("signin:security")
    send(
        person_id=UUID(person_id),
        key=f"{key}:signin",
        title=title,
        body=body,
        link=link,
        email=email_of(person_id),
    )
