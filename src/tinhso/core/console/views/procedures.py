"""Procedures: what is in force, reading a version, publishing the next one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tinhso.core.access.route import needs
from tinhso.core.cases.policy import PUBLISH
from tinhso.core.console import actions
from tinhso.core.console.forms import ActPage, Sheet, Typed, at_fields, placed, run
from tinhso.core.console.queries import plans
from tinhso.core.console.queries import procedures as queries
from tinhso.core.console.views.frame import actor_of, cursor_of
from tinhso.core.procedures.files import LARGEST_ARCHIVE, Files, files_of_zip, tidy, zip_of
from tinhso.kit.errors import Refusal

_PREFIX = "file:"
CODE = re.compile(r"\d\.\d{6}")


@needs(PUBLISH)
def procedures(request: HttpRequest) -> HttpResponse:
    """All procedures; `?q=` words or a code, `?linhvuc=` a field, `?loai=` online or info."""
    asked = {name: request.GET.get(name, "") for name in ("q", "linhvuc", "loai")}
    page = queries.list_procedures(
        asked["q"], field=asked["linhvuc"], kind=asked["loai"], cursor=cursor_of(request)
    )
    context = {"page": page, "asked": asked, "fields": queries.field_choices()}
    return render(request, "console/procedures.html", context)


@needs(PUBLISH)
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure with its versions."""
    row, versions = queries.versions_of(code)
    return render(request, "console/procedure.html", {"procedure": row, "versions": versions})


@needs(PUBLISH)
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version in words."""
    row, lang = queries.version(code, number), get_language() or "vi"
    context = {
        "version": row,
        "procedure": row.procedure,
        "reading": queries.reading(row, lang),
        "lang": lang,
    }
    return render(request, "console/version.html", context)


@needs(PUBLISH)
def download(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The files of a version as one .zip."""
    row = queries.version(code, number)
    response = HttpResponse(zip_of(queries.files_of(row, code)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{code}-v{number}.zip"'
    return response


@needs(PUBLISH)
def add(request: HttpRequest) -> HttpResponse:
    """A procedure not in the catalogue yet: its national code leads to the editor."""

    def do(typed: Typed) -> str:
        if not CODE.fullmatch(typed.text("code")):
            message = _("Mã quốc gia gồm một chữ số, dấu chấm và sáu chữ số, ví dụ 1.001193.")
            raise Refusal("bad_code", message, status=422, field="code")
        return reverse("console:edit_procedure", args=[typed.text("code")])

    page = ActPage(
        title=_("Thêm thủ tục"),
        fields=lambda s: [s.text("code", _("Mã thủ tục quốc gia"), width="short", max_length=20)],
        do=do, button=_("Tiếp tục"), done=_("Soạn các tệp hoặc tải lên một tệp .zip."), back=reverse("console:procedures"),
        section=(_("Quản lý thủ tục"), reverse("console:procedures")),
    )  # fmt: skip
    return run(request, page)


@needs(PUBLISH)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The files of the next version: from the one in force, from a .zip, or as typed; checked, compared, published.

    Nothing is kept between two requests but what stands in the page, so that what was typed is never lost.
    """
    procedure, versions = queries.for_edit(code)
    before = queries.files_of(queries.base_of(code), code)
    if request.method != "POST":
        return _editor(request, procedure, versions, before, before, {})
    try:
        files = _files(request)
    except Refusal as refusal:
        typed = _typed_files(request)
        return _editor(request, procedure, versions, typed, before, placed(refusal), status=refusal.status)
    judged = queries.judged(files)
    if "publish" not in request.POST:
        return _editor(
            request, procedure, versions, files, before, {}, judged, status=200 if judged.good else 422
        )
    try:
        day = Typed(request.POST).day("valid_from")
        done = actions.publish_judged(
            actor=actor_of(request), code=code, files=files, judged=judged, valid_from=day
        )
    except Refusal as refusal:
        return _editor(
            request, procedure, versions, files, before, placed(refusal), judged, status=refusal.status
        )
    told = (
        _("Đã công bố phiên bản %(n)s.")
        if done.changed
        else _("Nội dung không khác phiên bản %(n)s; không công bố gì.")
    )
    messages.success(request, told % {"n": done.version.number})
    return redirect("console:procedure", code)


def _typed_files(request: HttpRequest) -> Files:
    sent = request.POST
    return tidy({key.removeprefix(_PREFIX): sent.get(key, "") for key in sent if key.startswith(_PREFIX)})


def _files(request: HttpRequest) -> Files:
    """What was uploaded, else what was typed; empty example and template files are left out."""
    archive = request.FILES.get("archive")
    if archive is None:
        typed = _typed_files(request)
        return {name: text for name, text in typed.items() if text.strip() or "/" not in name}
    if archive.size is None or archive.size > LARGEST_ARCHIVE:
        raise Refusal("too_big", _("Tệp .zip quá lớn (nhiều nhất 3 MB)."), status=413, field="archive")
    return files_of_zip(archive.read())


def _editor(
    request: HttpRequest, procedure: Any, versions: list[Any], files: Files, before: Files, errors: Mapping[str, str],
    judged: Any = None, *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    sheet = Sheet(request.POST if request.method == "POST" else None, errors)
    when = sheet.day("valid_from", _("Có hiệu lực từ ngày"), value=timezone.localdate())
    context = {
        "publication": _publication(procedure.code, judged, when.value),
        "procedure": procedure, "versions": versions, "files": [_file_view(n, t, judged) for n, t in files.items()],
        "diffs": queries.compare(before, files), "judged": judged, "when": when,
        "gaps": queries.gaps_of(judged) if judged else [],
        "faults": [(_anchor(f.file), f) for f in judged.faults] if judged else [],
        "archive_error": errors.get("archive", ""), "errors": at_fields(errors, [when]),
    }  # fmt: skip
    return render(request, "console/edit.html", context, status=status)


def _publication(code: str, judged: Any, day: Any) -> plans.Publication | None:
    """What publishing a good definition would do, on the day typed or today."""
    if judged is None or judged.entry is None or judged.entry.definition is None:
        return None
    try:
        on = Typed({"day": str(day)}).day("day")
    except Refusal:
        on = timezone.localdate()
    return plans.publication(code, judged.entry.definition, on)


def _anchor(name: str) -> str:
    return "f-" + re.sub(r"[^\w-]", "-", name)


def _file_view(name: str, text: str, judged: Any) -> dict[str, object]:
    faults = [f for f in judged.faults if f.file == name] if judged else []
    rows = min(max(text.count("\n") + 2, 6), 30)
    return {
        "name": name,
        "id": _anchor(name),
        "text": text,
        "rows": rows,
        "faults": faults,
    }
