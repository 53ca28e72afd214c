"""Pages where anybody checks a paper."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import serialization
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tinhso.core.access.route import public
from tinhso.core.files.checks import check_upload
from tinhso.core.files.errors import FileRefused
from tinhso.core.files.policy import may_open
from tinhso.core.signing import queries
from tinhso.core.signing.checks import check_issued
from tinhso.core.signing.forms import CodeForm
from tinhso.core.signing.keys import demonstration
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.signing.rules import spell_code
from tinhso.core.signing.verify import verify_pdf

_NOTICES = {"valid": "ok", "unsigned": "info", "changed": "over", "untrusted": "over"}


@public
@never_cache
@require_GET
def document(request: HttpRequest, code: str) -> HttpResponse:
    """The page a QR code opens: what the paper is, who signed it, whether it still holds."""
    found = queries.by_code(code)
    if found is None:
        return render(request, "signing/unknown.html", {"code": code[:40]}, status=404)
    context = {
        "document": found,
        "code": spell_code(found.code),
        "finding": check_issued(found),
        "rows": _rows(found),
        "may_open": may_open(request.actor, found.file),  # type: ignore[attr-defined]
    }
    return render(request, "signing/document.html", context)


def _rows(found: IssuedDocument) -> list[dict[str, str]]:
    """What the paper says about itself, without personal data."""
    signer = ", ".join(part for part in (found.signer_name, found.signer_title) if part)
    rows = [
        (_("Cơ quan cấp"), found.issuer_name),
        (_("Người ký"), signer),
        (_("Cấp cho"), found.about),
        (_("Thuộc hồ sơ"), found.case_code),
        (_("Cấp lúc"), date_format(timezone.localtime(found.issued_at), "H:i d/m/Y")),
        (_("Tình trạng"), str(IssuedState(found.state).label)),
        (_("Mã trên giấy"), spell_code(found.code)),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


@public
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a paper by its code or by the PDF itself; an uploaded file is checked in memory and not kept."""
    errors: dict[str, str] = {}
    context: dict[str, object] = {"errors": errors, "typed": request.POST.get("code", "")}
    if request.method == "POST" and "code" in request.POST:
        form = CodeForm(request.POST)
        if form.is_valid():
            return redirect("signing:document", code=form.cleaned_data["code"])
        errors["code"] = " ".join(str(error) for error in form.errors["code"])
    elif request.method == "POST":
        _check_file(request, context, errors)
    return render(request, "signing/verify.html", context, status=422 if errors else 200)


def _check_file(request: HttpRequest, context: dict[str, object], errors: dict[str, str]) -> None:
    upload = request.FILES.get("file")
    if upload is None:
        errors["file"] = _("Chọn tệp PDF cần kiểm tra.")
        return
    try:
        check_upload(upload, accept={"pdf"})
    except FileRefused as refusal:
        errors["file"] = refusal.message
        return
    upload.seek(0)
    content = upload.read()
    report = verify_pdf(content)
    context["report"], context["notice_kind"] = report, _NOTICES[report.verdict]
    context["issued"] = queries.by_sha256(hashlib.sha256(content).hexdigest())
    context["name"] = upload.name


@public
@require_GET
def root_certificate(_request: HttpRequest) -> HttpResponse:
    """The root certificate (PEM) to check signatures with any tool."""
    pem = demonstration().root.certificate.public_bytes(serialization.Encoding.PEM)
    response = HttpResponse(pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="tinhso-root.crt"'
    return response
