"""The leader's page: what waits for a signature, made for a phone; and the draft as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.cases import queries as cases
from tinhso.core.cases.queries import CaseFile
from tinhso.core.orgs import queries as orgs
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions.bulk import MOST_AT_ONCE
from tinhso.systems.onestop.documents import Signing, has_draft, preview_result
from tinhso.systems.onestop.queries import staff as queries
from tinhso.systems.onestop.views.staff.case import SEES


@needs("cases.sign")
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """What to sign, due first; tick and sign many, or open one to read, return or sign."""
    now = timezone.now()
    lines = queries.to_sign(request.actor, now, limit=MOST_AT_ONCE)  # type: ignore[attr-defined]
    return render(request, "onestop/staff/signing.html", {"lines": lines, "now": now})


@needs(*SEES)
@require_GET
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The draft of the result, marked as a draft."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    file = cases.open_case(code, actor=actor, purpose="Xem dự thảo kết quả")
    if not has_draft(file):
        raise Refusal("no_draft", "Hồ sơ này chưa có dự thảo kết quả.", 404)
    return pdf(preview_result(file, _signer(file, actor)), f"du-thao-{code}.pdf")


def _signer(file: CaseFile, actor: Actor) -> Signing:
    """The signing block as it will be: the reader's own when they may sign, else left open."""
    if file.state.competent is None or not file.can("sign"):
        return Signing()
    return Signing.of(actor, orgs.unit_by_path(file.state.competent.path))


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser, never kept by caches on the way."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
