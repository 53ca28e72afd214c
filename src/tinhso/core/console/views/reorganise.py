"""Plans of reorganisation: write one, try it, decide what rules cannot, do it, see the proof, take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tinhso.core.access.route import needs
from tinhso.core.console.queries import reorganise as queries
from tinhso.core.console.views.frame import actor_of, cursor_of
from tinhso.core.orgs.policy import EDIT_UNITS
from tinhso.core.reorganisation import actions
from tinhso.core.reorganisation.queries import plans as plan_rows
from tinhso.core.reorganisation.table import plan_of_table
from tinhso.kit.errors import Refusal
from tinhso.kit.yamlfile import FaultsError

LARGEST = 2_000_000


@needs(EDIT_UNITS)
def plans(request: HttpRequest) -> HttpResponse:
    """The plans, the newest first."""
    page = plan_rows(actor_of(request), cursor_of(request))
    return render(request, "console/reorganisations.html", {"page": page})


@needs(EDIT_UNITS)
@never_cache
def write(request: HttpRequest) -> HttpResponse:
    """A new plan, typed or from a file; a table of territories becomes a plan to go on with. Faults keep what was typed."""
    if request.method != "POST":
        return render(request, "console/reorganise.html", {"text": "", "faults": []})
    text, faults = request.POST.get("text", ""), []
    upload = request.FILES.get("file")
    try:
        if upload is not None:
            text = _read(upload)
        if "table" in request.POST:
            text = plan_of_table(text)
        else:
            row = actions.save(actor=actor_of(request), text=text)
            messages.success(request, _("Đã lưu phương án. Hãy chạy thử."))
            return redirect("console:reorganisation", row.id)
    except FaultsError as error:
        faults = error.faults
    except Refusal as refusal:
        messages.error(request, refusal.message)
    context = {"text": text, "faults": faults}
    return render(request, "console/reorganise.html", context, status=422 if faults else 200)


def _read(upload: Any) -> str:
    if upload.size > LARGEST:
        raise Refusal("too_large", _("Tệp lớn hơn 2 MB. Chia nhỏ phương án."), status=422, field="file")
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refusal(
            "not_text", _("Tệp không phải văn bản UTF-8. Lưu lại theo UTF-8 rồi tải lên."), status=422
        ) from error


@needs(EDIT_UNITS)
@never_cache
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One plan: what the dry run said, what is to decide, how far it is, the proof."""
    return render(request, "console/reorganisation.html", {"view": queries.view(actor_of(request), plan_id)})


@needs(EDIT_UNITS)
@require_POST
def try_out(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Try the plan; nothing changes."""
    return _do(request, plan_id, actions.try_out)


@needs(EDIT_UNITS)
@require_POST
def decide(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Keep what somebody decided, and try again."""
    sent = request.POST
    for key in (k for k in sent if k.startswith("choice:") and sent[k]):
        try:
            actions.decide(
                actor=actor_of(request), plan_id=plan_id, key=key.removeprefix("choice:"), choice=sent[key]
            )
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("console:reorganisation", plan_id)
    return _do(request, plan_id, actions.try_out)


@needs(EDIT_UNITS)
@require_POST
def begin(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Do it."""
    if not request.POST.get("sure"):
        messages.error(request, _("Đánh dấu vào ô xác nhận rồi bấm lại; chưa có gì thay đổi."))
        return redirect("console:reorganisation", plan_id)
    return _do(request, plan_id, actions.begin)


@needs(EDIT_UNITS)
@require_POST
def revert(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take it back."""
    return _do(request, plan_id, actions.revert)


@needs(EDIT_UNITS)
@require_POST
def discard(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Forget a plan nothing was done with."""
    actions.discard(actor=actor_of(request), plan_id=plan_id)
    messages.success(request, _("Đã bỏ phương án."))
    return redirect("console:reorganisations")


def _do(request: HttpRequest, plan_id: UUID, act: Callable[..., object]) -> HttpResponse:
    try:
        act(actor=actor_of(request), plan_id=plan_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("console:reorganisation", plan_id)
