"""The case list with its filters."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tinhso.core.access.route import needs
from tinhso.core.cases import bulk
from tinhso.core.cases.choices import STATUS_NAMES, Status
from tinhso.core.cases.queries import Filter
from tinhso.core.ui.parts import Tab
from tinhso.systems.onestop.queries import staff as queries
from tinhso.systems.onestop.views.staff.case import SEES


@needs(*SEES)
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Cases of the units the reader serves. Every filter stands in the address."""
    what = read_filter(request)
    now = timezone.now()
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = queries.case_lines(request.actor, what, now, cursor=cursor)  # type: ignore[attr-defined]
    procedures = queries.procedures_offered()
    context = {
        "page": page,
        "now": now,
        "what": what,
        "tabs": _sides(request, what),
        "on": _filters_on(request, what, dict(procedures)),
        "procedures": procedures,
        "statuses": [(int(s), _(STATUS_NAMES[s])) for s in Status],
        "bulk": bulk.offered(request.actor),  # type: ignore[attr-defined]
        "first_page": not cursor,
    }
    return render(request, "onestop/staff/list.html", context)


def read_filter(request: HttpRequest) -> Filter:
    """The filter an address (or a form that repeats it) asks for; nonsense counts as not asked."""
    sent, actor = request.POST or request.GET, request.actor  # type: ignore[attr-defined]
    side = sent.get("ben", "reception" if actor.may("cases.receive") else "competent")
    status = sent.get("trang-thai", "")
    return Filter(
        side=side if side in ("reception", "competent") else "competent",
        status=int(status) if status.isdigit() and int(status) in set(map(int, Status)) else 0,
        procedure=sent.get("thu-tuc", "")[:20],
        text=sent.get("tim", "").strip()[:100],
        late=sent.get("qua-han") == "1",
        open_only=sent.get("dang-mo") == "1",
    )


def _address(request: HttpRequest, **changes: str) -> str:
    query = QueryDict(mutable=True)
    query.update(request.GET.dict())
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name.replace("_", "-"), None)
        if value:
            query[name.replace("_", "-")] = value
    return f"?{query.urlencode()}"


def _sides(request: HttpRequest, what: Filter) -> list[Tab]:
    names = (("reception", _("Nơi tôi tiếp nhận")), ("competent", _("Nơi tôi giải quyết")))
    return [Tab(text, _address(request, ben=side), what.side == side) for side, text in names]


def _filters_on(request: HttpRequest, what: Filter, procedures: dict[str, str]) -> list[Tab]:
    found = []
    if what.status:
        found.append(Tab(_(STATUS_NAMES[Status(what.status)]), _address(request, trang_thai="")))
    if what.procedure:
        found.append(Tab(procedures.get(what.procedure, what.procedure), _address(request, thu_tuc="")))
    if what.text:
        found.append(Tab(f"“{what.text}”", _address(request, tim="")))
    if what.late:
        found.append(Tab(_("Quá hạn"), _address(request, qua_han="")))
    if what.open_only:
        found.append(Tab(_("Đang giải quyết"), _address(request, dang_mo="")))
    return found
