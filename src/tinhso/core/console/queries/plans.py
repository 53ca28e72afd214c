"""What a new version changes and for whom; the plans that move open cases, and what they said of each case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tinhso.core.cases.models import Case, PlannedCase, ProcedureVersion, VersionPlan
from tinhso.core.cases.reasons import REASONS
from tinhso.core.cases.versions import definition_of
from tinhso.core.console.queries.procedures import base_of, version
from tinhso.core.db.paging import Page, page
from tinhso.core.forms import queries as forms
from tinhso.core.jobs.models import Run
from tinhso.core.procedures.checks.staffing import Vacant, verify_staffing
from tinhso.core.procedures.diff import Diff, compare
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import NotFound

CAP = 1_000
SIZE = 50
OUTCOMES = {
    "can": ("ok", gettext_noop("Chuyển được")),
    "cannot": ("soon", gettext_noop("Không chuyển được")),
    "moved": ("ok", gettext_noop("Đã chuyển")),
    "stays": ("soon", gettext_noop("Giữ phiên bản cũ")),
    "back": ("plain", gettext_noop("Đã hoàn tác")),
    "not_back": ("soon", gettext_noop("Không hoàn tác được")),
}
STATES = {
    "waiting": gettext_noop("Chờ đến ngày có hiệu lực"),
    "draft": gettext_noop("Chưa chạy thử"),
    "checked": gettext_noop("Đã chạy thử"),
    "applied": gettext_noop("Đã áp dụng"),
    "reverted": gettext_noop("Đã hoàn tác"),
    "dropped": gettext_noop("Bỏ, vì phiên bản đã được thay trước khi có hiệu lực"),
}


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing would do: the changes against the latest version, whom they touch, and which posts are empty.

    `open_cases` and `drafts` in words ("12", "1.000+"). `former` is None for the first version.
    """

    former: ProcedureVersion | None
    diff: Diff | None
    open_cases: str
    drafts: str
    vacant: tuple[Vacant, ...]

    @property
    def follows(self) -> bool:
        return self.diff is not None and self.diff.compatible


def publication(code: str, new: Definition, on: date) -> Publication:
    """Everything to be seen before a definition is published from a day on."""
    former = base_of(code)
    vacant = tuple(verify_staffing(new, on))
    drafts = _figure(forms.count_open(code, CAP + 1))
    if former is None:
        return Publication(None, None, "0", drafts, vacant)
    return Publication(
        former, compare(definition_of(former.id), new), _figure(open_under(former.id)), drafts, vacant
    )


def open_under(version_id: UUID) -> int:
    """Open cases under a version, counted up to a bound."""
    return Case.objects.filter(version_id=version_id, finished_at__isnull=True)[: CAP + 1].count()


def _figure(count: int) -> str:
    return str(count) if count <= CAP else f"{CAP:,}+".replace(",", ".")


def two_versions(code: str, frm: int, to: int) -> tuple[ProcedureVersion, ProcedureVersion, Diff]:
    """Two versions of a procedure and what differs. `NotFound` when one does not exist."""
    old, new = version(code, frm), version(code, to)
    return old, new, compare(definition_of(old.id), definition_of(new.id))


# Plans ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """How many cases a plan said the same of."""

    outcome: str
    reason: str
    kind: str
    words: str
    why: str
    count: int


