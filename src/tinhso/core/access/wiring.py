"""What each permission of the core lets its holder do, in words for the console; and stays end with their account."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_noop as _

from tinhso.core.access.actions import end_sessions_of, tell_change
from tinhso.core.access.permissions import PERMISSIONS, Permission
from tinhso.core.orgs.policy import ActorLike
from tinhso.core.people.slots import ACCOUNT_WATCHES, AccountWatch

for code, title in (
    ("cases.receive", _("Tiếp nhận hồ sơ")),
    ("cases.see", _("Xem hồ sơ của đơn vị")),
    ("cases.work", _("Thụ lý hồ sơ")),
    ("cases.assign", _("Phân công thụ lý")),
    ("cases.approve", _("Duyệt kết quả, duyệt yêu cầu bổ sung lần nữa")),
    ("cases.sign", _("Ký kết quả")),
    ("cases.deliver", _("Trả kết quả")),
    ("cases.cashier", _("Thu phí, lệ phí")),
    ("cases.mirror", _("Gửi tin về hồ sơ của hệ thống khác")),
    ("people.read", _("Tra cứu thông tin cá nhân")),
    ("console.orgs", _("Quản lý đơn vị và vị trí công tác")),
    ("console.people", _("Quản lý người dùng")),
    ("console.procedures", _("Quản lý thủ tục")),
    ("console.calendars", _("Quản lý lịch làm việc")),
    ("console.audit", _("Xem nhật ký")),
    ("console.operate", _("Vận hành hệ thống")),
    ("reports.see", _("Xem báo cáo")),
):
    strong = code == "cases.sign" or code.startswith("console.")
    PERMISSIONS.add(Permission(code, title, 2 if strong else 1))


def _end_stays(account_id: UUID, what: str, actor: ActorLike, keep: UUID | None) -> None:
    end_sessions_of(account_id, actor=actor, reason=what, keep=keep)
    if what == "password":
        tell_change("people.change_password", account_id)


ACCOUNT_WATCHES.add(AccountWatch("access.sessions", _end_stays))
