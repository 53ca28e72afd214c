"""Vietnamese text: folding for search, dictionary order, names of people, slugs."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_D = str.maketrans("đĐ", "dd")
#: Letters in dictionary order; f, j, w, z stand where Vietnamese dictionaries put foreign letters.
_LETTERS = {letter: number for number, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)}
#: Tones in dictionary order: level, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_PARTICLES = re.compile(r"(^|[\s\-'’])(\w)", re.UNICODE)

SortKey = tuple[tuple[int, ...], tuple[int, ...], str]


def fold(text: str) -> str:
    """Text for searching: no marks, đ as d, lower case, single spaces. "Đăng ký  KHAI sinh" -> "dang ky khai sinh"."""
    plain = unicodedata.normalize("NFD", text.lower().translate(_D))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


@lru_cache(maxsize=8192)
def sort_key(text: str) -> SortKey:
    """Key of Vietnamese dictionary order, case ignored.

    Letters decide first (a < ă < â < b … d < đ …), then tones (ngang, huyền, hỏi, ngã, sắc, nặng), then
    the text itself so that the order is total. Spaces sort before letters, digits before letters.
    """
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", text).lower():
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[c] for c in parts if c in _TONES), 0)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        letters.append(_weight(base))
        tones.append(tone)
    return tuple(letters), tuple(tones), text


def name_sort_key(full_name: str) -> tuple[SortKey, SortKey, SortKey]:
    """Order of Vietnamese name lists: the given name (last word), then the family name, then the rest."""
    words = full_name.split() or [""]
    return sort_key(words[-1]), sort_key(words[0]), sort_key(" ".join(words[1:-1]))


def normalise_name(name: str) -> str:
    """A person's name as papers write it: NFC, single spaces, each word with a capital.

    "  NGUYỄN thị  minh-khai " -> "Nguyễn Thị Minh-Khai".
    """
    words = " ".join(unicodedata.normalize("NFC", name).split()).lower()
    return _PARTICLES.sub(lambda found: found[1] + found[2].upper(), words)


def slug(text: str) -> str:
    """ASCII words joined by hyphens, for addresses and file names: "Đăng ký khai sinh" -> "dang-ky-khai-sinh"."""
    return _NOT_SLUG.sub("-", fold(text)).strip("-")


def _weight(char: str) -> int:
    if char.isspace():
        return 0
    if char in _LETTERS:
        return 1000 + _LETTERS[char]
    return 1 + min(ord(char), 998) if not char.isalpha() else 2000 + ord(char)
