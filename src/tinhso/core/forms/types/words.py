"""Types typed as text: free text, names, numbers that identify, ways to reach somebody."""

from __future__ import annotations

import re
from typing import Any

from tinhso.core.forms.definition import Field
from tinhso.core.forms.texts import Text, say
from tinhso.core.forms.types.base import FieldType, MistakeError, tidy
from tinhso.kit.identity import IdentityError, check_citizen_id, check_tax_code, normalise_phone, show_phone


class TextType(FieldType):
    name = "text"
    allowed = frozenset({"max_length"})
    longest = 255

    def limit(self, field: Field) -> int:
        return field.max_length or self.longest

    def parse(self, field: Field, text: str) -> Any:
        if len(text) > self.limit(field):
            raise MistakeError(
                say(
                    "“{label}” dài nhất {limit} ký tự; bạn đã nhập {count}. Hãy viết ngắn lại.",
                    "“{label}” may have {limit} characters at most; you entered {count}. Please shorten it.",
                    field.label,
                    limit=self.limit(field),
                    count=len(text),
                )
            )
        return text

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": self.limit(field)}


class TextareaType(TextType):
    name = "textarea"
    longest = 5000

    def tidy(self, text: object) -> str:
        return tidy(text, lines=True)


class PersonNameType(TextType):
    name = "person_name"
    longest = 100
    sample = "Nguyễn Văn An"

    def parse(self, field: Field, text: str) -> Any:
        wrong = [c for c in text if not (c.isalpha() or c in " '’-.,")]
        if wrong or not any(c.isalpha() for c in text):
            raise MistakeError(
                say(
                    "“{label}” chỉ gồm chữ cái và dấu cách{what}. Hãy viết đủ họ, chữ đệm và tên.",
                    "“{label}” has letters and spaces only{what}. Write the family, middle and given name.",
                    field.label,
                    what=f", không có “{wrong[0]}”" if wrong else "",
                )
            )
        return super().parse(field, text)


def digits_of(text: str) -> str:
    """Typed digits without the spaces, dots and hyphens people put between them."""
    return re.sub(r"[\s.\-]", "", text)


class IdentityNumberType(FieldType):
    """The personal number of 12 digits, or the 9 digits of an old card. What it says of birth and sex is not judged."""

    name = "identity_number"
    inputmode = "numeric"
    width = "medium"
    sample = "001099000001"

    def parse(self, field: Field, text: str) -> Any:
        number = digits_of(text)
        if re.fullmatch(r"[0-9]+", number) and len(number) not in (9, 12):
            raise MistakeError(
                say(
                    "Số định danh có 12 chữ số; bạn đã nhập {count}.",
                    "An identity number has 12 digits; you entered {count}.",
                    count=len(number),
                )
            )
        try:
            return check_citizen_id(number).number
        except IdentityError as error:
            raise MistakeError(
                Text(
                    f"{error} Số định danh là 12 số trên thẻ căn cước, hoặc 9 số trên CMND cũ.",
                    "An identity number is the 12 digits of the identity card or the 9 digits of the old one.",
                )
            ) from error

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^([0-9]{9}|[0-9]{12})$"}


class TaxCodeType(FieldType):
    """10 digits, 10 and a branch of 3, or the 12 digits of a person (used as tax code since 1/7/2025)."""

    name = "tax_code"
    inputmode = "numeric"
    width = "medium"
    sample = "0100109106"

    def parse(self, field: Field, text: str) -> Any:
        try:
            return check_tax_code(text).number
        except IdentityError as error:
            raise MistakeError(
                Text(
                    str(error),
                    "A tax code has 10 digits, 13 with a branch, or the 12 digits of a personal number. Check each digit.",
                )
            ) from error

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^([0-9]{10}(-[0-9]{3})?|[0-9]{12})$"}


class PhoneType(FieldType):
    """A Vietnamese number, kept as +84…, shown as people read it."""

    name = "phone"
    inputmode = "tel"
    width = "medium"
    sample = "+84912345678"

    def parse(self, field: Field, text: str) -> Any:
        try:
            return normalise_phone(text)
        except IdentityError as error:
            raise MistakeError(
                Text(
                    f"{error} Bạn đã nhập {sum(c.isdigit() for c in text)} chữ số.",
                    "A Vietnamese phone number has 10 digits and starts with 0, for example 0912 345 678.",
                )
            ) from error

    def typed(self, field: Field, value: Any) -> str:
        return show_phone(value) if value.startswith("+84") else value

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^\\+84[0-9]{9,10}$"}


class EmailType(FieldType):
    name = "email"
    inputmode = "email"
    sample = "an@example.vn"
    longest = 254  # RFC 5321
    _shape = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,63}")

    def parse(self, field: Field, text: str) -> Any:
        if len(text) > self.longest or not self._shape.fullmatch(text) or ".." in text:
            raise MistakeError(
                say(
                    "Thư điện tử viết theo dạng ten@example.vn. Hãy kiểm tra lại dấu @ và phần sau.",
                    "An e-mail address looks like name@example.vn. Check the @ and what follows it.",
                )
            )
        return text

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", "maxLength": self.longest}
