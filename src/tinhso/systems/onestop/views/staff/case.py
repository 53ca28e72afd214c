"""The page of one case, and doing an act on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions import pay_back, perform
from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.links import linked
from tinhso.core.cases.models import Act
from tinhso.core.cases.pages import case_links
from tinhso.core.cases.queries import CaseFile
from tinhso.core.forms.view import FieldView
from tinhso.kit.errors import Forbidden, NotFound, Refusal, Stale
from tinhso.systems.onestop.actions.handover import assign_step
from tinhso.systems.onestop.actions.staff import sign_result
from tinhso.systems.onestop.documents import TITLES, available, has_draft
from tinhso.systems.onestop.queries.money import money_of
from tinhso.systems.onestop.queries.staff import case_page
from tinhso.systems.onestop.views.staff import actforms, moneyforms, stepforms
from tinhso.systems.onestop.views.staff.stepforms import UNFILLED as WRONG

SEES = ("cases.see", "cases.receive", "cases.work", "cases.sign", "cases.cashier")
DONE_WORDS = {
    "hand_over": "Đã chuyển hồ sơ cho cơ quan giải quyết.",
    "ask_supplement": "Đã yêu cầu bổ sung. Người nộp được báo ngay; in phiếu nếu họ đang ở quầy.",
    "refuse_reception": "Đã từ chối tiếp nhận. In phiếu từ chối cho người nộp.",
    "take": "Bạn đã nhận xử lý bước này.",
    "assign": "Đã phân công.",
    "release": "Đã trả bước này về hàng chung.",
    "draft": "Đã lưu dự thảo.",
    "complete": "Đã chuyển bước tiếp theo.",
    "propose_refusal": "Đã trình đề nghị không giải quyết.",
    "answer": "Đã gửi trả lời.",
    "sign": "Đã ký. Kết quả được chuyển về nơi trả.",
    "return_for_correction": "Đã trả lại để sửa.",
    **moneyforms.DONE_WORDS,
    "deliver": "Đã trả kết quả. Hồ sơ hoàn thành.",
    "extend": "Đã gửi lời xin lỗi và hẹn lại ngày trả.",
    "vote": "Đã ghi phiếu của bạn.",
    "second": "Đã ghi ý kiến của người thứ hai.",
    "retry": "Hệ thống sẽ thử lại ngay.",
    "by_hand": "Đã ghi kết quả. Hồ sơ đi tiếp.",
    "direct": "Đã ghi ý kiến chỉ đạo.",
    "taken_back": "Đã ghi việc thu hồi.",
    "note": "Đã ghi chú.",
}
UNFILLED = Refusal(
    "bad_fields", "Dự thảo chưa điền đủ hoặc có chỗ chưa đúng. Hãy sửa chỗ được đánh dấu.", 422
)


@needs(*SEES)
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The case with everything about it and the acts allowed now."""
    file = cases.open_case(code, actor=_actor(request))
    return _render(request, file)


@needs(*SEES)
@require_POST
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Do one act; a refusal comes back on the same page, at the act, with what was typed."""
    actor = _actor(request)
    file = cases.open_case(code, actor=actor)
    if name not in ACTS or (name not in actforms.ORDER and name != "draft"):
        raise NotFound("no_act", "Không có việc này.")
    views: tuple[FieldView, ...] = ()
    try:
        data, views = _data(file, name, request, actor)
        if name in ("complete", "by_hand") and any(view.error for view in views):
            return _refused(request, code, name, UNFILLED if name == "complete" else WRONG, views)
        _do(file, name, data, request, actor)
    except Stale as stale:
        if _done_already(file, name, request, actor):
            return _back(request, code, name)
        return _refused(request, code, name, stale, views)
    except (Forbidden, Refusal) as refusal:
        return _refused(request, code, name, refusal, views)
    return _back(request, code, name)


def _data(
    file: CaseFile, name: str, request: HttpRequest, actor: Actor
) -> tuple[dict[str, Any], tuple[FieldView, ...]]:
    """The act's data, and for a draft the fields as they were sent, with what is wrong in them."""
    token = request.POST.get("token", "")
    if name in ("complete", "draft") and actforms.drafts_result(file, token):
        read = actforms.read_draft(file, request.POST)
        return {"token": token, "fields": read.answers}, read.views
    if name == "by_hand":
        typed = stepforms.read_by_hand(file, request.POST)
        return typed.data, typed.views
    return actforms.parse(name, request.POST, request.FILES, file, actor), ()


