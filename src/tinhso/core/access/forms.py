"""The fields of the sign-in, registration and password pages, as the design system draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Box:
    """One text field; has the attributes `core/ui` reads of a field view."""

    id: str
    type: str
    label: str
    value: str = ""
    error: str = ""
    hint: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    width: str = "long"
    required: bool = True
    max_length: int | None = 200
    unit: str = ""
    lookup_url: str = ""
    add_name: str = ""
    options: tuple[object, ...] = ()
    parts: tuple[object, ...] = ()
    rows: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """A password field; never filled in again."""

    id: str
    label: str
    autocomplete: str
    hint: str = ""
    error: str = ""


def register_boxes(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Box]:
    """The fields of the registration page but the password, with what was typed and what is wrong."""

    def box(name: str, kind: str, label: str, *, hint: str = "", autocomplete: str = "") -> Box:
        return Box(name, kind, label, typed.get(name, ""), errors.get(name, ""), hint, autocomplete)

    return [
        box("number", "identity_number", _("Số định danh cá nhân"), hint=_("12 chữ số trên thẻ căn cước")),
        box(
            "full_name",
            "person_name",
            _("Họ, chữ đệm và tên"),
            hint=_("Như trên thẻ căn cước"),
            autocomplete="name",
        ),
        box("birth", "date", _("Ngày sinh"), autocomplete="bday"),
        box("phone", "phone", _("Số điện thoại"), autocomplete="tel"),
    ]


def empty_messages() -> dict[str, str]:
    """What to say of each field of the registration page that was left empty."""
    return {
        "number": _("Nhập số định danh cá nhân."),
        "full_name": _("Nhập họ và tên."),
        "birth": _("Nhập ngày sinh."),
        "phone": _("Nhập số điện thoại."),
        "password": _("Đặt mật khẩu."),
    }
