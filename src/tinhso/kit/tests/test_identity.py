"""Personal numbers, card QR codes, tax codes, phones."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kit.dates import PartialDate
from tinhso.kit.identity import (
    IdentityError,
    check_citizen_id,
    check_tax_code,
    generate_citizen_id,
    normalise_phone,
    parse_citizen_card_qr,
    province_codes,
    show_phone,
)

TODAY = date(2026, 11, 21)


def test_a_personal_number_tells_place_sex_and_year() -> None:
    found = check_citizen_id("093 190 001234", birth=date(1990, 5, 1), sex="female", today=TODAY)
    assert (found.number, found.kind, found.place) == ("093190001234", "citizen", "Hậu Giang")
    assert (found.sex, found.birth_year, found.warnings) == ("female", 1990, ())
    assert check_citizen_id("093312001234").birth_year == 2012


def test_disagreement_is_a_warning_not_a_refusal() -> None:
    found = check_citizen_id("999299001234", birth=PartialDate.parse("1990"), sex="female", today=TODAY)
    assert len(found.warnings) == 4
    assert found.place is None
    assert check_citizen_id("999099001234", places={"999": "Nơi mới"}).warnings == ()


def test_the_old_card_is_accepted() -> None:
    assert check_citizen_id("363.123.456").kind == "cmnd"


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("", "còn trống"),
        ("09319000123", "đang có 11"),
        ("09319000123a", "chỉ gồm chữ số"),
        ("000000000000", "lặp lại"),
        ("٠٩٣١٩٠٠٠١٢٣٤", "chỉ gồm chữ số"),
    ],
)
def test_wrong_structure_is_refused(number: str, message: str) -> None:
    with pytest.raises(IdentityError, match=message):
        check_citizen_id(number)


@given(
    st.integers(0, 10**6),
    st.sampled_from(sorted(province_codes())),
    st.dates(date(1900, 1, 1), TODAY),
    st.sampled_from(["male", "female"]),
)
def test_generated_numbers_agree_with_their_person(seed, province, birth, sex) -> None:
    number = generate_citizen_id(Random(seed), province, birth, sex)
    assert number == generate_citizen_id(Random(seed), province, birth, sex)
    found = check_citizen_id(number, birth=birth, sex=sex, today=TODAY)
    assert (found.warnings, found.place_code) == ((), province)


QR = "093190001234|363123456|NGUYỄN THỊ MAI|01051990|Nữ|Ấp 1, Xã Vị Thanh, Hậu Giang|25042021"


def test_card_qr() -> None:
    card = parse_citizen_card_qr(QR, today=TODAY)
    assert (card.number, card.old_number, card.full_name) == ("093190001234", "363123456", "Nguyễn Thị Mai")
    assert (card.birth, card.sex, card.issued, card.warnings) == (
        date(1990, 5, 1),
        "female",
        date(2021, 4, 25),
        (),
    )
    assert card.address == "Ấp 1, Xã Vị Thanh, Hậu Giang"


@pytest.mark.parametrize(
    "text",
    [
        QR.replace("363123456", ""),
        QR.replace("|363123456", ""),
        "  " + QR.replace("|", " | ").replace("363123456", "") + "|\r\n",
    ],
)
def test_card_qr_without_an_old_number_and_with_stray_spaces(text: str) -> None:
    card = parse_citizen_card_qr(text)
    assert (card.old_number, card.full_name, card.number) == (None, "Nguyễn Thị Mai", "093190001234")


def test_card_qr_from_a_scanner_without_marks() -> None:
    card = parse_citizen_card_qr("093190001234||NGUYEN THI MAI|01051990|Nu|Ap 1, Xa Vi Thanh, Hau Giang|")
    assert (card.sex, card.issued) == ("female", None)
    assert "không giữ dấu" in card.warnings[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.vn",
        QR.replace("01051990", "31021990"),
        QR.replace("Nữ", "?"),
        QR.replace("NGUYỄN THỊ MAI", ""),
        QR + "|x",
    ],
)
def test_other_codes_are_refused(text: str) -> None:
    with pytest.raises(IdentityError):
        parse_citizen_card_qr(text)


@given(st.text(alphabet="|0123456789 aNữm", max_size=80))
def test_any_scan_is_read_or_refused(text: str) -> None:
    try:
        card = parse_citizen_card_qr(text)
    except IdentityError:
        return
    assert card.full_name


def test_tax_codes() -> None:
    assert check_tax_code("0100109106").kind == "organisation"
    branch = check_tax_code("0100109106-001")
    assert (branch.number, branch.kind, branch.main, branch.branch) == (
        "0100109106-001",
        "branch",
        "0100109106",
        "001",
    )
    assert check_tax_code("093190001234").kind == "person"
    for wrong in ("0100109107", "010010910", "0100109107001"):
        with pytest.raises(IdentityError):
            check_tax_code(wrong)


@pytest.mark.parametrize(
    "text", ["0912345678", "+84 912 345 678", "84912345678", "0912.345.678", "+84 (0)912345678"]
)
def test_mobile_numbers(text: str) -> None:
    assert normalise_phone(text) == "+84912345678"
    assert show_phone("+84912345678") == "0912 345 678"


def test_other_phone_numbers() -> None:
    assert normalise_phone("0293 3870 123") == "+842933870123"
    for wrong in ("912345678", "0112345678", "+1 202 555 0100", "09123", "hỏi con", ""):
        with pytest.raises(IdentityError):
            normalise_phone(wrong)