def _do(file: CaseFile, name: str, data: dict[str, Any], request: HttpRequest, actor: Actor) -> None:
    seen = request.POST.get("seq", "")
    seq = int(seen) if seen.isdigit() else None
    if name == "sign":
        sign_result(file.case.id, data.get("token", ""), actor=actor, seen_seq=seq)
    elif name == "assign":
        person = request.POST.get("person_id", "")
        assign_step(file.case.id, data.get("token", ""), person, actor=actor, expected_seq=seq)
    elif name == "confirm_refund":
        _, told = pay_back(file.case.id, data["refund"], reference=data["reference"], actor=actor)
        if told:
            messages.info(request, told)
    else:
        perform(file.case.id, name, data, actor=actor, expected_seq=seq)


def _done_already(file: CaseFile, name: str, request: HttpRequest, actor: Actor) -> bool:
    """Whether the act sent from a stale page is the same person's own act a moment ago: a form sent twice."""
    seen = request.POST.get("seq", "")
    if not seen.isdigit():
        return False
    later = Act.objects.filter(case_id=file.case.id, seq__gt=int(seen), kind=name)
    return later.filter(actor__person=str(actor.person_id), seq__lte=int(seen) + 2).exists()


def _back(request: HttpRequest, code: str, name: str) -> HttpResponse:
    if name != "accept":  # the page itself says so, with the print beside it
        messages.success(request, DONE_WORDS.get(name, "Đã ghi nhận."))
    back = request.POST.get("next", "")
    if back == "ky":
        return redirect("onestop:staff_signing")
    address = reverse("onestop:staff_case", args=[code])
    return redirect(f"{address}?in=receipt" if name == "accept" else address)


def _refused(
    request: HttpRequest, code: str, name: str, refusal: Refusal, views: tuple[FieldView, ...]
) -> HttpResponse:
    """The page again as it is now, with the refusal at its act; when the act is gone, at the top."""
    file = cases.open_case(code, actor=_actor(request))
    return _render(request, file, failed="complete" if name == "draft" else name, error=refusal, views=views)


def _render(
    request: HttpRequest,
    file: CaseFile,
    *,
    failed: str = "",
    error: Refusal | None = None,
    views: tuple[FieldView, ...] = (),
) -> HttpResponse:
    request.case_code = file.case.code  # type: ignore[attr-defined]
    now, lang = timezone.now(), get_language() or "vi"
    page = case_page(file, now, lang, actor=_actor(request))
    token, typed = request.POST.get("token", ""), request.POST if error else None
    forms = actforms.act_forms(
        page, _actor(request), failed=failed, token=token, error=error, typed=typed, views=views
    )
    context = {
        "page": page,
        "file": file,
        "case": file.case,
        "state": file.state,
        "definition": file.definition,
        "forms": forms,
        "money": money_of(file.state, lang),
        "now": now,
        "error": error,
        "misplaced": error if error and not any(f.error for f in forms) else None,
        "prints": [(kind, TITLES[kind]) for kind in available(file.state)],
        "can_preview": bool(file.state.at("sign") or file.state.at("work")) and has_draft(file),
        "linked": linked(file.case, file.state, actor=_actor(request)),
        "may_receive": _actor(request).may("cases.receive"),
        "in_group": file.case.key.startswith("lo:"),
        "can_correct": file.can("correct"),
        "more": case_links(file.case.code),
        "back": request.GET.get("tu") or request.POST.get("next", ""),
        "just_accepted": request.GET.get("in") == "receipt" and "receipt" in available(file.state),
    }
    return render(request, "onestop/staff/case.html", context, status=error.status if error else 200)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]
