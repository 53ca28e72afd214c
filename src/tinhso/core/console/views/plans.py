"""Two versions side by side, and the plans that move open cases from one to the other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tinhso.core.access.route import needs
from tinhso.core.cases.actions import plans as actions
from tinhso.core.cases.policy import PUBLISH
from tinhso.core.console.forms import ActPage, Typed, run
from tinhso.core.console.queries import plans as queries
from tinhso.core.console.queries import procedures
from tinhso.core.console.views.frame import actor_of, cursor_of
from tinhso.kit.errors import Refusal

_STEP = "step-"


@needs(PUBLISH)
def compare(request: HttpRequest, code: str, frm: int, to: int) -> HttpResponse:
    """What changed from one version to another."""
    old, new, diff = queries.two_versions(code, frm, to)
    context = {"procedure": new.procedure, "old": old, "new": new, "diff": diff}
    return render(request, "console/compare.html", context)


@needs(PUBLISH)
def plans(request: HttpRequest, code: str) -> HttpResponse:
    """The plans of a procedure."""
    procedure, versions = procedures.versions_of(code)
    page = queries.plans_of(code, cursor_of(request))
    rows = [{"plan": plan, "state": _(queries.STATES[plan.state])} for plan in page.rows]
    return render(
        request,
        "console/plans.html",
        {"procedure": procedure, "versions": versions, "rows": rows, "page": page},
    )


@needs(PUBLISH)
def make(request: HttpRequest, code: str) -> HttpResponse:
    """A new plan: from which version to which."""
    procedure, versions = procedures.versions_of(code)
    choices = [
        (str(v.version.number), f"{_('Phiên bản')} {v.version.number} ({v.figure} {_('hồ sơ đang chạy')})")
        for v in versions
    ]

    def do(typed: Typed) -> str:
        numbers = {name: int(typed.text(name)) if typed.text(name).isdigit() else 0 for name in ("frm", "to")}
        plan = actions.make_plan(actor=actor_of(request), procedure=code, **numbers)
        return reverse("console:plan", args=[code, plan.id])

    page = ActPage(
        title=_("Lập kế hoạch chuyển phiên bản"), thing=procedure.name,
        lead=_("Chọn phiên bản hồ sơ đang theo và phiên bản muốn chuyển tới. Chưa có hồ sơ nào bị chuyển ở bước này."),
        fields=lambda s: [
            s.select("frm", _("Từ phiên bản"), choices, value=choices[-1][0] if choices else ""),
            s.select("to", _("Sang phiên bản"), choices, value=choices[0][0] if choices else ""),
        ],
        do=do, button=_("Tiếp tục"), done=_("Đã lập kế hoạch. Hãy chạy thử."),
        back=reverse("console:plans", args=[code]), section=(_("Quản lý thủ tục"), reverse("console:procedures")),
    )  # fmt: skip
    return run(request, page)


@needs(PUBLISH)
@never_cache
def plan(request: HttpRequest, code: str, plan_id: UUID) -> HttpResponse:
    """One plan: where steps lead, what the dry run said, applying and taking back. `?kq=`, `?ly-do=`, `?ngay=1` narrow the list."""
    if request.method == "POST":
        return _change(request, code, plan_id)
    return _shown(request, code, plan_id)


def _change(request: HttpRequest, code: str, plan_id: UUID) -> HttpResponse:
    sent = request.POST
    steps = {key.removeprefix(_STEP): sent[key] for key in sent if key.startswith(_STEP) and sent[key]}
    try:
        actions.change_plan(
            actor=actor_of(request),
            plan_id=queries.plan_row(code, plan_id).id,
            steps=steps,
            recount=bool(sent.get("recount")),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return _shown(request, code, plan_id, status=refusal.status)
    messages.success(request, _("Đã lưu. Hãy chạy thử lại."))
    return redirect("console:plan", code, plan_id)


def _shown(request: HttpRequest, code: str, plan_id: UUID, *, status: int = 200) -> HttpResponse:
    asked: dict[str, Any] = {"outcome": request.GET.get("kq", ""), "reason": request.GET.get("ly-do", "")}
    asked["dates"] = bool(request.GET.get("ngay"))
    view = queries.plan_view(code, plan_id, get_language() or "vi")
    context = {
        "view": view, "plan": view.plan, "procedure": view.plan.procedure, "asked": asked,
        "page": queries.planned_cases(plan_id, cursor=cursor_of(request), **asked),
    }  # fmt: skip
    return render(request, "console/plan.html", context, status=status)


@needs(PUBLISH)
@require_POST
def check(request: HttpRequest, code: str, plan_id: UUID) -> HttpResponse:
    """Try the plan; no case is changed."""
    return _begin(request, code, plan_id, actions.start_check)


@needs(PUBLISH)
@require_POST
def apply(request: HttpRequest, code: str, plan_id: UUID) -> HttpResponse:
    """Move what can move."""
    if not request.POST.get("sure"):
        messages.error(request, _("Đánh dấu vào ô xác nhận rồi bấm lại; chưa có hồ sơ nào được chuyển."))
        return redirect("console:plan", code, plan_id)
    return _begin(request, code, plan_id, actions.start_apply)


@needs(PUBLISH)
@require_POST
def revert(request: HttpRequest, code: str, plan_id: UUID) -> HttpResponse:
    """Take back what can be taken back."""
    return _begin(request, code, plan_id, actions.start_revert)


def _begin(request: HttpRequest, code: str, plan_id: UUID, start: Any) -> HttpResponse:
    try:
        start(actor=actor_of(request), plan_id=queries.plan_row(code, plan_id).id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("console:plan", code, plan_id)
