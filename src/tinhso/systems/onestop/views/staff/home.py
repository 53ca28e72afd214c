"""The counter's home page, and finding a case by code or by what a scanner typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from tinhso.core.access.route import needs
from tinhso.systems.onestop.queries import staff as queries
from tinhso.systems.onestop.views.staff.case import SEES

QUEUES = {
    "check": (
        gettext_noop("Cần kiểm tra"),
        gettext_noop("Hồ sơ mới: tiếp nhận, hoặc báo thiếu trong 8 giờ làm việc"),
    ),
    "hand_over": (gettext_noop("Cần chuyển"), gettext_noop("Đã tiếp nhận, chưa giao cho cơ quan giải quyết")),
    "return": (gettext_noop("Cần trả"), gettext_noop("Có kết quả, chờ trả cho người nộp")),
    "decide": (gettext_noop("Cần quyết định"), gettext_noop("Xin rút hồ sơ, hoặc quá hạn bổ sung")),
}


@needs("cases.receive")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The work of the centre in four queues, each by time left."""
    now = timezone.now()
    queues = queries.counter_queues(request.actor, now)  # type: ignore[attr-defined]
    told = [(queue, *map(_, QUEUES[queue.key])) for queue in queues]
    return render(request, "onestop/staff/home.html", {"queues": told, "now": now})


@needs(*SEES)
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Straight to the case of a code; else the list with what was typed as a search."""
    typed = request.GET.get("ma", "").strip()[:200]
    code = queries.find_case_code(request.actor, typed)  # type: ignore[attr-defined]
    if code:
        return redirect("onestop:staff_case", code=code)
    messages.warning(request, _("Không có hồ sơ nào bạn được xem mang mã “%(text)s”.") % {"text": typed})
    return redirect("onestop:staff_home" if request.actor.may("cases.receive") else "onestop:staff_list")  # type: ignore[attr-defined]
