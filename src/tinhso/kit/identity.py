"""Numbers that identify people and organisations: structure, meaning, and clear refusals.

The twelve-digit personal number (số định danh cá nhân): three digits for the province or country of birth
registration, one for century and sex, two for the year of birth, six random (Circular 59/2021/TT-BCA).
The list of province codes is data and changes with the map: an unknown code is a warning, never an error.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import Literal

from .dates import DateError, PartialDate
from .text import fold, normalise_name

Sex = Literal["male", "female"]

_SEPARATORS = re.compile(r"[\s.\-]")
_CMND_LENGTH = 9
_PERSONAL_LENGTH = 12
_QR_FIELDS = 7
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_COMPACT_DATE = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_MOBILE = re.compile(r"[35789]\d{8}")
_LANDLINE = re.compile(r"2\d{9}")
_SEXES: dict[str, Sex] = {"nam": "male", "nu": "female"}
_SEX_NAMES = {"male": "nam", "female": "nữ"}


class IdentityError(ValueError):
    """The number cannot be right; the message is a sentence for the person who typed it."""


@dataclass(frozen=True, slots=True)
class CitizenId:
    """What a number says. For kind "cmnd" (old, nine digits) everything but the number is None."""

    number: str
    kind: Literal["citizen", "cmnd"]
    place_code: str | None = None
    place: str | None = None
    sex: Sex | None = None
    birth_year: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CitizenCard:
    """The content of a chip card's QR code. `birth` and `issued` are dates, names in normal spelling."""

    number: str
    old_number: str | None
    full_name: str
    birth: date
    sex: Sex
    address: str
    issued: date | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A checked tax code: `main` is ten digits, `branch` the last three of a dependent unit's code.
    Kind "person" is a personal number used as a tax code (since 1 July 2025)."""

    number: str
    kind: Literal["organisation", "branch", "person"]
    main: str
    branch: str | None = None


@lru_cache(maxsize=1)
def province_codes() -> Mapping[str, str]:
    """Codes of the provinces of birth registration as issued up to 2025, code to name."""
    text = files("tinhso.kit").joinpath("data/birth_provinces.csv").read_text("utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def check_citizen_id(
    number: str,
    *,
    birth: date | PartialDate | None = None,
    sex: Sex | None = None,
    today: date | None = None,
    places: Mapping[str, str] | None = None,
) -> CitizenId:
    """Read a personal number of twelve digits or an old identity card number of nine.

    Raises IdentityError when it cannot be one. What disagrees with `birth` or `sex`, a birth year after
    `today`, and a place code outside `places` (default: the built-in list) come back as warnings.
    """
    digits = _digits(number, "Số định danh")
    if len(digits) == _CMND_LENGTH:
        return CitizenId(digits, "cmnd")
    if len(digits) != _PERSONAL_LENGTH:
        raise IdentityError(
            f"Số định danh phải có 12 chữ số (hoặc 9 chữ số với CMND cũ), đang có {len(digits)}."
        )
    if len(set(digits)) == 1:
        raise IdentityError("Số định danh không thể gồm một chữ số lặp lại. Hãy kiểm tra lại.")
    century, year = int(digits[3]) // 2, int(digits[4:6])
    found_sex: Sex = "female" if int(digits[3]) % 2 else "male"
    known = province_codes() if places is None else places
    result = CitizenId(
        digits, "citizen", digits[:3], known.get(digits[:3]), found_sex, 1900 + 100 * century + year
    )
    return replace(result, warnings=tuple(_doubts(result, birth, sex, today)))


def generate_citizen_id(rng: Random, province_code: str, birth: date, sex: Sex) -> str:
    """A well-formed number for a generated person; the same generator state gives the same number."""
    if not re.fullmatch(r"\d{3}", province_code):
        raise IdentityError(f"Mã tỉnh phải có 3 chữ số: {province_code}.")
    if not 1900 <= birth.year <= 2399:  # noqa: PLR2004 - the centuries one digit can tell
        raise IdentityError(f"Năm sinh ngoài phạm vi của số định danh: {birth.year}.")
    century_and_sex = 2 * (birth.year // 100 - 19) + (sex == "female")
    return f"{province_code}{century_and_sex}{birth.year % 100:02d}{rng.randrange(1_000_000):06d}"


def parse_citizen_card_qr(text: str, *, today: date | None = None) -> CitizenCard:
    """Read the QR text of a chip card: number|old number|name|ddmmyyyy|sex|address|ddmmyyyy.

    The old number and the date of issue may be missing; spaces, a trailing separator and a scanner that
    drops Vietnamese marks are tolerated (then a warning says so). IdentityError otherwise.
    """
    parts = [" ".join(part.split()) for part in text.strip().strip("\ufeff").split("|")]
    while len(parts) > _QR_FIELDS and not parts[-1]:
        parts.pop()
    if len(parts) == _QR_FIELDS - 1 and not _SEPARATORS.sub("", parts[1]).isdigit():
        parts.insert(1, "")
    if len(parts) != _QR_FIELDS:
        raise IdentityError("Mã QR này không phải của thẻ căn cước. Hãy quét lại hoặc nhập tay.")
    number, old, name, born, sex_word, address, issued = parts
    sex = _SEXES.get(fold(sex_word)) or _SEXES.get(fold(sex_word)[:2])
    if sex is None:
        raise IdentityError(f'Không đọc được giới tính "{sex_word}" trên mã QR. Hãy quét lại hoặc nhập tay.')
    if not name:
        raise IdentityError("Mã QR không có họ tên. Hãy quét lại hoặc nhập tay.")
    birth = _compact_date(born, "ngày sinh")
    found = check_citizen_id(number, birth=birth, sex=sex, today=today)
    warnings = list(found.warnings)
    if name.isascii() and address.isascii():
        warnings.append("Máy quét không giữ dấu tiếng Việt. Hãy kiểm tra lại họ tên và địa chỉ.")
    return CitizenCard(
        found.number,
        _digits(old, "Số CMND cũ") if old else None,
        normalise_name(name),
        birth,
        sex,
        address,
        _compact_date(issued, "ngày cấp") if issued else None,
        tuple(warnings),
    )


def check_tax_code(text: str) -> TaxCode:
    """Read a tax code: ten digits with a check digit, ten plus three for a branch, or a personal number.

    The check digit is 10 minus the weighted sum of the first nine modulo 11. IdentityError when wrong.
    """
    digits = _digits(text, "Mã số thuế")
    if len(digits) == _PERSONAL_LENGTH:
        check_citizen_id(digits)
        return TaxCode(digits, "person", digits)
    if len(digits) not in (10, 13):
        raise IdentityError(f"Mã số thuế phải có 10, 12 hoặc 13 chữ số, đang có {len(digits)}.")
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, _TAX_WEIGHTS, strict=False))
    if 10 - weighted % 11 != int(digits[9]):
        raise IdentityError("Mã số thuế sai chữ số kiểm tra. Hãy kiểm tra lại từng chữ số.")
    if len(digits) == 10:  # noqa: PLR2004 - the length just checked
        return TaxCode(digits, "organisation", digits)
    return TaxCode(f"{digits[:10]}-{digits[10:]}", "branch", digits[:10], digits[10:])


def normalise_phone(text: str) -> str:
    """A Vietnamese phone number as +84…: "0912 345 678" -> "+84912345678". IdentityError otherwise."""
    digits = re.sub(r"[\s.\-()]", "", text)
    plus = digits.startswith("+")
    digits = digits.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        raise IdentityError("Số điện thoại chỉ gồm chữ số.")
    if plus and not digits.startswith("84"):
        raise IdentityError("Chỉ nhận số điện thoại Việt Nam (+84).")
    if digits.startswith("84") and (plus or len(digits) > 10):  # noqa: PLR2004 - longer than a domestic number
        digits = "0" + digits[2:].removeprefix("0")
    national = digits.removeprefix("0")
    if digits == national or not (_MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national)):
        raise IdentityError("Số điện thoại không đúng. Ví dụ: 0912 345 678 hoặc 0293 3870 123.")
    return f"+84{national}"


def show_phone(number: str) -> str:
    """A normalised number as people read it: "+84912345678" -> "0912 345 678"."""
    digits = "0" + number.removeprefix("+84")
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def _digits(text: str, what: str) -> str:
    digits = _SEPARATORS.sub("", text)
    if not digits:
        raise IdentityError(f"{what} còn trống.")
    if not (digits.isascii() and digits.isdigit()):
        raise IdentityError(f"{what} chỉ gồm chữ số.")
    return digits


def _doubts(
    found: CitizenId,
    birth: date | PartialDate | None,
    sex: Sex | None,
    today: date | None,
) -> list[str]:
    doubts = []
    if found.place is None:
        doubts.append(f"Mã nơi đăng ký khai sinh {found.place_code} không có trong danh mục.")
    if today and found.birth_year and found.birth_year > today.year:
        doubts.append(f"Số định danh cho năm sinh {found.birth_year}, ở tương lai.")
    if birth and birth.year != found.birth_year:
        doubts.append(f"Số định danh cho năm sinh {found.birth_year}, khác năm sinh đã khai {birth.year}.")
    if sex and found.sex and sex != found.sex:
        doubts.append(
            f"Số định danh cho giới tính {_SEX_NAMES[found.sex]}, khác giới tính đã khai {_SEX_NAMES[sex]}."
        )
    return doubts


def _compact_date(text: str, what: str) -> date:
    found = _COMPACT_DATE.fullmatch(re.sub(r"\D", "", text))
    try:
        day, month, year = (int(part) for part in found.groups()) if found else (0, 0, 0)
        return PartialDate(year, month, day).first
    except DateError:
        raise IdentityError(
            f'Không đọc được {what} "{text}" trên mã QR. Hãy quét lại hoặc nhập tay.'
        ) from None
