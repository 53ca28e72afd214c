"""Answers as people read them: for the summary before sending, the print, and the data of papers."""

from __future__ import annotations

from typing import Any, NamedTuple

from tinhso.core.forms.answers.shown import Answers, as_dict, as_rows, is_blank
from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.forms.env import NoPlaces, Places
from tinhso.core.forms.types import is_rows, parts, type_of


class Row(NamedTuple):
    """One answer: its label and its text; `field` is the id of the top-level question."""

    label: str
    text: str
    field: str


class Section(NamedTuple):
    """The answers of one page."""

    title: str
    rows: list[Row]
    page: str


def display(
    form: FormDefinition, answers: Answers, lang: str = "vi", places: Places | None = None
) -> list[Section]:
    """The answered questions page by page, with names instead of codes. Give it `clean` answers."""
    source = places or NoPlaces()
    sections = []
    for page in form.pages:
        rows = [
            r for f in page.fields for r in _rows(f, answers.get(f.id), f.label.in_(lang), lang, source, f.id)
        ]
        if rows:
            sections.append(Section(page.title.in_(lang), rows, page.id))
    return sections


def _rows(field: Field, value: Any, label: str, lang: str, places: Places, top: str) -> list[Row]:
    if is_blank(value):
        return []
    if is_rows(field):
        return [
            line
            for number, row in enumerate(as_rows(value), start=1)
            for part in field.fields
            for line in _rows(
                part, row.get(part.id), f"{label} {number}: {part.label.in_(lang)}", lang, places, top
            )
        ]
    if field.type in ("group", "person"):
        return [
            line
            for part in parts(field)
            for line in _rows(
                part, as_dict(value).get(part.id), f"{label}: {part.label.in_(lang)}", lang, places, top
            )
        ]
    return [Row(label, _text(field, value, lang, places), top)]


def _text(field: Field, value: Any, lang: str, places: Places) -> str:
    if field.type == "address":
        return address_text(as_dict(value), places)
    kind = type_of(field)
    return kind.display(field, value, lang, places) if kind.fits(value) else str(value)


def address_text(address: Answers, places: Places) -> str:
    """`Số 5, ấp 2, Xã Vị Tân, thành phố Vị Thanh`: the name of the day the address was given, else today's."""
    code = str(address.get("territory") or "")
    name = address.get("territory_name") or (code and (places.name("territory", code) or code))
    return ", ".join(str(p) for p in (address.get("detail"), name) if p)


def display_values(
    form: FormDefinition, answers: Answers, lang: str = "vi", places: Places | None = None
) -> dict[str, Any]:
    """Every question by id with its text, `""` when unanswered: the data of papers.

    An address is one line; persons and groups keep their parts, repeating groups are lists.
    """
    source = places or NoPlaces()
    return {f.id: _value(f, answers.get(f.id), lang, source) for f in form.fields.values()}


def _value(field: Field, value: Any, lang: str, places: Places) -> Any:
    if is_rows(field):
        return [
            {p.id: _value(p, row.get(p.id), lang, places) for p in field.fields} for row in as_rows(value)
        ]
    if field.type in ("group", "person"):
        return {p.id: _value(p, as_dict(value).get(p.id), lang, places) for p in parts(field)}
    return "" if is_blank(value) else _text(field, value, lang, places)
