"""The one-time code of an invitation: read from a letter and typed by hand, or carried by a link."""

from __future__ import annotations

import hashlib
import hmac

#: No letters or digits that look alike on paper; 32 of them, so that five bits make one.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _LENGTH = 5, 4


def code_of(secret: bytes, invitation: str, turn: int) -> str:
    """The code of an invitation in its round: twenty letters, 100 bits, the same whenever it is asked for."""
    mark = hmac.new(secret, f"{invitation}:{turn}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(mark[:13], "big")
    letters = [LETTERS[(number >> (5 * n)) & 31] for n in range(_GROUPS * _LENGTH)]
    return "-".join("".join(letters[n : n + _LENGTH]) for n in range(0, len(letters), _LENGTH))


def read_code(text: str) -> str:
    """A typed code in its form: case, spaces and missing hyphens forgiven."""
    plain = [c for c in text.lower() if c in LETTERS]
    return "-".join("".join(plain[n : n + _LENGTH]) for n in range(0, len(plain), _LENGTH))


def hash_of(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()
