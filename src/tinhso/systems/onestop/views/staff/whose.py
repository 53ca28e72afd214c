"""Whose a procedure is: the officers' question, answered with its source, to read and to print."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tinhso.core.access.route import needs
from tinhso.kit.dates import DateError, PartialDate
from tinhso.systems.onestop.forms import place_view, read_place
from tinhso.systems.onestop.queries import counter
from tinhso.systems.onestop.queries.competence import APPLICANTS, Asked, answered
from tinhso.systems.onestop.rules.plain import CHANNELS
from tinhso.systems.onestop.views.staff.case import SEES

LONGEST = 100


@needs(*SEES)
@require_safe
def whose(request: HttpRequest) -> HttpResponse:
    """`?thu-tuc=` code, `?ngay=`, `?xa=` place, `?doi-tuong=` applicant, `?kenh=` channel; `?tim=` words to find a procedure."""
    lang, sent = get_language() or "vi", request.GET
    place = read_place(sent, "xa")
    on, wrong_day = _day(sent.get("ngay", ""))
    asked = Asked(
        sent.get("thu-tuc", "").strip()[:20],
        on,
        place.code,
        _one(sent.get("doi-tuong", ""), APPLICANTS, "person"),
        _one(sent.get("kenh", ""), CHANNELS, "counter"),
    )
    words = sent.get("tim", "").strip()[:LONGEST]
    if asked.procedure and not wrong_day:
        asked = answered(asked, lang)
    typed = bool(sent.get("xa-q", "").strip() or place.code)
    context = {
        "asked": asked,
        "words": words,
        "found": counter.procedures_at_counter(words, lang) if words and not asked.procedure else [],
        "place": place_view("xa", place, chosen=place.code, asked=typed, served=True),
        "day_text": sent.get("ngay", "") or f"{on:%d/%m/%Y}",
        "wrong_day": wrong_day,
        "applicants": [(k, t.in_(lang)) for k, t in APPLICANTS.items()],
        "channels": [(k, t.in_(lang)) for k, t in CHANNELS.items()],
        "now": timezone.now(),
    }
    return render(request, "onestop/staff/whose.html", context, status=_status(asked, wrong_day))


def _status(asked: Asked, wrong_day: bool) -> int:
    if wrong_day:
        return 422
    return asked.refusal.status if asked.refusal else 200


def _one(sent: str, known: object, otherwise: str) -> str:
    return sent if sent in known else otherwise  # type: ignore[operator]


def _day(text: str) -> tuple[date, bool]:
    """The day asked about (today without one), and whether what was typed is no day."""
    if not text.strip():
        return timezone.localdate(), False
    try:
        found = PartialDate.parse(text)
        if found.precision == "day":
            return found.first, False
    except (DateError, ValueError):
        pass
    return timezone.localdate(), True
