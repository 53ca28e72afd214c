"""Dates with their precision, numbers and amounts, in figures and in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kit.dates import (
    DateError,
    PartialDate,
    age,
    check_birth_date,
    date_in_words,
    vi_date,
    vi_date_long,
    vi_datetime,
)
from tinhso.kit.money import MoneyError, in_words, parse_number, parse_vnd, vi_number, vnd, vnd_in_words


@pytest.mark.parametrize(
    ("text", "iso", "shown", "precision"),
    [
        ("21/11/2026", "2026-11-21", "21/11/2026", "day"),
        (" 1 / 2 / 1987 ", "1987-02-01", "01/02/1987", "day"),
        ("11-2026", "2026-11", "11/2026", "month"),
        ("1950", "1950", "1950", "year"),
        ("2026-11-21", "2026-11-21", "21/11/2026", "day"),
    ],
)
def test_partial_dates_read_and_write(text: str, iso: str, shown: str, precision: str) -> None:
    value = PartialDate.parse(text)
    assert (value.iso(), str(value), value.precision) == (iso, shown, precision)
    assert PartialDate.parse(iso) == PartialDate.parse(shown) == value
    assert vi_date(value) == shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/04/2026", "không có ngày 31"),
        ("29/02/2025", "không có ngày 29"),
        ("1/13/2026", "Không có tháng 13"),
        ("21/11/26", "Không đọc được"),
        ("hôm qua", "Không đọc được"),
        ("0000", "bốn chữ số"),
        ("", "Không đọc được"),
    ],
)
def test_impossible_dates_are_refused(text: str, message: str) -> None:
    with pytest.raises(DateError, match=message):
        PartialDate.parse(text)


def test_birth_date_in_the_future() -> None:
    today = date(2026, 11, 21)
    with pytest.raises(DateError, match=r"^Ngày sinh không thể ở tương lai\. Hãy kiểm tra lại năm\.$"):
        check_birth_date(PartialDate.parse("22/11/2026"), today)
    with pytest.raises(DateError, match="130 năm"):
        check_birth_date(PartialDate.parse("1887"), today)
    assert check_birth_date(PartialDate.parse("2026"), today).year == 2026


def test_order_and_age() -> None:
    texts = ["1950", "01/1950", "01/01/1950", "02/01/1950", "02/1950", "1951"]
    values = [PartialDate.parse(text) for text in texts]
    assert sorted(set(values)) == values
    assert age(PartialDate.parse("22/11/2010"), date(2026, 11, 21)) == 15
    assert age(PartialDate.parse("21/11/2010"), date(2026, 11, 21)) == 16
    assert age(PartialDate.parse("2010"), date(2026, 11, 21)) == 15


def test_dates_in_words() -> None:
    assert date_in_words(date(2026, 11, 21)) == (
        "ngày hai mươi mốt tháng mười một năm hai nghìn không trăm hai mươi sáu"
    )
    assert date_in_words(PartialDate.parse("04/1975")) == "tháng tư năm một nghìn chín trăm bảy mươi lăm"
    assert date_in_words(PartialDate.parse("2005")) == "năm hai nghìn không trăm linh năm"


def test_dates_in_figures() -> None:
    moment = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert vi_datetime(moment) == "17:00 ngày 21/11/2026"
    assert vi_datetime(moment, weekday=True) == "17:00 thứ Bảy 21/11/2026"
    assert vi_date(date(2026, 1, 5)) == "05/01/2026"
    assert vi_date_long(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert vi_date_long(date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"
    with pytest.raises(DateError):
        vi_datetime(moment.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (40, "bốn mươi"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1_050_000, "một triệu không trăm năm mươi nghìn"),
        (21_000_000_004, "hai mươi mốt tỷ không trăm linh bốn"),
        (-3, "âm ba"),
        (1_234_567, "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_amounts() -> None:
    assert vnd(Decimal(1_234_500)) == "1.234.500\u00a0đ"
    assert vnd(0) == "0\u00a0đ"
    assert vi_number(Decimal("1234.45"), 1) == "1.234,5"
    assert vi_number(Decimal("-0.4")) == "0"
    assert vnd_in_words(Decimal(8000)) == "Tám nghìn đồng"
    for text in ("1.234.500 đ", "1234500", "1.234.500 đồng", "1.234.500₫", "1 234 500 VND"):
        assert parse_vnd(text) == Decimal(1_234_500)


@pytest.mark.parametrize("text", ["", "1.5", "1,234,500", "12.34.567", "abc", "1.234,5 đ"])
def test_ambiguous_amounts_are_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        parse_vnd(text)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_numbers_read_back(value: Decimal) -> None:
    assert parse_number(vi_number(value, 2)) == value


@given(st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1))
def test_words_tell_numbers_apart(a: int, b: int) -> None:
    assert (in_words(a) == in_words(b)) == (a == b)
    with pytest.raises(MoneyError):
        in_words(a + 10**18)
