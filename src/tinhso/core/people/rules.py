"""Decisions about persons that need nothing but values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tinhso.kit.dates import DateError, PartialDate, age, check_birth_date
from tinhso.kit.identity import IdentityError, check_citizen_id, check_tax_code, normalise_phone
from tinhso.kit.text import fold

#: Full age (Civil Code 2015, article 20); a parent acts for a child by law until then.
FULL_AGE = 18
PARENTAL = frozenset({"parent", "guardian"})
_SHOWN = 3
_SEX_LETTERS = {"male": "M", "female": "F"}


@dataclass(frozen=True, slots=True)
class Number:
    """An identity number as stored: its kind (`citizen`, `cmnd`, `tax`) and its digits."""

    kind: str
    number: str


def read_number(text: str) -> Number:
    """A personal number (12 digits) or an old card number (9). IdentityError says what is wrong with it."""
    found = check_citizen_id(text)
    return Number(found.kind, found.number)


def read_tax_code(text: str) -> Number:
    """An organisation's tax code; a personal number used as one counts as the personal number."""
    found = check_tax_code(text)
    return Number("citizen" if found.kind == "person" else "tax", found.number)


def sex_letter(sex: str) -> str:
    """ "M", "F" or "" from what forms and cards say ("male", "M", ...)."""
    return _SEX_LETTERS.get(sex, sex if sex in ("M", "F") else "")


def read_birth(text: str, today: date) -> str:
    """A birth date as ISO text of whatever is known, "" for nothing. DateError for one that cannot be."""
    return check_birth_date(PartialDate.parse(text), today).iso() if text.strip() else ""


def same_birth(one: str, other: str) -> bool:
    """Whether two birth dates may be the same; a less precise one agrees with any it contains."""
    return one.startswith(other) or other.startswith(one)


def same_person(name: str, birth: str, other_name: str, other_birth: str) -> bool:
    """Whether name and birth agree, marks and case aside (scanners and old data drop marks)."""
    return fold(name) == fold(other_name) and same_birth(birth, other_birth)


def is_minor(birth: str, on: date) -> bool:
    """Whether somebody is surely under full age on a day; False when the birth date is not known."""
    return bool(birth) and age(PartialDate.parse(birth), on) < FULL_AGE


def mandate_holds(kind: str, valid_from: date, valid_to: date | None, principal_birth: str, on: date) -> bool:
    """Whether a mandate may be used on a day: in its dates, and a parent's only until the child is of full age."""
    if on < valid_from or (valid_to is not None and on >= valid_to):
        return False
    return kind != "parent" or not principal_birth or is_minor(principal_birth, on)


def masked_number(number: str) -> str:
    """ "093••••••012": enough to tell two people apart, not enough to use."""
    if len(number) <= 2 * _SHOWN:
        return "•" * len(number)
    return number[:_SHOWN] + "•" * (len(number) - 2 * _SHOWN) + number[-_SHOWN:]


def masked_phone(phone: str) -> str:
    """The last three digits only."""
    return "•••• ••• " + phone[-3:] if phone else ""


__all__ = [
    "FULL_AGE",
    "PARENTAL",
    "DateError",
    "IdentityError",
    "Number",
    "is_minor",
    "mandate_holds",
    "masked_number",
    "masked_phone",
    "normalise_phone",
    "read_birth",
    "read_number",
    "read_tax_code",
    "same_birth",
    "same_person",
    "sex_letter",
]
