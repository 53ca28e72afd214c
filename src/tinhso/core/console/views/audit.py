"""The log of acts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.route import needs
from tinhso.core.audit.queries import EntryFilter
from tinhso.core.console import actions
from tinhso.core.console.forms import Sheet, Typed, at_fields, placed
from tinhso.core.console.policy import AUDIT
from tinhso.core.console.queries import audit as queries
from tinhso.core.console.queries.operations import runs_of_kinds
from tinhso.core.console.views.frame import actor_of, cursor_of
from tinhso.core.console.words import KIND_WORDS
from tinhso.kit.errors import Refusal

#: What is looked through when neither dates nor an object are given: an act or a person may be rare.
WINDOW = timedelta(days=92)


@needs(AUDIT)
def entries(request: HttpRequest) -> HttpResponse:
    """Entries, latest first; `?loai=&ma=` an object, `?nguoi=` a person's id, `?viec=` an act, `?tu=&den=` days."""
    sheet, what, status = Sheet(request.GET if request.GET else None), EntryFilter(), 200
    try:
        what = _asked(Typed(request.GET))
    except Refusal as refusal:
        sheet, status = Sheet(request.GET, placed(refusal)), refusal.status
    kinds = sorted(((code, _(words)) for code, words in KIND_WORDS.items()), key=lambda pair: pair[1])
    views = [
        # a filter is never an obligation: none of them needs to say that it is optional
        sheet.select("viec", _("Việc"), queries.act_choices()),
        sheet.select("loai", _("Đối tượng"), kinds),
        sheet.text("ma", _("Mã đối tượng"), max_length=64),
        sheet.text("nguoi", _("Mã người làm"), max_length=36),
        sheet.text("tu", _("Từ ngày"), max_length=10),
        sheet.text("den", _("Đến hết ngày"), max_length=10),
    ]
    page = queries.entries(what, actor=actor_of(request), cursor=cursor_of(request))
    context = {
        "page": page,
        "views": views,
        "errors": at_fields(sheet.errors, views),
        "what": what,
        "asked": bool(request.GET),
    }
    return render(request, "console/audit.html", context, status=status)


def _asked(typed: Typed) -> EntryFilter:
    since, until, person = typed.maybe_day("tu"), typed.maybe_day("den"), typed.text("nguoi")
    if person:
        try:
            UUID(person)
        except ValueError as error:
            raise Refusal(
                "bad_id", _("Mã người gồm 36 ký tự, lấy ở trang của người đó."), status=422, field="nguoi"
            ) from error
    start = timezone.make_aware(datetime.combine(since, time.min)) if since else None
    if start is None and (person or typed.text("viec")) and not typed.text("ma"):
        start = timezone.now() - WINDOW
    end = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)) if until else None
    return EntryFilter(typed.text("loai"), typed.text("ma"), person, typed.text("viec"), start, end)


@needs(AUDIT)
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry with everything it tells."""
    line = queries.entry(entry_id, actor=actor_of(request))
    hashes = {"digest": bytes(line.entry.digest).hex(), "hash": bytes(line.entry.hash).hex()}
    context = {"line": line, "entry": line.entry, "changes": queries.changes(line.entry.data)} | hashes
    return render(request, "console/entry.html", context)


@needs(AUDIT)
def verification(request: HttpRequest) -> HttpResponse:
    """Have the chain proved by the worker, and what the last proofs found."""
    if request.method == "POST":
        actions.start_verification(actor=actor_of(request))
        return redirect("console:verification")
    runs = runs_of_kinds([actions.VERIFY])
    running = any(run.finished_at is None for run in runs[:1])
    return render(request, "console/verification.html", {"runs": runs, "running": running})


@needs(AUDIT)
def seals(request: HttpRequest) -> HttpResponse:
    """The daily seals."""
    return render(request, "console/seals.html", {"page": queries.seals(cursor_of(request))})
