"""Small forms of the administrator's pages: one act, a few fields, every refusal at its field, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.core.cases.calendars import Moved
from tinhso.core.forms.view import FieldView, OptionView
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.kit.dates import DateError, PartialDate
from tinhso.kit.errors import Refusal

Pairs = Iterable[tuple[str, str]]
UNITS_SHOWN = 20


class Typed:
    """What a person sent, read value by value; each reading may refuse, naming its field."""

    def __init__(self, data: Mapping[str, str]) -> None:
        self._data = data

    def text(self, name: str) -> str:
        return self._data.get(name, "").strip()

    def flag(self, name: str) -> bool:
        return bool(self._data.get(name))

    def day(self, name: str) -> date:
        """A whole date, as people write it or in ISO form."""
        found = self.maybe_day(name)
        if found is None:
            raise Refusal("no_day", _("Nhập ngày, ví dụ 01/07/2026."), status=422, field=name)
        return found

    def maybe_day(self, name: str) -> date | None:
        """The same, None when left empty."""
        if not self.text(name):
            return None
        try:
            found = PartialDate.parse(self.text(name))
            if found.precision == "day":
                return found.first
        except (DateError, ValueError):
            pass
        raise Refusal(
            "bad_day", _("Ngày phải đủ ngày, tháng, năm, ví dụ 01/07/2026."), status=422, field=name
        )

    def unit(self, name: str) -> Unit:
        """The unit chosen in a picker, or the only one the typed words mean."""
        found = self.maybe_unit(name)
        if found is None:
            raise Refusal("no_unit", _("Tìm rồi chọn một đơn vị."), status=422, field=name)
        return found

    def maybe_unit(self, name: str) -> Unit | None:
        if code := self.text(name):
            return orgs.unit_by_code(code)
        words = self.text(f"{name}-q")
        if not words:
            return None
        found = orgs.find_units(words, limit=2)
        if len(found) == 1:
            return found[0]
        message = (
            _("Có nhiều đơn vị khớp; hãy chọn một.") if found else _("Không có đơn vị nào khớp với tên này.")
        )
        raise Refusal("which_unit", message, status=422, field=name)


@dataclass
class Sheet:
    """Draws fields with what was typed and the refusal at its place; on a fresh page with the values given."""

    typed: Mapping[str, str] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def _value(self, name: str, value: str) -> str:
        return value if self.typed is None else self.typed.get(name, "")

    def text(
        self,
        name: str,
        label: str,
        *,
        hint: str = "",
        value: str = "",
        required: bool = True,
        kind: str = "text",
        width: str = "long",
        unit: str = "",
        max_length: int | None = 300,
    ) -> FieldView:
        return FieldView(
            name, kind, label, hint, required, self._value(name, value), self.errors.get(name, ""), width=width, unit=unit,
            max_length=None if kind == "date" else max_length, autocomplete="off",
        )  # fmt: skip

    def day(
        self, name: str, label: str, *, hint: str = "", value: date | None = None, required: bool = True
    ) -> FieldView:
        shown = f"{value:%d/%m/%Y}" if value else ""
        return self.text(name, label, hint=hint, value=shown, required=required, kind="date")

    def select(
        self,
        name: str,
        label: str,
        options: Pairs,
        *,
        hint: str = "",
        value: str = "",
        required: bool = True,
        kind: str = "select",
    ) -> FieldView:
        chosen = self._value(name, value)
        made = tuple(OptionView(code, text, checked=code == chosen) for code, text in options)
        return FieldView(name, kind, label, hint, required, chosen, self.errors.get(name, ""), options=made)

    def choice(self, name: str, label: str, options: Pairs, *, hint: str = "", value: str = "") -> FieldView:
        return self.select(name, label, options, hint=hint, value=value, kind="choice")

    def tick(self, name: str, label: str, text: str, *, hint: str = "", value: bool = False) -> FieldView:
        on = value if self.typed is None else bool(self.typed.get(name))
        made = (OptionView("1", text, hint, on),)
        return FieldView(
            name, "checks", label, "", True, ["1"] if on else [], self.errors.get(name, ""), options=made
        )

    def unit(
        self, name: str, label: str, *, hint: str = "", value: Unit | None = None, required: bool = True
    ) -> FieldView:
        """A picker of units by name, marks optional; without a script its button shows the page again with what fits."""
        words = value.name if value else ""
        options: Sequence[OptionView] = (
            (OptionView(value.code, value.name, value.code, True),) if value else ()
        )
        if self.typed is not None:
            words, code = self.typed.get(f"{name}-q", ""), self.typed.get(name, "")
            chosen = orgs.directory().by_code.get(code)
            found = orgs.find_units(words, limit=UNITS_SHOWN) if words else [chosen] if chosen else []
            words = words or (chosen.name if chosen else "")
            options = [OptionView(u.code, u.name, u.code, u.code == code or len(found) == 1) for u in found]
        return FieldView(
            name, "unit", label, hint, required, words, self.errors.get(name, ""), options=tuple(options),
            lookup_url=reverse("forms:find_unit"),
        )  # fmt: skip


Fields = Callable[[Sheet], Sequence[FieldView]]
Do = Callable[[Typed], object]


@dataclass(frozen=True)
class ActPage:
    """A page for one act. `do` performs it; when it returns text, that is the address to go to; a `Refusal` shows the
    page again. `look` names a second button that only searches. `thing` is what the act is about, shown above it.
    With `effect`, what the act would do to open cases is shown first; it is done when that is confirmed (`confirm`),
    or at once when no case would move."""

    title: str
    fields: Fields
    do: Do
    button: str
    done: str
    back: str
    section: tuple[str, str]
    thing: str = ""
    lead: str = ""
    danger: bool = False
    look: str = ""
    effect: Callable[[Typed], Moved] | None = None


def run(request: HttpRequest, page: ActPage) -> HttpResponse:
    """Show the page, or do its act: 303-like redirect when done, the page with its refusals (and status) when not."""
    sheet, status, looking, effect = Sheet(), 200, "look" in request.POST, None
    if request.method == "POST":
        sheet = Sheet(request.POST)
        if not looking:
            try:
                effect = _shown_first(page, Typed(request.POST))
                if effect is None:
                    target = page.do(Typed(request.POST))
                    messages.success(request, page.done)
                    return HttpResponseRedirect(target if isinstance(target, str) else page.back)
            except Refusal as refusal:
                sheet, status = Sheet(request.POST, placed(refusal)), refusal.status
    views = page.fields(sheet)
    errors = at_fields(sheet.errors, views)
    context = {"page": page, "views": views, "errors": errors, "effect": effect}
    context["kept"] = {n: v for n, v in request.POST.items() if n != "csrfmiddlewaretoken"}
    return render(request, "console/form.html", context, status=status)


def _shown_first(page: ActPage, typed: Typed) -> Moved | None:
    """What must be shown before the act is done; None when it may be done now."""
    if page.effect is None or typed.flag("confirm"):
        return None
    moved = page.effect(typed)
    return moved if moved.count or moved.more else None


def placed(refusal: Refusal) -> dict[str, str]:
    """The refusal under the name of its field ("" when it is about the whole act)."""
    return {refusal.field or "": refusal.message}


def at_fields(errors: Mapping[str, str], views: Sequence[FieldView]) -> list[tuple[str, str]]:
    """(anchor, message) pairs for the summary: what belongs to no field of the page leads to its first one."""
    known = {view.id for view in views}
    first = views[0].id if views else "main"
    return [(name if name in known else first, message) for name, message in errors.items()]
