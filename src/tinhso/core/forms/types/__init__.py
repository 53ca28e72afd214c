"""The library of field types. Compound ones (`address`, `person`, `group`) are made of simple ones: see `parts`."""

from __future__ import annotations

from tinhso.core.forms.definition import Field
from tinhso.core.forms.texts import Text
from tinhso.core.forms.types.amounts import IntegerType, MoneyType, NumberType
from tinhso.core.forms.types.base import FieldType, MistakeError, tidy
from tinhso.core.forms.types.choices import ChecksType, ChoiceType, SelectType, YesNoType
from tinhso.core.forms.types.dates import DateType, PartialDateType
from tinhso.core.forms.types.places import TerritoryType, UnitType
from tinhso.core.forms.types.words import (
    EmailType,
    IdentityNumberType,
    PersonNameType,
    PhoneType,
    TaxCodeType,
    TextareaType,
    TextType,
)

__all__ = ["COMPOUND", "TYPES", "FieldType", "MistakeError", "is_rows", "parts", "tidy", "type_of"]

_ALL: tuple[type[FieldType], ...] = (
    TextType, TextareaType, PersonNameType, IdentityNumberType, TaxCodeType, PhoneType, EmailType,
    IntegerType, NumberType, MoneyType, DateType, PartialDateType,
    ChoiceType, SelectType, ChecksType, YesNoType, TerritoryType, UnitType,
)  # fmt: skip
TYPES: dict[str, FieldType] = {kind.name: kind() for kind in _ALL}
COMPOUND = frozenset({"address", "person", "group"})


def type_of(field: Field) -> FieldType:
    """The type of a simple field."""
    return TYPES[field.type]


def is_rows(field: Field) -> bool:
    """Whether a field is a group that repeats."""
    return field.type == "group" and field.repeat is not None


_ADDRESS = (
    Field(
        "detail",
        "text",
        Text("Số nhà, đường, ấp hoặc khu vực", "House number, street, hamlet"),
        required=True,
    ),
    Field("territory", "territory", Text("Xã, phường, thị trấn", "Commune"), required=True),
)
_PERSON = (
    Field("number", "identity_number", Text("Số định danh cá nhân", "Identity number"), required=True),
    Field("name", "person_name", Text("Họ, chữ đệm và tên", "Full name"), required=True),
    Field(
        "birth",
        "partial_date",
        Text("Ngày sinh", "Date of birth"),
        Text("Ngày/tháng/năm; không nhớ rõ thì chỉ ghi năm.", "Day/month/year, or only the year."),
        required=True,
        past=True,
    ),
)


def parts(field: Field) -> tuple[Field, ...]:
    """The questions inside a compound field, empty for a simple one.

    An address is `detail` and `territory` (its answer also keeps `territory_name`, the name of the day);
    a person is `number`, `name` and `birth`.
    """
    if field.type == "address":
        return _ADDRESS
    return _PERSON if field.type == "person" else field.fields
