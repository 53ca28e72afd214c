"""One address for every file."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from tinhso.core.access.resume import sign_in_first
from tinhso.core.access.route import public
from tinhso.core.files import queries

_SHOWN = {"application/pdf", "image/jpeg", "image/png"}


@public  # type: ignore[type-var]
def send(request: HttpRequest, file_id: UUID, name: str = "") -> HttpResponseBase:
    """Stream a file. 404 for who may not open it, so that an id tells nothing; visitors sign in first."""
    actor = request.actor  # type: ignore[attr-defined]
    stored = queries.for_actor(actor, file_id)
    if stored is None:
        if not actor.is_known and request.method == "GET":
            return sign_in_first(request)
        raise Http404
    inline = stored.media_type in _SHOWN and "tai-ve" not in request.GET
    response = FileResponse(queries.open_file(stored), content_type=stored.media_type)
    response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = content_disposition_header(not inline, stored.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response
