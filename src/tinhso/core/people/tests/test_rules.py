from __future__ import annotations

from datetime import date

import pytest

from tinhso.core.people import rules
from tinhso.kit.dates import DateError
from tinhso.kit.identity import IdentityError

TODAY = date(2026, 11, 21)


def test_numbers_are_read_with_their_kind() -> None:
    assert rules.read_number("093 085 000 123") == rules.Number("citizen", "093085000123")
    assert rules.read_number("361234567") == rules.Number("cmnd", "361234567")


@pytest.mark.parametrize("text", ["", "12345", "09308500012a", "111111111111"])
def test_numbers_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        rules.read_number(text)


def test_birth_dates_keep_the_precision_they_have() -> None:
    assert rules.read_birth("21/11/1985", TODAY) == "1985-11-21"
    assert rules.read_birth("1985", TODAY) == "1985"
    assert rules.read_birth(" ", TODAY) == ""
    with pytest.raises(DateError):
        rules.read_birth("22/11/2026", TODAY)


def test_the_same_person_with_marks_lost_and_a_vaguer_birth_date() -> None:
    assert rules.same_person("Nguyễn Văn Đạt", "1985-11-21", "NGUYEN VAN DAT", "1985")
    assert not rules.same_person("Nguyễn Văn Đạt", "1985", "Nguyễn Văn Đại", "1985")
    assert not rules.same_person("Nguyễn Văn Đạt", "1985-11-21", "Nguyễn Văn Đạt", "1985-11-22")


@pytest.mark.parametrize(
    ("kind", "on", "holds"),
    [
        ("authorised", date(2026, 1, 5), True),
        ("authorised", date(2026, 1, 4), False),
        ("authorised", date(2027, 1, 5), False),
        ("authorised", date(2027, 1, 4), True),
    ],
)
def test_an_authorisation_holds_within_its_dates(kind: str, on: date, holds: bool) -> None:
    assert rules.mandate_holds(kind, date(2026, 1, 5), date(2027, 1, 5), "1950", on) is holds


def test_a_parent_acts_until_the_child_is_eighteen() -> None:
    born = date(2010, 3, 15)
    assert rules.mandate_holds("parent", born, None, "2010-03-15", date(2028, 3, 14))
    assert not rules.mandate_holds("parent", born, None, "2010-03-15", date(2028, 3, 15))
    assert rules.mandate_holds("guardian", born, None, "1980-01-01", TODAY)


def test_masks() -> None:
    assert rules.masked_number("093085000123") == "093••••••123"
    assert rules.masked_number("12345") == "•••••"
    assert rules.masked_phone("+84912345678").endswith("678")
    assert rules.masked_phone("") == ""
