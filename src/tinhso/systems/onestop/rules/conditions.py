"""Conditions of a definition told in words: `form.birth_proof == 'notice'` becomes the question and its answer."""

from __future__ import annotations

import re

from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.forms.texts import Text

_EQUAL = re.compile(r"^form\.([a-z0-9_]+)\s*(==|!=)\s*(?:'([^']*)'|(true|false|null))$")
_JOINS = {"vi": {"and": " và ", "or": " hoặc "}, "en": {"and": " and ", "or": " or "}}
OTHERWISE = Text("Tùy câu trả lời của bạn trong tờ khai", "Depending on your answers in the form")
_YES = Text("Có", "Yes")
_NO = Text("Không", "No")


def in_words(condition: str, form: FormDefinition, lang: str = "vi") -> str:
    """When a paper or a case applies: "“Bạn có giấy tờ nào?” là “Giấy chứng sinh”"; "" for no condition.

    Only comparisons of questions with answers are told; anything else says that it depends on the answers.
    """
    if not condition:
        return ""
    told = _alternatives(condition, form, lang)
    return told if told else OTHERWISE.in_(lang)


def _alternatives(condition: str, form: FormDefinition, lang: str) -> str:
    choices = [_together(part, form, lang) for part in _split(_bare(condition), "||")]
    if not all(choices):
        return ""
    return _JOINS[lang]["or"].join(dict.fromkeys(choices))


def _together(condition: str, form: FormDefinition, lang: str) -> str:
    """Comparisons that hold together. What a question is *not* is left out where another answer is named."""
    pieces = [_bare(piece) for piece in _split(_bare(condition), "&&")]
    if len(pieces) == 1 and len(_split(pieces[0], "||")) > 1:
        return _alternatives(pieces[0], form, lang)
    told: list[tuple[bool, str]] = []
    for piece in pieces:
        if len(_split(piece, "||")) > 1:
            told.append((True, _alternatives(piece, form, lang)))
            continue
        said = _comparison(piece, form, lang)
        if said is None:
            return ""
        told.append(said)
    if not all(text for positive, text in told if positive):
        return ""
    positives = [text for positive, text in told if positive]
    return _JOINS[lang]["and"].join(positives or [text for _, text in told if text])


def _comparison(text: str, form: FormDefinition, lang: str) -> tuple[bool, str] | None:
    """(whether it says what the answer is, the words); None when it is no comparison with an answer."""
    found = _EQUAL.match(text)
    field = form.fields.get(found[1]) if found else None
    if found is None or field is None:
        return None
    same = found[2] == "=="
    if found[4] == "null":
        return False, ""
    answer = _answer(field, found[3], found[4], lang)
    if not same and found[4]:
        same, answer = True, (_NO if found[4] == "true" else _YES).in_(lang)
    link = {("vi", True): "là", ("vi", False): "không phải là", ("en", True): "is", ("en", False): "is not"}[
        lang, same
    ]
    label = field.label.in_(lang).rstrip("?: ")
    return same, f"“{label}” {link} “{answer}”"


def _answer(field: Field, value: str | None, flag: str | None, lang: str) -> str:
    if flag:
        return (_YES if flag == "true" else _NO).in_(lang)
    option = field.option(value)
    return option.label.in_(lang) if option else str(value)


def _bare(text: str) -> str:
    """Without the brackets around the whole."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closes(text: str) -> int:
    """Where the bracket that opens the text closes; -1 when it does not."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return place
    return -1


def _split(text: str, operator: str) -> list[str]:
    """The parts joined by an operator outside brackets and quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for place, char in enumerate(text):
        if char == "'":
            quoted = not quoted
        elif not quoted:
            depth += (char == "(") - (char == ")")
            if depth == 0 and text.startswith(operator, place):
                parts.append(text[start:place])
                start = place + len(operator)
    return [*parts, text[start:]]
