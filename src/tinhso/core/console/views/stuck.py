"""Cases that nobody moves: found in every way there is, and what can be done."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.cases import stuck as queries
from tinhso.core.cases.models import Case
from tinhso.core.cases.pages import staff_url
from tinhso.core.cases.stuck import LOOKS_AFTER, STUCK, StuckKind
from tinhso.core.console.policy import OPERATE
from tinhso.core.console.views.frame import actor_of, cursor_of
from tinhso.core.orgs.policy import EDIT_UNITS
from tinhso.kit.errors import NotFound


@needs(*LOOKS_AFTER)
def stuck(request: HttpRequest) -> HttpResponse:
    """The cases stuck in one way (`?kieu=`, the first that has any), longest first."""
    actor, counts = actor_of(request), queries.counts(actor_of(request))
    asked = request.GET.get("kieu", "")
    first = next((name for name, number in counts.items() if number), next(iter(counts)))
    kind = STUCK.get(asked if asked in STUCK else first)
    page = queries.stuck(actor, kind, cursor=cursor_of(request))
    context = {
        "kind": kind,
        "page": page,
        "rows": [(case, _leads(case, kind, actor)) for case in page.rows],
        "kinds": [
            (k, f"{queries.CAP}+" if counts[k.name] > queries.CAP else counts[k.name])
            for k in queries.kinds()
        ],
        "none": not any(counts.values()),
    }
    return render(request, "console/stuck.html", context)


def _leads(case: Case, kind: StuckKind, actor: Actor) -> list[tuple[str, str]]:
    """Where the reader can do something about it: only pages they may open."""
    found = []
    for lead in kind.leads:
        if lead == "case" and actor.may("cases.see"):
            found.append((_("Mở hồ sơ"), staff_url(case.code)))
        if lead == "unit" and actor.may(EDIT_UNITS, case.competent.path):
            found.append((_("Đơn vị và vị trí"), reverse("console:unit", args=[case.competent_id])))
        if lead == "deliveries" and actor.may(OPERATE):
            found.append((_("Sự kiện, công việc"), reverse("console:deliveries")))
    return [(text, url) for text, url in found if url]


@needs(*LOOKS_AFTER)
@require_POST
def mend(request: HttpRequest, name: str, case_id: UUID) -> HttpResponse:
    """Let one case go on."""
    if name not in STUCK:
        raise NotFound("unknown_kind", _("Không có cách kẹt này."))
    queries.mend(actor_of(request), STUCK.get(name), case_id)
    messages.success(request, _("Đã cho hồ sơ đi tiếp."))
    return redirect(f"{reverse('console:stuck')}?kieu={name}")
