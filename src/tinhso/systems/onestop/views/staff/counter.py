"""A person at the counter: who they are, what they want, the form and the papers, accepted in one go."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions.links import Mends
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.rules.corrections import AGENCY
from tinhso.core.people import actions as people_actions
from tinhso.core.people import queries as people
from tinhso.core.people.actions import Particulars
from tinhso.core.people.models import Person
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.identity import show_phone
from tinhso.systems.onestop.actions.counter import centre_of, receive_at_counter
from tinhso.systems.onestop.queries import counter as queries
from tinhso.systems.onestop.queries.filing import centre_id
from tinhso.systems.onestop.views.staff.counterform import CounterForm, read_form

PURPOSE = "Tiếp nhận hồ sơ tại quầy"
_PARTICULARS = ("full_name", "number", "birth", "sex", "phone", "email", "address")


@needs("cases.receive")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Find the person by number, card or name, or write them down; then choose the procedure."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    centre_of(actor)
    if request.method == "POST":
        return _person_sent(request, actor)
    person = _person(request, actor)
    text = request.GET.get("thu-tuc", "").strip()[:100]
    context: dict[str, Any] = {"person": person, "text": text}
    if person is not None:
        context["procedures"] = queries.procedures_at_counter(text, get_language() or "vi")
        context["number"] = people.number_of(person)
        context["phone"] = show_phone(person.phone) if person.phone else ""
    return render(request, "onestop/staff/counter.html", context)


def _person_sent(request: HttpRequest, actor: Actor) -> HttpResponse:
    typed = request.POST.get("ai", "").strip()[:600]
    try:
        if "tao" in request.POST:
            says = Particulars(**{name: request.POST.get(name, "") for name in _PARTICULARS})
            return _chosen(people_actions.find_or_create_person(actor=actor, says=says).id)
        if "|" in typed:
            person, warnings = people_actions.find_or_create_from_card(actor=actor, qr=typed)
            for warning in warnings:
                messages.warning(request, warning)
            return _chosen(person.id)
        found = people.search_people(typed, actor=actor, purpose=PURPOSE)
    except Refusal as refusal:
        context = {"error": refusal, "typed": request.POST, "ai": typed, "new": "tao" in request.POST}
        return render(request, "onestop/staff/counter.html", context, status=refusal.status)
    if len(found) == 1 and not any(c.isalpha() for c in typed):
        return _chosen(found[0].id)
    context = {
        "found": found,
        "ai": typed,
        "new": not found,
        "typed": {"number": typed if typed.isdigit() else ""},
    }
    return render(request, "onestop/staff/counter.html", context)


def _chosen(person_id: UUID) -> HttpResponse:
    return redirect(f"{reverse('onestop:staff_receive')}?nguoi={person_id}")


def _person(request: HttpRequest, actor: Actor) -> Person | None:
    try:
        person_id = UUID(request.GET.get("nguoi", ""))
    except ValueError:
        return None
    return people.read_person(person_id, actor=actor, purpose=PURPOSE, ground=cases.GROUND)


@needs("cases.receive")
@require_http_methods(["GET", "POST"])
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """The whole form on one page with papers, fees and the way of return; filed, or filed and accepted."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = _person(request, actor)
    definition = cases.offered(code)
    if person is None:
        return redirect("onestop:staff_receive")
    if definition is None or "counter" not in definition.channels:
        raise NotFound("not_offered", _("Thủ tục này không nhận hồ sơ tại quầy."))
    before = _before(request, actor)
    form = read_form(request, definition, person, actor, before.state.answers if before else None)
    if request.method != "POST" or form.only_look:
        return _page(request, form)
    if form.wrong:
        return _page(request, form, status=422)
    try:
        done = receive_at_counter(
            person_id=person.id,
            procedure=code,
            answers=form.answers,
            papers=form.papers,
            key=form.key,
            actor=actor,
            accept=form.accept,
            return_how=form.return_how,
            return_address=form.return_address,
            return_unit_id=centre_id(form.return_at) if form.return_how == "counter" else None,
            mends=_mends(request, before),
        )
    except Refusal as refusal:
        return _page(request, form, error=refusal, status=refusal.status)
    address = reverse("onestop:staff_case", args=[done.case.code])
    return redirect(f"{address}?in=receipt" if form.accept else address)


def _before(request: HttpRequest, actor: Actor) -> CaseFile | None:
    """The earlier case whose answers the form begins with: to file the same again, or to mend its result."""
    code = request.GET.get("dinh-chinh") or request.GET.get("mau") or ""
    return cases.open_case(code[:64], actor=actor, purpose=PURPOSE) if code else None


def _mends(request: HttpRequest, before: CaseFile | None) -> Mends | None:
    if before is None or "dinh-chinh" not in request.GET:
        return None
    sent = request.POST
    fault = AGENCY if sent.get("fault") == AGENCY else ""
    return Mends(before.case.id, before.case.code, sent.get("wrong", ""), fault, sent.get("apology", ""))


def _page(
    request: HttpRequest, form: CounterForm, *, error: Refusal | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "person": form.person,
        "definition": form.definition,
        "number": people.number_of(form.person),
        "phone": show_phone(form.person.phone) if form.person.phone else "",
        "error": error,
        "mends": request.GET.get("dinh-chinh", ""),
        "typed": request.POST,
        "key": form.key or f"quay:{uuid4()}",
    }
    return render(request, "onestop/staff/dossier.html", context, status=status)
