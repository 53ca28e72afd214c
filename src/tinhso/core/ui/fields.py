"""Drawing of form fields: chooses the template of a type and the attributes of its control."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.utils import flatatt
from django.template.loader import get_template
from django.utils.translation import gettext as _

_INPUTS = {
    "text": {},
    "person_name": {"autocapitalize": "words", "spellcheck": "false"},
    "identity_number": {"inputmode": "numeric", "spellcheck": "false", "maxlength": "20"},
    "tax_code": {"inputmode": "numeric", "spellcheck": "false", "maxlength": "20"},
    "phone": {"type": "tel", "inputmode": "tel"},
    "email": {"type": "email", "inputmode": "email", "spellcheck": "false"},
    "integer": {"inputmode": "numeric"},
    "number": {"inputmode": "decimal"},
    "money": {"inputmode": "numeric"},
    "date": {"inputmode": "numeric", "maxlength": "10", "data-date": "full"},
    "partial_date": {"inputmode": "numeric", "maxlength": "10"},
}
_TEMPLATES = {
    "textarea": "textarea",
    "choice": "choices",
    "yes_no": "choices",
    "checks": "choices",
    "select": "select",
    "territory": "select",
    "unit": "select",
    "address": "parts",
    "person": "parts",
}
_WIDTHS = {
    "identity_number": "short",
    "tax_code": "short",
    "phone": "short",
    "integer": "short",
    "number": "short",
    "money": "short",
    "date": "short",
    "partial_date": "short",
}


def render(view: Any) -> str:
    """HTML of one `FieldView`."""
    context = {
        "f": view,
        "hint": view.hint or default_hint(view),
        "attrs": flatatt(attributes(view)),
        "described": described_by(view),
        "suffix": suffix(view),
    }
    return get_template(f"ui/fields/{template_of(view)}.html").render(context)


def template_of(view: Any) -> str:
    """Name of the template; `KeyError` for a type nobody drew."""
    if view.type == "group":
        return "rows" if view.rows or view.add_name else "parts"
    if view.type in ("territory", "unit") and view.lookup_url:
        return "lookup"
    return "input" if view.type in _INPUTS else _TEMPLATES[view.type]


def described_by(view: Any) -> str:
    """Ids of the hint and the error, for `aria-describedby`."""
    hinted = f"{view.id}-hint" if view.hint or default_hint(view) else ""
    return " ".join(filter(None, (hinted, f"{view.id}-error" if view.error else "")))


def default_hint(view: Any) -> str:
    """What to type where the form's author gave no hint."""
    if view.type == "date":
        return _("Ngày/tháng/năm, ví dụ 27/03/2025")
    if view.type == "partial_date":
        return _("Ngày/tháng/năm, hoặc tháng/năm, hoặc chỉ năm")
    return ""


def suffix(view: Any) -> str:
    """The unit written after the control."""
    return view.unit or (_("đồng") if view.type == "money" else "")


def attributes(view: Any) -> dict[str, Any]:
    """Attributes of the control itself; what was typed is never lost."""
    given: dict[str, Any] = {"id": view.id, "name": view.id, **_INPUTS.get(view.type, {})}
    if view.type in _INPUTS:
        given.setdefault("type", "text")
        given["value"] = "" if view.value is None else str(view.value)
        given["class"] = f"width-{_width(view)}"
    if view.inputmode:
        given["inputmode"] = view.inputmode
    if view.autocomplete:
        given["autocomplete"] = view.autocomplete
    if view.max_length:
        given["maxlength"] = str(view.max_length)
    if described := described_by(view):
        given["aria-describedby"] = described
    if view.error:
        given["aria-invalid"] = "true"
    return given


def _width(view: Any) -> str:
    width: str = view.width
    return _WIDTHS.get(view.type, width) if width == "long" else width


def errors_of(found: Any) -> list[tuple[str, str]]:
    """(field id, message) pairs from field views (with their parts and rows), pairs, or a dict."""
    if isinstance(found, Mapping):
        return [(name, str(message)) for name, message in found.items()]
    pairs: list[tuple[str, str]] = []
    for item in found or ():
        if isinstance(item, tuple):
            pairs.append((item[0], str(item[1])))
        else:
            pairs.extend(_errors_in(item))
    return pairs


def _errors_in(view: Any) -> Iterable[tuple[str, str]]:
    if view.error:
        yield _anchor(view), view.error
    for part in view.parts:
        yield from _errors_in(part)
    for row in view.rows:
        for inner in row.fields:
            yield from _errors_in(inner)


def _anchor(view: Any) -> str:
    """The element that takes the focus: the first control inside a composite field."""
    if view.rows:
        return _anchor(view.rows[0].fields[0])
    if view.parts:
        return _anchor(view.parts[0])
    return view.id if template_of(view) != "rows" else f"field-{view.id}"
