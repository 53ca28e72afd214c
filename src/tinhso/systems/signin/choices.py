"""Words the room chooses from."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

#: Why an officer lets somebody in with a code.
PURPOSES = {
    "down": _("Đăng nhập quốc gia không hoạt động"),
    "forgot": _("Quên mật khẩu"),
    "lost_factor": _("Mất điện thoại, mất mã dự phòng"),
}
#: How somebody proved who they are, for those who read their own list of sign-ins.
WAYS = {
    "pwd": _("mật khẩu"),
    "otp": _("mã ứng dụng"),
    "rec": _("mã dự phòng"),
    "hwk": _("khóa truy cập"),
    "user": "",
    "vneid": _("VNeID"),
    "officer": _("mã do cán bộ cấp"),
}
END_REASONS = {
    "signed_out": _("Đã đăng xuất"),
    "ended": _("Đã được kết thúc từ thiết bị khác"),
    "password": _("Kết thúc vì đổi mật khẩu"),
    "closed": _("Kết thúc vì tài khoản bị khóa"),
    "factors": _("Kết thúc vì đặt lại xác thực"),
}
CHANGES = {
    "access.add_totp": _("Đã bật ứng dụng xác thực"),
    "access.remove_totp": _("Đã gỡ ứng dụng xác thực"),
    "access.make_recovery_codes": _("Đã lập mã dự phòng mới"),
    "access.add_passkey": _("Đã thêm khóa truy cập"),
    "access.rename_passkey": _("Đã đổi tên khóa truy cập"),
    "access.remove_passkey": _("Đã gỡ khóa truy cập"),
    "access.reset_factors": _("Đã đặt lại xác thực hai bước"),
    "people.change_password": _("Đã đổi mật khẩu"),
    "people.renew_password": _("Đã đặt mật khẩu mới"),
    "people.set_password": _("Quản trị đã đặt mật khẩu mới"),
    "signin.issue_code": _("Cán bộ đã cấp mã đăng nhập một lần"),
}
