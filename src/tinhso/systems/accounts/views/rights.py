"""“Who may see this?” and “why may they do that?”, answered by the rules themselves."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tinhso.core.access.route import needs
from tinhso.core.console.forms import Sheet, Typed, at_fields, placed
from tinhso.core.people import queries as people
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import NotFound, Refusal
from tinhso.systems.accounts.queries import rights as queries
from tinhso.systems.accounts.views.frame import actor_of


@needs(*queries.ASKS)
@never_cache
@require_GET
def of_unit(request: HttpRequest) -> HttpResponse:
    """Everybody who may do a thing at a unit."""
    sheet, found, status, asked = Sheet(), None, 200, None
    names = dict(queries.permission_choices())
    if request.GET:
        sheet, typed = Sheet(request.GET), Typed(request.GET)
        if request.GET.get("quyen") and "look" not in request.GET:
            try:
                asked = typed.unit("unit")
                found = queries.of_unit(asked, typed.text("quyen"), actor=actor_of(request))
            except Refusal as refusal:
                sheet, status = Sheet(request.GET, placed(refusal)), refusal.status
    views = [
        sheet.select("quyen", _("Việc"), [(code, _(title)) for code, title in names.items()]),
        sheet.unit("unit", _("Ở đơn vị")),
    ]
    context = {
        "views": views, "errors": at_fields(sheet.errors, views), "found": found, "unit": asked,
        "what": _(names.get(request.GET.get("quyen", ""), "")),
    }  # fmt: skip
    return render(request, "accounts/rights_unit.html", context, status=status)


@needs(*queries.ASKS, "cases.see")
@never_cache
@require_GET
def of_case(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody who may open a case; with `nguoi` what that person may do with it, and why not the rest."""
    found = queries.of_case(code, actor=actor_of(request))
    context: dict[str, object] = {"found": found}
    if who := request.GET.get("nguoi", ""):
        try:
            name, answers = queries.person_on_case(UUID(who), found)
        except ValueError:
            raise NotFound("unknown_person", _("Không có người này.")) from None
        context |= {"name": name, "answers": answers}
    return render(request, "accounts/rights_case.html", context)


@needs(MANAGE)
@never_cache
@require_GET
def person_case(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask about one person and one case, by its code."""
    person, code, error, status = people.person(person_id), request.GET.get("ma", "").strip(), None, 200
    if code:
        try:
            queries.of_case(code, actor=actor_of(request))
        except Refusal as refusal:
            error, status = refusal, refusal.status
        else:
            address = redirect("accounts:rights_case", code=code)
            address["Location"] += f"?nguoi={person_id}"
            return address
    return render(
        request,
        "accounts/rights_person.html",
        {"person": person, "code": code, "error": error},
        status=status,
    )
