"""One form for many people: the table, what is wrong in it, the confirmation; and the page of a group."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tinhso.core.access.route import needs
from tinhso.core.cases import bulk, links
from tinhso.core.cases import queries as cases
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs import queries as jobs
from tinhso.core.jobs.models import RunState
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.tables import MOST_BYTES, Rows, TableError, read_table, read_text, write_csv
from tinhso.systems.onestop.actions import copies
from tinhso.systems.onestop.rules.copies import columns_of
from tinhso.systems.onestop.views.staff.case import SEES

PURPOSE = "Nộp hồ sơ tương tự cho nhiều người"


@needs("cases.receive")
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, code: str) -> HttpResponse:
    """Bring the table: a file, or rows pasted from a spreadsheet."""
    actor = request.actor  # type: ignore[attr-defined]
    base = cases.open_case(code, actor=actor, purpose=PURPOSE)
    definition = copies.definition_at_counter(base.case.procedure_id)
    context = {"base": base, "definition": definition, "columns": columns_of(definition.form)}
    if request.method != "POST":
        return render(request, "onestop/staff/copies.html", context)
    typed = request.POST.get("table", "")
    try:
        run = copies.prepare_copies(base, _rows(request, typed), actor=actor)
    except Refusal as refusal:
        context |= {"error": refusal, "typed": typed}
        return render(request, "onestop/staff/copies.html", context, status=refusal.status)
    return redirect("onestop:staff_copies_confirm", run_id=run.id)


def _rows(request: HttpRequest, typed: str) -> Rows:
    upload = request.FILES.get("file")
    try:
        return read_text(typed) if upload is None else read_table(upload.read(MOST_BYTES + 1))
    except TableError as error:
        raise Refusal("bad_table", str(error), 422, field="table") from error


@needs("cases.receive")
@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The table to fill in: one column for each question, and the person."""
    base = cases.open_case(code, actor=request.actor, purpose=PURPOSE)  # type: ignore[attr-defined]
    definition = copies.definition_at_counter(base.case.procedure_id)
    text = write_csv([[c.heading for c in columns_of(definition.form)]])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="mau-{definition.code}.csv"'
    return response


@needs("cases.receive")
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What will be filed and what is wrong, line by line; then one confirmation."""
    actor = request.actor  # type: ignore[attr-defined]
    run = jobs.run(run_id, actor=actor)
    if run.state != RunState.PREPARED or run.kind != copies.KIND:
        return redirect("jobs:show", run_id=run.id)
    if "thoi" in request.POST:
        runs.discard(run.id, actor=actor)
        return redirect("onestop:staff_copies", code=run.data["case"])
    if "dong-y" in request.POST:
        runs.confirm(run.id, actor=actor, data={})
        return redirect("jobs:show", run_id=run.id)
    context = {
        "run": run,
        "good": copies.good_rows(run),
        "faults": copies.faults_of(run),
        "typed": "\n".join("\t".join(row) for row in run.data["table"]),
    }
    return render(request, "onestop/staff/copies_confirm.html", context)


@needs(*SEES)
@require_GET
def group(request: HttpRequest, code: str) -> HttpResponse:
    """Every case of a group the reader may see, with the acts for many."""
    actor = request.actor  # type: ignore[attr-defined]
    file = cases.open_case(code, actor=actor, purpose=PURPOSE)
    head = links.head_of(file.case.id)
    if head is None:
        raise NotFound("no_group", "Hồ sơ này không thuộc nhóm nào.")
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = links.group(head, actor=actor, cursor=cursor)
    return render(request, "onestop/staff/group.html", {"page": page, "bulk": bulk.offered(actor)})
