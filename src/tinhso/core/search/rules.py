"""Words of a text as PostgreSQL keeps and asks for them. Pure.

The words are cut here and not by PostgreSQL's parser, which reads codes such as `H30.01-261121-0001` as
host names and negative numbers; the text search configuration would be `simple` anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tinhso.kit.text import fold

#: Longer questions add nothing and cost; longer texts are cut where tsvector positions end.
MAX_QUERY_WORDS = 12
MAX_WORDS = 2000
#: Shorter beginnings of a word would gather most of a large index before anything else is looked at.
MIN_BEGUN = 3
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Folded words in order: "Đăng ký KHAI sinh (H30.01)" -> dang, ky, khai, sinh, h30, 01."""
    return [word[:60] for word in _WORD.findall(fold(text))]


def vector(title: str, rest: str) -> str:
    """The tsvector literal of an entry: the title's words weigh most (A), the others less (C)."""
    positions: dict[str, list[str]] = {}
    place = 0
    for weight, text in (("A", title), ("C", rest)):
        for word in words_of(text)[:MAX_WORDS]:
            place += 1
            positions.setdefault(word, []).append(f"{place}{weight}")
    return " ".join(f"'{word}':{','.join(places[:100])}" for word, places in sorted(positions.items()))


def question(text: str, *, every: bool, begun: int) -> str:
    """The tsquery literal of what a person typed, "" when it holds no word.

    `every` word is required, or any of them. The last word may be the beginning of one when it has at
    least `begun` letters; 0 means that it may not.
    """
    words = words_of(text)[:MAX_QUERY_WORDS]
    if not words:
        return ""
    asked = [f"'{word}'" for word in words]
    if begun and len(words[-1]) >= begun:
        asked[-1] += ":*"
    return (" & " if every else " | ").join(asked)


def scope_of(*, people: Iterable[str] = (), paths: Iterable[str] = ()) -> list[str]:
    """The scope of a private entry: persons who may find it, and paths of the units it belongs to."""
    own = {path for path in paths if path}
    above = {
        ".".join(parts[:n]) for parts in (path.split(".") for path in own) for n in range(1, len(parts) + 1)
    }
    tokens = (
        {f"p:{person}" for person in people if person} | {f"u:{p}" for p in own} | {f"u+:{p}" for p in above}
    )
    return sorted(tokens)
