"""Events that could not be delivered, background jobs, API keys."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tinhso.core.access.route import needs
from tinhso.core.console import actions
from tinhso.core.console.forms import ActPage, Typed, run
from tinhso.core.console.policy import OPERATE
from tinhso.core.console.queries import operations as queries
from tinhso.core.console.views.frame import actor_of, cursor_of, told_once
from tinhso.core.desk.queries import working_days
from tinhso.core.orgs.policy import EDIT_UNITS

STATUS_WORDS = {
    "failed": (gettext_noop("Hỏng"), "over"),
    "doing": (gettext_noop("Đang chạy"), "info"),
    "todo": (gettext_noop("Đang chờ"), "plain"),
    "succeeded": (gettext_noop("Xong"), "ok"),
    "cancelled": (gettext_noop("Đã hủy"), "plain"),
    "aborted": (gettext_noop("Bị dừng"), "soon"),
}


@needs(OPERATE)
def deliveries(request: HttpRequest) -> HttpResponse:
    """Deliveries tried to the end."""
    return render(
        request,
        "console/deliveries.html",
        {"page": queries.dead_deliveries(cursor_of(request)), "tabs": _tabs("")},
    )


@needs(OPERATE)
@require_POST
def retry_delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Another series of tries."""
    actions.retry_delivery(actor=actor_of(request), delivery_id=delivery_id)
    messages.success(request, _("Đã xếp lại; tiến trình nền sẽ thử trong vài giây."))
    return redirect("console:deliveries")


@needs(OPERATE)
def jobs(request: HttpRequest) -> HttpResponse:
    """Background jobs; `?tt=` a status."""
    status = request.GET.get("tt", "")
    page = queries.jobs(status, cursor_of(request))
    rows = [
        {"job": job, "words": _(STATUS_WORDS[job.status][0]), "kind": STATUS_WORDS[job.status][1]}
        for job in page.rows
    ]
    context = {"page": page, "rows": rows, "tabs": _tabs("jobs"), "filters": _filters(status)}
    return render(request, "console/jobs.html", context)


@needs(OPERATE)
@require_POST
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """A failed job back in its queue."""
    actions.retry_job(actor=actor_of(request), job_id=job_id)
    messages.success(request, _("Đã xếp lại công việc."))
    return redirect(reverse("console:jobs") + "?tt=failed")


def _tabs(which: str) -> list[dict[str, object]]:
    return [
        {"text": _("Sự kiện không chuyển được"), "url": reverse("console:deliveries"), "current": not which},
        {"text": _("Công việc nền"), "url": reverse("console:jobs"), "current": bool(which)},
    ]


def _filters(status: str) -> list[dict[str, object]]:
    shown = [("", _("Tất cả")), *((code, _(words)) for code, (words, _kind) in STATUS_WORDS.items())]
    return [{"text": words, "url": f"?tt={code}", "current": code == status} for code, words in shown]


@needs(OPERATE)
def keys(request: HttpRequest) -> HttpResponse:
    """Keys of programs."""
    return render(request, "console/keys.html", {"page": queries.keys(cursor_of(request))})


@needs(OPERATE)
@never_cache
def make_key(request: HttpRequest) -> HttpResponse:
    """A key, shown once."""
    actor, back, told = actor_of(request), reverse("console:keys"), []

    def do(typed: Typed) -> None:
        days = int(typed.text("days")) if typed.text("days").isdigit() else 0
        told.append(
            actions.make_key(actor=actor, username=typed.text("username"), name=typed.text("name"), days=days)
        )

    page = ActPage(
        title=_("Tạo khóa API"),
        fields=lambda s: [
            s.text("name", _("Chương trình dùng khóa"), max_length=100),
            s.text("username", _("Tài khoản chương trình đứng tên"), width="medium", max_length=60,
                   hint=_("Chương trình có đúng các quyền của tài khoản này")),
            s.text("days", _("Có hạn trong"), value="90", kind="integer", unit=_("ngày"), max_length=3),
        ],
        do=do, button=_("Tạo khóa"), done=_("Đã tạo khóa."), back=back, section=(_("Khóa API"), back),
    )  # fmt: skip
    response = run(request, page)
    if not told:
        return response
    lead = _("Chỉ hiện một lần. Chép ngay vào nơi giữ bí mật của chương trình; hệ thống không giữ khóa này.")
    return told_once(request, title=_("Khóa API mới"), lead=lead, secret=told[0], back=back)


@needs(OPERATE)
@require_POST
def end_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """A key no more."""
    actions.end_key(actor=actor_of(request), key_id=key_id)
    messages.success(request, _("Khóa đã ngừng hoạt động."))
    return redirect("console:keys")


@needs(OPERATE, EDIT_UNITS)
def idle(request: HttpRequest) -> HttpResponse:
    """Units, roles and people whose work nobody does, with the page where that is put right."""
    context = {"rows": queries.idle_seen(actor_of(request)), "days": working_days()}
    return render(request, "console/idle.html", context)
