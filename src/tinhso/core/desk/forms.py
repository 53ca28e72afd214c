"""The desk's small forms: fields as the design system draws them, reading what was typed, choices of people and posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from tinhso.core.access import rules
from tinhso.core.access.forms import Box
from tinhso.core.access.models import Absence, SignatureForm
from tinhso.core.access.permissions import PERMISSIONS
from tinhso.core.access.queries import Colleague, HeldPost
from tinhso.kit.dates import DateError, PartialDate
from tinhso.kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    value: str
    label: str
    checked: bool = False
    hint: str = ""


class Typed:
    """What was sent, read value by value; reading may refuse and names the field."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data

    def text(self, name: str) -> str:
        return self.data.get(name, "").strip()

    def several(self, name: str) -> frozenset[str]:
        return frozenset(v for v in self.data.getlist(name) if v)

    def flag(self, name: str) -> bool:
        return bool(self.data.get(name))

    def day(self, name: str) -> date:
        try:
            found = PartialDate.parse(self.text(name))
            if found.precision == "day":
                return found.first
        except (DateError, ValueError):
            pass
        raise Refusal("bad_day", _("Ghi đủ ngày, tháng, năm, ví dụ 01/12/2026."), status=422, field=name)

    def one(self, name: str, message: str) -> UUID:
        found = self.maybe(name)
        if found is None:
            raise Refusal("required", message, status=422, field=name)
        return found

    def maybe(self, name: str) -> UUID | None:
        try:
            return UUID(self.text(name)) if self.text(name) else None
        except ValueError:
            return None


Errors = Mapping[str, str]


def box(kind: str, name: str, label: str, typed: Typed, errors: Errors, **more: object) -> Box:
    """A field with what was typed and what is wrong; options are marked by what was typed."""
    options: Iterable[Option] = more.pop("options", ())  # type: ignore[assignment]
    start = str(more.pop("start", ""))
    chosen = typed.several(name) or ({start} if start and not typed.data else set())
    marked = tuple(Option(o.value, o.label, o.value in chosen, o.hint) for o in options)
    value = typed.data.get(name, start) if not marked else next(iter(chosen), "")
    return Box(name, kind, label, value, errors.get(name, ""), options=marked, **more)  # type: ignore[arg-type]


def day_boxes(typed: Typed, errors: Errors, today: str) -> list[Box]:
    """From which day to which, both included."""
    return [
        box("date", "first_day", _("Từ ngày"), typed, errors, start=today, width="short"),
        box("date", "last_day", _("Đến hết ngày"), typed, errors, width="short"),
    ]


def people_options(people: Sequence[Colleague], but: UUID | None = None) -> list[Option]:
    """Colleagues to choose from, each once."""
    seen: dict[str, str] = {}
    for one in people:
        if one.person_id != but:
            seen.setdefault(str(one.person_id), one.label)
    return [Option(value, label) for value, label in seen.items()]


def permission_options(post: HeldPost) -> list[Option]:
    """What a post allows and may be handed on, in words."""
    held = rules.lendable(post.grants)
    return [Option(p.code, _(p.title)) for p in PERMISSIONS if p.code in held]


def form_options() -> list[Option]:
    """How signatures are headed."""
    return [Option(value, _(label)) for value, label in SignatureForm.choices]


def absence_kinds() -> list[Option]:
    return [Option(value, _(label)) for value, label in Absence.Kind.choices]


def power_boxes(
    typed: Typed, errors: Errors, people: list[Option], permissions: list[Option], today: str
) -> list[Box]:
    """The form of a delegation, whoever gives it."""
    return [
        box("select", "delegate", _("Người được ủy quyền"), typed, errors, options=people),
        *day_boxes(typed, errors, today),
        box(
            "checks",
            "permissions",
            _("Quyền được giao"),
            typed,
            errors,
            options=permissions,
            required=False,
            hint=_("Không chọn gì là giao mọi quyền của vị trí."),
        ),
        box(
            "select",
            "form",
            _("Hình thức ký"),
            typed,
            errors,
            options=form_options(),
            required=False,
            hint=_("Không chọn: cấp phó ký thay (KT.), người khác ký thừa ủy quyền (TUQ.)."),
        ),
        box(
            "text",
            "ground",
            _("Số văn bản giao ủy quyền"),
            typed,
            errors,
            hint=_("Ví dụ 12/QĐ-UBND ngày 20/11/2026"),
        ),
        box("textarea", "text", _("Nội dung, phạm vi"), typed, errors, required=False, max_length=2000),
    ]


def absence_boxes(
    typed: Typed, errors: Errors, who: list[Option], people: list[Option], today: str, me: str
) -> list[Box]:
    """The form of an absence; heads choose whose."""
    first = [box("select", "person", _("Ai vắng mặt"), typed, errors, options=who, start=me)] if who else []
    return [
        *first,
        *day_boxes(typed, errors, today),
        box("select", "kind", _("Lý do"), typed, errors, options=absence_kinds()),
        box("text", "note", _("Ghi chú"), typed, errors, required=False),
        box("select", "substitute", _("Người làm thay"), typed, errors, options=people, required=False),
        box(
            "text",
            "ground",
            _("Giao luôn quyền cho người làm thay, theo văn bản số"),
            typed,
            errors,
            required=False,
            hint=_("Để trống nếu người làm thay đã có quyền với việc đó."),
        ),
    ]
