"""Printing: the forms of a case, and the register of a centre."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.cases import policy
from tinhso.core.cases import queries as cases
from tinhso.core.files.queries import content
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.core.signing.render import render as render_pdf
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.documents import ISSUED_KINDS, TITLES, print_document, print_now
from tinhso.systems.onestop.documents.register import MOST_ROWS, register, register_lines
from tinhso.systems.onestop.documents.results import OUTPUTS
from tinhso.systems.onestop.views.staff.case import SEES
from tinhso.systems.onestop.views.staff.signing import pdf


@needs(*SEES)
@require_GET
def form(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One printed form of a case as PDF, made now unless it is there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    file = cases.open_case(code, actor=actor, purpose="In giấy tờ của hồ sơ")
    if kind in TITLES and kind not in ISSUED_KINDS:
        return pdf(print_now(file, kind), f"{kind}-{code}.pdf")
    document = print_document(file, kind, actor=actor)
    return pdf(content(document.file), document.file.name)


@needs("cases.receive")
@require_GET
def book(request: HttpRequest) -> HttpResponse:
    """The register of a centre for a range of days, as a page or (`?pdf=1`) as a print."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    centres = [orgs.unit(u) for u in policy.units_seen(actor, "cases.receive")]
    unit = next((u for u in centres if u.code == request.GET.get("noi")), centres[0] if centres else None)
    if unit is None:
        raise Refusal("no_centre", _("Bạn không thuộc bộ phận một cửa nào."), 403)
    first, last, wrong = _range(request)
    lines = register_lines(unit, first, last)
    if request.GET.get("pdf") == "1" and not wrong:
        return pdf(_printed(unit, first, last, lines), f"so-theo-doi-{unit.code}-{first:%Y%m%d}.pdf")
    context = {
        "unit": unit,
        "centres": centres,
        "lines": lines,
        "first": first,
        "last": last,
        "wrong": wrong,
        "full": len(lines) >= MOST_ROWS,
    }
    return render(request, "onestop/staff/register.html", context, status=422 if wrong else 200)


def _printed(unit: Unit, first: date, last: date, lines: list) -> bytes:  # type: ignore[type-arg]
    return render_pdf(OUTPUTS / "register.typ", register(unit, first, last, lines, timezone.now()))


def _range(request: HttpRequest) -> tuple[date, date, str]:
    """The days asked for, this week unless given, and what is wrong with them."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    first, last = _day(request.GET.get("tu", ""), monday), _day(request.GET.get("den", ""), today)
    if first is None or last is None:
        return monday, today, _("Hãy nhập ngày dạng ngày/tháng/năm.")
    if last < first or first.year != last.year:
        return first, first, _("Ngày sau phải không trước ngày đầu, và cùng một năm: sổ mở theo từng năm.")
    return first, last, ""


def _day(text: str, default: date) -> date | None:
    if not text.strip():
        return default
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007  a date
    except ValueError:
        return None
