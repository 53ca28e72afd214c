"""One act on many cases: the selection, what would come of it, and the one confirmation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access.route import needs
from tinhso.core.cases import bulk
from tinhso.core.cases.bulk import BulkAct, BulkField
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs import queries as jobs
from tinhso.core.jobs.models import RunState
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.queries import bulk as queries
from tinhso.systems.onestop.views.staff.case import SEES
from tinhso.systems.onestop.views.staff.lists import read_filter


@needs(*SEES)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the selection as it stands now: the boxes ticked, or everything the filter lets through."""
    actor, sent = request.actor, request.POST  # type: ignore[attr-defined]
    what = read_filter(request) if sent.get("pham-vi") == "tat-ca" else None
    try:
        run = bulk.prepare(
            sent.get("viec", ""), actor=actor, codes=sent.getlist("ma"), what=what, back=_back(request)
        )
    except Refusal as refusal:
        context = {"error": refusal, "back": _back(request)}
        return render(request, "onestop/staff/many.html", context, status=refusal.status)
    return redirect("onestop:staff_many_confirm", run_id=run.id)


def _back(request: HttpRequest) -> str:
    sent = request.POST
    if sent.get("tu") == "ky":
        return reverse("onestop:staff_signing")
    query = QueryDict(mutable=True)
    query.update({k: v for k, v in sent.dict().items() if k in queries.FILTERS and v})
    return f"{reverse('onestop:staff_list')}?{query.urlencode()}" if query else reverse("onestop:staff_list")


@needs(*SEES)
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What can be done and what not, and why; the data of the act; then one confirmation."""
    actor = request.actor  # type: ignore[attr-defined]
    run = jobs.run(run_id, actor=actor)
    if run.state != RunState.PREPARED or run.kind != bulk.KIND:
        return redirect("jobs:show", run_id=run.id)
    if "thoi" in request.POST:
        runs.discard(run.id, actor=actor)
        return redirect(run.data.get("back") or "onestop:staff_list")
    act, error, values = bulk.bulk_act(run.data["act"]), None, None
    typed = _typed(act, request.POST)
    if request.method == "POST" or not act.fields:
        try:
            sent = _read(act, typed)
            values = bulk.values_given(act, sent)
            if "dong-y" in request.POST:
                bulk.confirm(run, sent, actor=actor, anyway=request.POST.get("van-lam") == "1")
                return redirect("jobs:show", run_id=run.id)
        except Refusal as refusal:
            error = refusal
    context = {
        "run": run,
        "act": act,
        "trial": bulk.trial(run, actor=actor, values=values),
        "fields": [(f, typed[f.name], _choices(f, run_id, act)) for f in act.fields],
        "error": error,
        "anyway": request.POST.get("van-lam") == "1",
        "back": run.data.get("back", ""),
    }
    return render(request, "onestop/staff/many.html", context, status=error.status if error else 200)


def _typed(act: BulkAct, sent: QueryDict) -> dict[str, Any]:
    return {
        f.name: sent.getlist(f.name) if f.kind == "papers" else sent.get(f.name, f.value).strip()
        for f in act.fields
    }


def _read(act: BulkAct, typed: dict[str, Any]) -> dict[str, Any]:
    """The typed texts with dates as the engine takes them; a `Refusal` names the field that cannot be read."""
    values = dict(typed)
    for wanted in act.fields:
        if wanted.kind == "date" and values[wanted.name]:
            try:
                values[wanted.name] = datetime.strptime(values[wanted.name], "%d/%m/%Y").date().isoformat()  # noqa: DTZ007  a date
            except ValueError:
                message = f"Hãy nhập “{wanted.label}” dạng ngày/tháng/năm, ví dụ 30/11/2026."
                raise Refusal("bad_date", message, 422, field=wanted.name) from None
    return values


def _choices(wanted: BulkField, run_id: UUID, act: BulkAct) -> list[tuple[str, str]]:
    if wanted.kind == "person":
        return queries.people_for(run_id)
    return queries.papers_for_all(run_id) if wanted.kind == "papers" else list(wanted.choices)
