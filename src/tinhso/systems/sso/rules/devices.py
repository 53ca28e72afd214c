"""The short code a person copies from a device's screen."""

from __future__ import annotations

#: Consonants that look like nothing else and make no words (RFC 8628, 6.1): 20^8 codes, ten minutes each.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8


def shown(code: str) -> str:
    """`BCDFGHJK` → `BCDF-GHJK`."""
    return f"{code[:4]}-{code[4:]}"


def plain(typed: str) -> str:
    """What somebody typed, without what people add: spaces, dashes, small letters."""
    return "".join(c for c in typed.upper() if c in LETTERS)[: LENGTH + 1]
