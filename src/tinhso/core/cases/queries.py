"""Reading cases and procedures: one door per thing, scoped, with reads of personal data logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import read_of_person
from tinhso.core.cases import policy
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.models import Act, Case, Procedure, ProcedureVersion
from tinhso.core.cases.policy import Ability
from tinhso.core.cases.state import State, load_state
from tinhso.core.cases.versions import definition_of, in_force
from tinhso.core.db.paging import Page, page
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import NotFound
from tinhso.kit.text import fold as fold_text

_RUNNING = "SELECT version_id, count(*) FROM (SELECT version_id FROM cases_case WHERE finished_at IS NULL LIMIT %s) o GROUP BY 1"
PURPOSE = "Giải quyết thủ tục hành chính"
GROUND = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; thủ tục hành chính được giao giải quyết"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything a page needs, read in one query (acts are read when asked for)."""

    case: Case
    state: State
    definition: Definition
    abilities: tuple[Ability, ...]
    is_mine: bool

    def can(self, act: str) -> bool:
        return any(a.act == act for a in self.abilities)

    def ability(self, act: str) -> Ability | None:
        return next((a for a in self.abilities if a.act == act), None)


def open_case(code: str, *, actor: Actor, purpose: str = PURPOSE) -> CaseFile:
    """The case with that code, for somebody who may see it; `NotFound` otherwise, whether or not it exists.

    A staff member's look is logged as a read of the applicant's data.
    """
    case = Case.objects.filter(code=code).first()
    if case is None:
        raise NotFound("no_case", "Không tìm thấy hồ sơ này. Hãy kiểm tra lại mã hồ sơ.")
    return _file(case, actor, purpose)


def open_case_by_id(case_id: UUID, *, actor: Actor, purpose: str = PURPOSE) -> CaseFile:
    """The same by id, for API and jobs."""
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        raise NotFound("no_case", "Không tìm thấy hồ sơ này.")
    return _file(case, actor, purpose)


def _file(case: Case, actor: Actor, purpose: str) -> CaseFile:
    state = load_state(case.state)
    if not policy.may_see(actor, case, state):
        raise NotFound("no_case", "Không tìm thấy hồ sơ này. Hãy kiểm tra lại mã hồ sơ.")
    mine = policy.is_applicant(actor, case, state)
    if not mine and not actor.system:
        read_of_person(
            case.applicant_id,
            actor=actor,
            purpose=purpose,
            ground=GROUND,
            subject_kind="case",
            subject_id=case.code,
        )
    definition = definition_of(case.version_id)
    return CaseFile(case, state, definition, tuple(policy.abilities(actor, definition, state)), mine)


def acts_of(case_id: UUID) -> list[Act]:
    """The history of a case, oldest first."""
    return list(Act.objects.filter(case_id=case_id).order_by("seq"))


def my_cases(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[Case]:
    """What a citizen filed or what was filed for them, latest first."""
    if actor.person_id is None:
        return Page([])
    rows = Case.objects.filter(Q(applicant_id=actor.person_id) | Q(filer_id=actor.person_id))
    return page(
        rows.defer("state").select_related("procedure"), by=["-submitted_at", "-id"], cursor=cursor, size=size
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """What a staff list shows: `side` is where the unit stands (`reception` or `competent`)."""

    side: str = "reception"
    status: int = 0
    procedure: str = ""
    text: str = ""
    late: bool = False
    open_only: bool = False


def list_cases(actor: Actor, what: Filter, *, cursor: str = "", size: int = 50) -> Page[Case]:
    """Cases of the units a staff member serves; latest first, or by due date when only open ones are asked for."""
    if not policy.units_seen(actor):
        return Page([])
    rows = filtered(actor, what)
    by = ["due_current", "id"] if what.open_only or what.late else ["-submitted_at", "-id"]
    return page(rows.defer("state").select_related("procedure"), by=by, cursor=cursor, size=size)


def filtered(actor: Actor, what: Filter) -> QuerySet[Case]:
    """Every case of the units a staff member serves that a filter lets through, in no order."""
    units = policy.units_seen(actor)
    side = "reception_id" if what.side == "reception" else "competent_id"
    rows = (
        Case.objects.filter(**{f"{side}__in": units})
        if len(units) != 1
        else Case.objects.filter(**{side: units[0]})
    )
    return _narrow(rows, what)


def _narrow(rows: QuerySet[Case], what: Filter) -> QuerySet[Case]:
    if what.status:
        rows = rows.filter(status=what.status)
    if what.procedure:
        rows = rows.filter(procedure_id=what.procedure)
    if what.text:
        rows = rows.filter(
            Q(code=what.text.strip()) | Q(applicant__folded_name__startswith=fold_text(what.text))
        )
    if what.open_only or what.late:
        rows = rows.filter(finished_at__isnull=True, due_current__isnull=False)
    if what.late:
        rows = rows.filter(due_current__lt=timezone.now())
    return rows


def cases_with_money(
    actor: Actor, states: tuple[str, ...], *, text: str = "", cursor: str = "", size: int = 50
) -> Page[Case]:
    """Cases of the centres the actor collects for whose money stands so, those filed first at the top."""
    units = policy.units_seen(actor, "cases.cashier") or policy.units_seen(actor, "cases.approve")
    if not units:
        return Page([])
    rows = Case.objects.filter(reception_id__in=units, finance__in=states).select_related("procedure")
    if text:
        rows = rows.filter(Q(code=text.strip()) | Q(applicant__folded_name__startswith=fold_text(text)))
    return page(rows, by=["submitted_at", "id"], cursor=cursor, size=size)


def procedure(code: str) -> Procedure:
    """A procedure of the catalogue, with or without a version that takes cases."""
    found = Procedure.objects.filter(code=code).first()
    if found is None:
        raise NotFound("no_procedure", "Không có thủ tục mang mã này. Hãy tìm theo tên thủ tục.")
    return found


def offered(code: str, on: date | None = None) -> Definition | None:
    """The definition in force on a date (today by default), or None when the procedure only has an information page."""
    try:
        return in_force(code, on or timezone.now().astimezone(Facts.zone).date())[1]
    except NotFound:
        return None


def offered_codes(on: date | None = None) -> frozenset[str]:
    """The procedures that take cases on a date (today by default)."""
    day = on or timezone.now().astimezone(Facts.zone).date()
    return frozenset(
        ProcedureVersion.objects.filter(valid__contains=day).values_list("procedure_id", flat=True)
    )


OPEN_LOOKED_AT = 50_000


@dataclass(frozen=True, slots=True)
class Running:
    """Open cases by version id; `capped` when there are more than were counted, so that each figure is "at least"."""

    by_version: dict[UUID, int]
    capped: bool


def running_cases() -> Running:
    """How many cases run under each version, from at most `OPEN_LOOKED_AT` open ones: one pass over a partial index."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING, [OPEN_LOOKED_AT])
        found = dict(cursor.fetchall())
    return Running(found, sum(found.values()) >= OPEN_LOOKED_AT)


def procedures(field: str = "") -> QuerySet[Procedure]:
    """The catalogue, most used first."""
    rows = Procedure.objects.all() if not field else Procedure.objects.filter(field=field)
    return rows.order_by("-popular", "name")