@dataclass(frozen=True, slots=True)
class StepChoice:
    """A step of the old version, how many of its cases cannot move as things are, and where it leads."""

    id: str
    title: str
    target: str
    same: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its figures: how many can move, cannot and why, would be due at another time."""

    plan: VersionPlan
    state: str
    run: Run | None
    figures: tuple[Figure, ...]
    moved: int
    other_dates: int
    waiting: int
    steps: tuple[StepChoice, ...]
    targets: tuple[tuple[str, str], ...]
    diff: Diff

    @property
    def busy(self) -> bool:
        return self.run is not None and self.run.is_open

    @property
    def may_apply(self) -> bool:
        return not self.busy and self.plan.state in ("checked", "applied")


def plans_of(code: str, cursor: str = "") -> Page[VersionPlan]:
    """The plans of a procedure, latest first."""
    rows = VersionPlan.objects.filter(procedure_id=code).select_related("frm", "to")
    return page(rows.defer("frm__source", "to__source"), by=["-made_at", "-id"], cursor=cursor, size=SIZE)


def plan_row(code: str, plan_id: UUID) -> VersionPlan:
    """A plan of a procedure. `NotFound` when there is none."""
    rows = VersionPlan.objects.select_related("procedure", "frm", "to").defer("frm__source", "to__source")
    found = rows.filter(id=plan_id, procedure_id=code).first()
    if found is None:
        raise NotFound("no_plan", _("Không có kế hoạch này."))
    return found


def plan_view(code: str, plan_id: UUID, lang: str) -> PlanView:
    """A plan as its page shows it."""
    plan = plan_row(code, plan_id)
    old, new = definition_of(plan.frm_id), definition_of(plan.to_id)
    said = PlannedCase.objects.filter(plan=plan)
    counted = said.values("outcome", "reason").annotate(n=Count("id")).order_by("outcome", "-n")
    figures = tuple(_figure_of(r["outcome"], r["reason"], r["n"]) for r in counted)
    return PlanView(
        plan=plan,
        state=_(STATES[plan.state]),
        run=Run.objects.filter(id=plan.run_id).first() if plan.run_id else None,
        figures=figures,
        moved=sum(f.count for f in figures if f.outcome in ("moved", "not_back")),
        other_dates=said.filter(due_then__isnull=False).exclude(due_then=F("due_now")).count(),
        waiting=open_under(plan.frm_id),
        steps=tuple(_choice(s.id, s.name.in_(lang) or s.id, plan, new) for s in old.steps.values()),
        targets=tuple((s.id, f"{s.name.in_(lang) or s.id} ({s.id})") for s in new.steps.values()),
        diff=compare(old, new),
    )


def _choice(name: str, title: str, plan: VersionPlan, new: Definition) -> StepChoice:
    target = plan.steps.get(name) or (name if name in new.steps else "")
    return StepChoice(name, title, target, name in new.steps)


def _figure_of(outcome: str, reason: str, count: int) -> Figure:
    kind, words = OUTCOMES[outcome]
    return Figure(outcome, reason, kind, _(words), _(REASONS[reason]) if reason else "", count)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """What a plan says of one case, by its code only."""

    row: PlannedCase
    kind: str
    words: str
    why: tuple[str, ...]


def planned_cases(
    plan_id: UUID, *, outcome: str = "", reason: str = "", dates: bool = False, cursor: str = ""
) -> Page[CaseLine]:
    """The cases of a plan in the order they were filed; `dates` those that would be due at another time."""
    rows = (
        PlannedCase.objects.filter(plan_id=plan_id)
        .select_related("case")
        .only("outcome", "reason", "details", "due_now", "due_then", "case__code", "case_id", "plan_id")
    )
    wanted = Q(outcome=outcome) if outcome else Q()
    if reason:
        wanted &= Q(reason=reason)
    if dates:
        wanted &= Q(due_then__isnull=False)
    found = page(rows.filter(wanted), by=["case_id"], cursor=cursor, size=SIZE)
    return Page([_line(r) for r in found.rows], found.next, found.previous)


def _line(row: PlannedCase) -> CaseLine:
    kind, words = OUTCOMES[row.outcome]
    return CaseLine(
        row,
        kind,
        _(words),
        tuple(_told(row.details)) or tuple([_(REASONS[row.reason])] if row.reason else ()),
    )


def _told(details: Iterable[list[str]]) -> Iterable[str]:
    for code, about in details:
        words = _(REASONS.get(code, code))
        yield f"{words}: {about}" if about else words
