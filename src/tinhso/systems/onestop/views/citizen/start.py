"""Beginning a filing: for whom."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.core.access.route import signed_in
from tinhso.core.cases import queries as cases
from tinhso.core.forms.answers import merge, read_page
from tinhso.core.forms.env import Env
from tinhso.core.forms.view import FieldView, OptionView, page_views
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import NotFound, Refusal
from tinhso.systems.onestop.actions import citizen as acts
from tinhso.systems.onestop.queries import citizen
from tinhso.systems.onestop.rules.questions import CHILD
from tinhso.systems.onestop.views.citizen import reader_language

NEW_CHILD, OTHER = "child", "other"


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """For whom is the filing? Also shows drafts of the same procedure, to be continued."""
    definition = _offered(code)
    actor = request.actor  # type: ignore[attr-defined]
    chosen, error = request.POST.get("for", ""), ""
    if request.method == "POST":
        if chosen == NEW_CHILD:
            return HttpResponseRedirect(reverse("onestop:start_child", args=[code]))
        if chosen == OTHER:
            return HttpResponseRedirect(reverse("onestop:start_other", args=[code]))
        try:
            principal = citizen.is_principal(chosen, citizen.principals(actor, definition))
            draft = acts.begin(code=code, actor=actor, principal_id=principal)
            return HttpResponseRedirect(reverse("onestop:filing", args=[draft.id]))
        except ValueError:
            error = _("Hãy chọn bạn nộp hồ sơ này cho ai.")
        except Refusal as refusal:
            error = refusal.message
    view = _for_whom(definition, citizen.principals(actor, definition), chosen, error)
    context = {
        "definition": definition,
        "view": view,
        "errors": [("for", error)] if error else [],
        "drafts": citizen.open_drafts(actor, code),
    } | _names(definition)
    return render(request, "onestop/citizen/start.html", context, status=422 if error else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def child(request: HttpRequest, code: str) -> HttpResponse:
    """A child or ward not yet known: who they are, then the filing begins."""
    definition = _offered(code)
    page, lang = CHILD.pages[0], reader_language()
    env = Env(timezone.localdate())
    answers, raw, errors, refused = {}, {}, {}, ""
    if request.method == "POST":
        result = read_page(CHILD, page, request.POST, {}, env)
        answers, raw, errors = merge({}, result.values), dict(result.raw), dict(result.errors)
        if not errors:
            try:
                actor = request.actor  # type: ignore[attr-defined]
                child_id = acts.declare_child(actor=actor, answers=answers)
                draft = acts.begin(code=code, actor=actor, principal_id=child_id)
                return HttpResponseRedirect(reverse("onestop:filing", args=[draft.id]))
            except Refusal as refusal:
                refused = refusal.message
    views = page_views(CHILD, page, answers, env, raw, errors, lang)
    context = {"definition": definition, "views": views, "refused": refused} | _names(definition)
    return render(
        request, "onestop/citizen/start_child.html", context, status=422 if errors or refused else 200
    )


@signed_in
def other(request: HttpRequest, code: str) -> HttpResponse:
    """How to become entitled to file for another adult or an organisation."""
    definition = _offered(code)
    return render(
        request, "onestop/citizen/start_other.html", {"definition": definition} | _names(definition)
    )


def _offered(code: str) -> Definition:
    definition = cases.offered(code)
    if definition is None or "online" not in definition.channels:
        raise NotFound("not_online", _("Thủ tục này chưa nhận hồ sơ trực tuyến. Hãy đến Bộ phận Một cửa."))
    return definition


def _names(definition: Definition) -> dict[str, str]:
    lang = reader_language()
    return {"name": definition.name.in_(lang), "who": definition.who.in_(lang)}


def _for_whom(definition: Definition, offered: list[citizen.Principal], chosen: str, error: str) -> FieldView:
    options = [OptionView(p.value, p.label, p.hint, p.value == chosen) for p in offered]
    if "person" in definition.applicants:
        label = _("Cho con tôi hoặc người tôi giám hộ, chưa có trong danh sách này")
        options.append(OptionView(NEW_CHILD, label, _("Người chưa đủ 18 tuổi"), chosen == NEW_CHILD))
    options.append(
        OptionView(OTHER, _("Cho người khác hoặc tổ chức chưa có trong danh sách này"), "", chosen == OTHER)
    )
    return FieldView(
        "for", "choice", _("Bạn nộp hồ sơ này cho ai?"), required=True, error=error, options=tuple(options)
    )
