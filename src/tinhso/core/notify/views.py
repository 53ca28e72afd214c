"""A person's notices."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tinhso.core.access.route import signed_in
from tinhso.core.notify import actions, queries
from tinhso.kit.errors import NotFound


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything the reader was told, latest first."""
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = queries.messages_of(request.actor.person_id, cursor=cursor)  # type: ignore[attr-defined]
    return render(
        request, "notify/inbox.html", {"page": page, "unread": any(m.read_at is None for m in page.rows)}
    )


@signed_in
@require_POST
def open_one(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Mark a notice read and go to what it is about."""
    message = actions.mark_read(message_id, person_id=request.actor.person_id)  # type: ignore[attr-defined]
    if message is None:
        raise NotFound("no_message", "Không tìm thấy thông báo này.")
    return HttpResponseRedirect(message.link if message.link.startswith("/") else reverse("notify:inbox"))


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    actions.mark_all_read(person_id=request.actor.person_id)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("notify:inbox"))
