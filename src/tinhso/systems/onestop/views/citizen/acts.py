"""What an applicant may do with a case: answer a supplement, check the draft, withdraw, rate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access.route import signed_in
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import Supplement
from tinhso.core.files.models import StoredFile
from tinhso.core.forms import actions as drafts
from tinhso.core.forms.answers import display
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.forms.models import Draft
from tinhso.core.forms.view import FieldView, OptionView
from tinhso.core.ui.parts import SummaryRow
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions import citizen as acts
from tinhso.systems.onestop.documents import preview_result
from tinhso.systems.onestop.queries.case_page import case_url
from tinhso.systems.onestop.queries.filing import stored_files
from tinhso.systems.onestop.rules.plain import copies_in_words
from tinhso.systems.onestop.views.citizen import reader_language
from tinhso.systems.onestop.views.citizen.cases import own_case
from tinhso.systems.onestop.views.citizen.papers import (
    MAX_MB,
    PREFIX,
    PaperBox,
    chosen_files,
    file_lines,
    removed,
)

STARS = (
    "",
    gettext_noop("1 – rất không hài lòng"),
    gettext_noop("2 – không hài lòng"),
    gettext_noop("3 – bình thường"),
    gettext_noop("4 – hài lòng"),
    gettext_noop("5 – rất hài lòng"),
)


@signed_in
@require_http_methods(["GET", "POST"])
def supplement(request: HttpRequest, code: str) -> HttpResponse:
    """Only the papers asked for, each with its reason; kept at every step until sent."""
    file, actor = own_case(request, code), request.actor  # type: ignore[attr-defined]
    asked = file.state.open_supplement
    if asked is None or not file.can("supplement"):
        return _back(request, file, _("Hồ sơ này không còn yêu cầu bổ sung nào đang chờ."))
    errors: dict[str, str] = {}
    draft = acts.supplement_draft(file, actor=actor, make=request.method == "POST")
    if request.method == "POST" and draft is not None:
        errors = acts.attach(draft.id, chosen_files(request, {i.paper for i in asked.items}), actor=actor)
        for paper, file_id in removed(request):
            drafts.detach(draft.id, paper, file_id, actor=actor)
            return HttpResponseRedirect(request.path)
        if not errors and "upload" in request.POST:
            return HttpResponseRedirect(request.path)
        draft = acts.supplement_draft(file, actor=actor, make=True)
        errors = errors or _lacking(file, asked, draft)
        if not errors:
            return _sent(request, file)
    return _supplement_page(request, file, asked, draft, errors)


def _lacking(file: CaseFile, asked: Supplement, draft: Draft | None) -> dict[str, str]:
    given = draft.files if draft else {}
    return {
        i.paper: _("Hãy đính kèm “%(name)s”.") % {"name": _paper_name(file, i.paper)}
        for i in asked.items
        if not given.get(i.paper)
    }


def _sent(request: HttpRequest, file: CaseFile) -> HttpResponse:
    acts.send_supplement(file, actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("Đã nộp bổ sung. Cơ quan sẽ xử lý tiếp và báo cho bạn."))
    return HttpResponseRedirect(case_url(file.case.code))


def _supplement_page(
    request: HttpRequest, file: CaseFile, asked: Supplement, draft: Draft | None, errors: dict[str, str]
) -> HttpResponse:
    known = stored_files(draft.files if draft else {})
    boxes = [
        (_box(file, i.paper, known.get(i.paper, []), errors.get(i.paper, "")), i.reason) for i in asked.items
    ]
    context = {
        "file": file,
        "case": file.case,
        "asked": asked,
        "boxes": boxes,
        "errors": [(PREFIX + b.id, b.error) for b, _reason in boxes if b.error],
        "max_mb": MAX_MB,
    }
    return render(request, "onestop/citizen/supplement.html", context, status=422 if errors else 200)


def _box(file: CaseFile, paper: str, files: list[StoredFile], error: str) -> PaperBox:
    rule, lang = file.definition.paper(paper), reader_language()
    return PaperBox(
        paper,
        _paper_name(file, paper),
        rule.hint.in_(lang) if rule and rule.hint else "",
        rule.instead_of.in_(lang) if rule and rule.instead_of else "",
        "",
        True,
        copies_in_words(rule, lang) if rule else "",
        file_lines(paper, files),
        error,
    )


def _paper_name(file: CaseFile, paper: str) -> str:
    rule = file.definition.paper(paper)
    return rule.name.in_(reader_language()) if rule else paper


@signed_in
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """The draft of the result: right, or what is to be corrected."""
    file = own_case(request, code)
    if not file.can("confirm"):
        return _back(request, file, _("Bản dự thảo không còn chờ bạn kiểm tra."))
    answer, text, error = request.POST.get("answer", ""), request.POST.get("text", ""), ""
    if request.method == "POST":
        if answer == "confirm":
            return _act(request, file, "confirm", {}, _("Cảm ơn bạn. Hồ sơ được chuyển đi ký."))
        if answer == "object" and text.strip():
            return _act(
                request, file, "object", {"text": text}, _("Đã chuyển đề nghị sửa của bạn đến cán bộ soạn.")
            )
        error = _("Hãy ghi chỗ cần sửa.") if answer == "object" else _("Hãy chọn một câu trả lời.")
    options = (
        OptionView("confirm", _("Đúng, hãy ký"), checked=answer == "confirm"),
        OptionView("object", _("Có chỗ cần sửa"), checked=answer == "object"),
    )
    wrong_text = answer == "object"
    views = [
        FieldView("answer", "choice", _("Nội dung có đúng không?"), required=True, options=options, error="" if wrong_text else error),
        FieldView(
            "text", "textarea", _("Cần sửa gì?"), _("Chỉ điền khi có chỗ cần sửa."), value=text,
            error=error if wrong_text else "", max_length=2000,
        ),
    ]  # fmt: skip
    context = {"file": file, "case": file.case, "rows": _draft_rows(file), "views": views}
    context["due"] = file.state.at("ask_applicant")
    return render(request, "onestop/citizen/draft.html", context, status=422 if error else 200)


def _draft_rows(file: CaseFile) -> list[SummaryRow]:
    fields = file.definition.result.fields
    if fields is None:
        return []
    sections = display(fields, file.state.draft, reader_language(), OrgPlaces())
    return [SummaryRow(r.label, r.text) for s in sections for r in s.rows]


@signed_in
def draft_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The draft as it will be signed, marked as a draft."""
    file = own_case(request, code)
    if not file.can("confirm"):
        return _back(request, file, _("Bản dự thảo không còn chờ bạn kiểm tra."))
    response = HttpResponse(preview_result(file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="du-thao-{code}.pdf"'
    return response


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask to withdraw, with the reason."""
    file = own_case(request, code)
    if not file.can("withdraw"):
        return _back(request, file, _("Hồ sơ này không rút được nữa."))
    reason, error = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            return _act(
                request, file, "withdraw", {"reason": reason}, _("Đã ghi nhận đề nghị rút hồ sơ của bạn.")
            )
        except Refusal as refusal:
            error = refusal.message
    label = _("Vì sao bạn muốn rút hồ sơ?")
    view = FieldView("reason", "textarea", label, required=True, value=reason, error=error, max_length=1000)
    context = {"file": file, "case": file.case, "views": [view]}
    return render(request, "onestop/citizen/withdraw.html", context, status=422 if error else 200)


@signed_in
@require_POST
def again(request: HttpRequest, code: str) -> HttpResponse:
    """The same once more: a new draft with the answers of this case."""
    draft = acts.file_again(own_case(request, code), actor=request.actor)  # type: ignore[attr-defined]
    messages.info(request, _("Các câu trả lời cũ đã được điền sẵn. Hãy xem lại từng trang rồi nộp."))
    return redirect("onestop:filing", draft_id=draft.id)


@signed_in
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the result to be corrected: say what is wrong, then put the answers right."""
    file, actor = own_case(request, code), request.actor  # type: ignore[attr-defined]
    if not file.can("correct"):
        return _back(request, file, _("Hồ sơ này không có kết quả để đính chính."))
    wrong, error = request.POST.get("wrong", ""), ""
    if request.method == "POST":
        try:
            draft = acts.ask_correction(file, wrong=wrong, actor=actor)
            return redirect("onestop:filing", draft_id=draft.id)
        except Refusal as refusal:
            error = refusal.message
    label = _("Kết quả sai ở đâu, và đúng phải là gì?")
    view = FieldView("wrong", "textarea", label, required=True, value=wrong, error=error, max_length=1000)
    context = {"file": file, "case": file.case, "views": [view]}
    return render(request, "onestop/citizen/correct.html", context, status=422 if error else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """One to five, and words if one likes."""
    file = own_case(request, code)
    if file.state.rating is not None or not file.can("rate"):
        return _back(request, file, "")
    stars, text, error = request.POST.get("stars", ""), request.POST.get("text", ""), ""
    if request.method == "POST":
        try:
            given = int(stars) if stars in {"1", "2", "3", "4", "5"} else 0
            return _act(request, file, "rate", {"stars": given, "text": text}, _("Cảm ơn bạn đã đánh giá."))
        except Refusal as refusal:
            error = refusal.message
    options = tuple(OptionView(str(n), _(STARS[n]), checked=stars == str(n)) for n in range(5, 0, -1))
    views = [
        FieldView("stars", "choice", _("Bạn hài lòng đến đâu?"), required=True, options=options, error=error),
        FieldView("text", "textarea", _("Điều gì tốt, điều gì cần sửa?"), value=text, max_length=2000),
    ]
    context = {"file": file, "case": file.case, "views": views}
    return render(request, "onestop/citizen/rate.html", context, status=422 if error else 200)


def _act(request: HttpRequest, file: CaseFile, kind: str, data: dict[str, Any], thanks: str) -> HttpResponse:
    acts.act(file, kind, data, actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, thanks)
    return HttpResponseRedirect(case_url(file.case.code))


def _back(request: HttpRequest, file: CaseFile, why: str) -> HttpResponse:
    """To the case: what was asked for was done already, or cannot be done any more."""
    if why:
        messages.info(request, why)
    return HttpResponseRedirect(case_url(file.case.code))
