"""Codes printed on papers, and names shown to strangers."""

from __future__ import annotations

import re
import secrets

# Without 0/O, 1/I/L and U/V confusion on a worn print; 30 letters, 18 of them are 88 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 18
_GROUP = 6


def new_code() -> str:
    """A public code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """A code as people type it: any case, with or without spaces and hyphens."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())[:LENGTH]


def spell_code(code: str) -> str:
    """The code in groups of six, to read aloud or type."""
    return "-".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def mask_name(name: str) -> str:
    """A name for the public page: family name and initials. "Nguyễn Thị Ánh Tuyết" gives "Nguyễn T. Á. T."."""
    first, *others = name.split() or [""]
    return " ".join([first, *(f"{part[0]}." for part in others)])
