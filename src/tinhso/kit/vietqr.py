"""VietQR: the text of a QR code that a banking app reads as a transfer (EMVCo QR, NAPAS 247 to an account)."""

from __future__ import annotations

import re
import unicodedata

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
LONGEST_CONTENT = 25
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ]")


def payload(*, bank: str, account: str, amount: int = 0, content: str = "") -> str:
    """The text of the code: `bank` is the six-digit BIN, `amount` whole đồng (0: the payer types it).

    `content` is what the transfer says: letters without marks, digits and spaces, at most 25 of them.
    ValueError for what no banking app would read.
    """
    if not (bank.isascii() and bank.isdecimal() and len(bank) == 6):  # noqa: PLR2004  a BIN has six digits
        raise ValueError("bank: six digits")
    if not (account.isalnum() and account.isascii() and 1 <= len(account) <= 19):  # noqa: PLR2004  the standard's limit
        raise ValueError("account: 1 to 19 letters or digits")
    if _NOT_PLAIN.search(content) or len(content) > LONGEST_CONTENT:
        raise ValueError("content: at most 25 plain letters, digits, spaces")
    receiver = _field("00", bank) + _field("01", account)
    text = (
        _field("00", "01")
        + _field("01", "12" if amount else "11")
        + _field("38", _field("00", NAPAS) + _field("01", receiver) + _field("02", TO_ACCOUNT))
        + _field("53", "704")
        + (_field("54", str(amount)) if amount else "")
        + _field("58", "VN")
        + (_field("62", _field("08", content)) if content else "")
    )
    return f"{text}6304{crc(f'{text}6304'):04X}"


def plain(text: str) -> str:
    """Only letters without marks and digits, in capitals: how banks deliver what somebody typed, without the rest."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return re.sub(r"[^A-Z0-9]", "", bare.upper())


def crc(text: str) -> int:
    """CRC-16/CCITT-FALSE, as ISO/IEC 13239 and EMVCo ask."""
    value = 0xFFFF
    for byte in text.encode("ascii"):
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021) & 0xFFFF if value & 0x8000 else (value << 1) & 0xFFFF
    return value


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"
