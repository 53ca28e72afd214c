"""Vietnamese numbers and amounts: in figures, back from figures, and in words."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_CURRENCY = re.compile(r"\s*(?:đồng|đ|₫|vnđ|vnd)\.?$", re.IGNORECASE)
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")
_LARGEST = 10**18


class MoneyError(ValueError):
    """Text that is not a number, or a number too large for words; the message is a sentence."""


def vi_number(value: Decimal | int, places: int = 0) -> str:
    """ "1.234,5": points between thousands, a comma before decimals; rounds half up to `places`."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded + 0:,.{places}f}"  # + 0 turns -0 into 0
    return text.translate(str.maketrans(",.", ".,"))


def vnd(amount: Decimal | int) -> str:
    """ "1.234.500 đ": whole đồng with a no-break space."""
    return f"{vi_number(amount)}\u00a0đ"


def parse_number(text: str) -> Decimal:
    """Back from `vi_number`: "1.234,5" -> Decimal("1234.5"). MoneyError for anything ambiguous ("1.5")."""
    words = "".join(text.split())
    if not _NUMBER.fullmatch(words):
        raise MoneyError(f'Không đọc được số "{text}". Hãy ghi như 1.234.500 hoặc 1.234,5.')
    return Decimal(words.replace(".", "").replace(",", "."))


def parse_vnd(text: str) -> Decimal:
    """Back from `vnd`, with or without the currency: whole đồng. MoneyError otherwise."""
    amount = parse_number(_CURRENCY.sub("", text.strip()))
    if amount != amount.to_integral_value():
        raise MoneyError("Số tiền tính bằng đồng, không có phần lẻ.")
    return amount.to_integral_value()


def in_words(number: int) -> str:
    """Vietnamese words of a whole number below 10^18: "một nghìn không trăm linh năm".

    Follows school usage: mốt after mươi, tư after mươi, lăm after mười and mươi, linh for an empty tens
    place, "không trăm" inside a number.
    """
    if abs(number) >= _LARGEST:
        raise MoneyError("Số quá lớn để đọc bằng chữ.")
    if number < 0:
        return f"âm {in_words(-number)}"
    if number == 0:
        return _DIGITS[0]
    return " ".join(_billions(number, leading=True))


def vnd_in_words(amount: Decimal | int) -> str:
    """As receipts write it: "Một triệu hai trăm nghìn đồng"."""
    words = in_words(int(amount))
    return f"{words[0].upper()}{words[1:]} đồng"


def _billions(number: int, *, leading: bool) -> list[str]:
    high, low = divmod(number, 10**9)
    words: list[str] = []
    if high:
        words = [*_billions(high, leading=leading), "tỷ"]
        leading = False
    for scale in (2, 1, 0):
        group = low // 1000**scale % 1000
        if group:
            words += _group(group, leading=leading)
            if scale:
                words.append(_SCALES[scale])
            leading = False
    return words


def _group(number: int, *, leading: bool) -> list[str]:
    """The words of 1 to 999; `leading` when nothing stands before it."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [] if leading and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones and words:
            words.append("linh")
    elif tens == 1:
        words.append("mười")
    else:
        words += [_DIGITS[tens], "mươi"]
    if ones:
        words.append(_ones(ones, tens))
    return words


def _ones(ones: int, tens: int) -> str:
    if ones == 5 and tens:  # noqa: PLR2004 - the digit five
        return "lăm"
    if tens > 1:
        return {1: "mốt", 4: "tư"}.get(ones, _DIGITS[ones])
    return _DIGITS[ones]
