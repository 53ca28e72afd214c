"""Bringing a list of staff: the file, what its columns mean, what would come of it, and what came."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.models import Run, RunState
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import Refusal
from tinhso.kit.tables import write_csv
from tinhso.systems.accounts import sheets
from tinhso.systems.accounts.actions import importing
from tinhso.systems.accounts.queries import imports as queries
from tinhso.systems.accounts.rules.table import COLUMNS
from tinhso.systems.accounts.views.frame import actor_of, cursor_of

CODINGS = (
    ("", _("Tự nhận")), ("utf-8", "Unicode UTF-8"), ("cp1258", "Windows-1258"), ("tcvn3", "TCVN3 (ABC, .VnTime)"),
)  # fmt: skip
EXAMPLE = (
    "Nguyễn Thị Lan", "", "", "093192000123", "CB00123", "14/05/1992", "Nữ", "0912345678", "lan.nt@haugiang.gov.vn", "H30.41.21",
    "Công chức tư pháp - hộ tịch", "civil_status_officer", "01/07/2026", "", "lan.nt",
)  # fmt: skip


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a file. A wrong one is refused here with what to do."""
    actor, error = actor_of(request), None
    if request.method == "POST":
        try:
            name, data = _uploaded(request)
            run = importing.bring(actor=actor, data=data, name=name, coding=request.POST.get("coding", ""))
            return redirect("accounts:mapping", run.id)
        except Refusal as refusal:
            error = refusal
    context = {
        "error": error,
        "codings": CODINGS,
        "chosen": request.POST.get("coding", ""),
        "page": queries.mine(actor, importing.IMPORT, cursor=cursor_of(request)),
        "columns": COLUMNS,
    }
    return render(request, "accounts/imports.html", context, status=error.status if error else 200)


def _uploaded(request: HttpRequest) -> tuple[str, bytes]:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refusal("no_file", _("Chọn một tệp .xlsx hoặc .csv."), status=422, field="file")
    return upload.name or "", upload.read(sheets.MOST_BYTES + 1)


@needs(MANAGE)
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The empty table with every column and one line to show how."""
    shown = [c for c in COLUMNS if c.code not in ("family_name", "given_name")]
    example = [text for c, text in zip(COLUMNS, EXAMPLE, strict=True) if c in shown]
    response = HttpResponse(
        write_csv([[c.label for c in shown], example]), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="mau-danh-sach-can-bo.csv"'
    return response


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What each column means; then the worker reads every line."""
    actor = actor_of(request)
    run, error = queries.run_of(run_id, importing.CHECK, actor=actor), None
    if run.state != RunState.PREPARED:
        return redirect("jobs:show", run.id)
    data = run.data
    meant = request.POST.getlist("meant") if request.method == "POST" else data["meant"]
    if request.method == "POST":
        if sheet := request.POST.get("sheet", ""):
            return _other_sheet(request, run, sheet, actor)
        try:
            importing.look_through(actor=actor, run=run, meant=meant)
            return redirect("jobs:show", run.id)
        except Refusal as refusal:
            error = refusal
    pairs = [
        (n, text or f"({n + 1})", meant[n] if n < len(meant) else "") for n, text in enumerate(data["texts"])
    ]
    context = {"run": run, "pairs": pairs, "columns": COLUMNS, "error": error}
    return render(request, "accounts/mapping.html", context, status=error.status if error else 200)


def _other_sheet(request: HttpRequest, run: Run, sheet: str, actor: Actor) -> HttpResponse:
    """The same file, another sheet."""
    try:
        made = importing.bring_again(actor=actor, run=run, sheet=sheet)
    except Refusal as refusal:
        context = {"run": run, "pairs": [], "columns": COLUMNS, "error": refusal}
        return render(request, "accounts/mapping.html", context, status=refusal.status)
    return redirect("accounts:mapping", made.id)


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What would be added and changed, and what to mend; one confirmation for the rest."""
    actor = actor_of(request)
    run = queries.run_of(run_id, importing.IMPORT, actor=actor)
    if run.state != RunState.PREPARED:
        return redirect("jobs:show", run.id)
    if "thoi" in request.POST:
        runs.discard(run.id, actor=actor)
        return redirect("accounts:imports")
    if "dong-y" in request.POST:
        importing.confirm(
            actor=actor, run=run, make_posts="make_posts" in request.POST, invite="invite" in request.POST
        )
        return redirect("jobs:show", run.id)
    return render(request, "accounts/preview.html", _lines_context(request, run))


def _lines_context(request: HttpRequest, run: Run) -> dict[str, object]:
    counts, kind = queries.counts(run), request.GET.get("loai", "")
    tabs = [
        {"text": _(words), "url": f"?loai={code}", "current": kind == code, "count": counts.get(code, 0)}
        for code, words in queries.KINDS.items()
    ]
    every = {"text": _("Tất cả"), "url": "?", "current": not kind, "count": run.total}
    return {
        "run": run,
        "counts": counts,
        "good": run.total - counts.get("bad", 0),
        "tabs": [every, *tabs],
        "page": queries.lines(run, kind, cursor=cursor_of(request)),
        "common": queries.common_faults(run),
    }


@needs(MANAGE)
@never_cache
@require_GET
def report(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What came of a list."""
    run = queries.run_of(run_id, importing.IMPORT, actor=actor_of(request))
    counts = run.result.get("counts", {})
    rows = [(_(words), counts.get(code, 0)) for code, words in queries.KINDS.items()]
    return render(request, "accounts/report.html", {"run": run, "rows": rows, "bad": counts.get("bad", 0)})


@needs(MANAGE)
@never_cache
@require_GET
def faults(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The lines to mend as a table of their own: mended, it is brought the same way."""
    run = queries.run_of(run_id, importing.IMPORT, actor=actor_of(request))
    table = "".join(write_csv([row]).lstrip("\ufeff") for row in queries.faulty_rows(run))
    response = HttpResponse("\ufeff" + table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dong-can-sua.csv"'
    return response
