"""What officers' pages show: the queue of a centre, lists, one case with everything about it, what waits for a signature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tinhso.core.access.actor import Actor
from tinhso.core.cases import policy
from tinhso.core.cases.choices import Status
from tinhso.core.cases.explained import Explained, explained
from tinhso.core.cases.models import Act, Case, Procedure
from tinhso.core.cases.queries import CaseFile, Filter, list_cases, offered_codes
from tinhso.core.cases.state import PaperState, State, dump, load_state
from tinhso.core.db.paging import Page
from tinhso.core.desk.models import Task
from tinhso.core.files.models import StoredFile
from tinhso.core.forms.answers import Section, display
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.orgs import queries as orgs
from tinhso.core.people.models import Person
from tinhso.core.procedures.dossier import papers_for
from tinhso.core.procedures.model import Definition, PaperRule, Situation
from tinhso.core.signing.models import IssuedDocument
from tinhso.core.signing.queries import of_case
from tinhso.core.ui.parts import TimelineItem
from tinhso.kit import worktime
from tinhso.kit.identity import show_phone
from tinhso.kit.worktime.explain import amount_text
from tinhso.systems.onestop.documents.deadlines import Deadlines, deadlines
from tinhso.systems.onestop.documents.words import local
from tinhso.systems.onestop.queries.history import told
from tinhso.systems.onestop.queries.standing import Standing, standing
from tinhso.systems.onestop.rules.standing import plain_text

#: Counts stop here; a page then shows "100+".
CAP = 100
SHOWN = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list: its row, what is to be done and until when, working minutes left (None: no limit)."""

    case: Case
    due_at: datetime | None
    left: int | None
    paused: bool
    competent: str
    task: str = ""
    holder: str = ""
    token: str = ""
    drafter: str = ""
    correction: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """One group of a centre's work: the first lines by time left, and how many there are (at most `CAP` + 1)."""

    key: str
    lines: tuple[Line, ...]
    count: int

    @property
    def count_text(self) -> str:
        return f"{CAP}+" if self.count > CAP else str(self.count)


def left_of(path: str, now: datetime, due: datetime | None) -> int | None:
    """Working minutes from now to a due date in a unit's calendar, negative when late."""
    return None if due is None else worktime.between(orgs.calendar_for(path), now, due)


def counter_queues(actor: Actor, now: datetime) -> list[Queue]:
    """The work of the centres the actor receives for, by time left: to check, to hand over, to return, to decide."""
    units = policy.units_seen(actor, "cases.receive")
    if not units:
        return []
    kinds = ["case.receive", "case.deliver", "case.withdrawal", "case.stop_proposal"]
    open_ = Task.objects.filter(unit_id__in=units, closed_at__isnull=True)
    tasks: list[Task] = []
    for kind in (kinds[:1], kinds[1:2], kinds[2:]):
        tasks += (
            open_.filter(kind__in=kind).select_related("unit", "person").order_by("sort_at", "id")[: 2 * CAP]
        )
    cases = _cases(t.subject_id for t in tasks)
    groups: dict[str, list[Line]] = {"check": [], "hand_over": [], "return": [], "decide": []}
    for task in tasks:
        case = cases.get(task.subject_id)
        if case is not None:
            groups[_group(task, case)].append(_task_line(task, case, now))
    return [Queue(key, tuple(lines[:SHOWN]), min(len(lines), CAP + 1)) for key, lines in groups.items()]


def _group(task: Task, case: Case) -> str:
    if task.kind == "case.deliver":
        return "return"
    if task.kind == "case.receive":
        return "hand_over" if case.status == Status.ACCEPTED else "check"
    return "decide"


def _cases(ids: Iterable[UUID]) -> dict[UUID, Case]:
    rows = Case.objects.filter(id__in=set(ids)).defer("state").select_related("procedure")
    return {case.id: case for case in rows}


def _task_line(task: Task, case: Case, now: datetime) -> Line:
    return Line(
        case=case,
        due_at=task.due_at,
        left=left_of(task.unit.path, now, task.due_at),
        paused=False,
        competent=orgs.unit(case.competent_id).name,
        task=task.title,
        holder=task.person.full_name if task.person else "",
        token=task.token,
    )


def case_lines(actor: Actor, what: Filter, now: datetime, *, cursor: str = "") -> Page[Line]:
    """The case list of a staff member, one page."""
    page = list_cases(actor, what, cursor=cursor)
    return Page([_case_line(case, now) for case in page.rows], page.next, page.previous)


def _case_line(case: Case, now: datetime) -> Line:
    unit = orgs.unit(case.competent_id)
    finished = case.finished_at is not None
    return Line(
        case=case,
        due_at=case.due_current,
        left=None if finished else left_of(unit.path, now, case.due_current),
        paused=case.clock == "paused",
        competent=unit.name,
    )


def chosen_cases(actor: Actor, codes: Sequence[str]) -> list[Case]:
    """The cases of a selection the actor may see, in the order chosen."""
    rows = Case.objects.filter(policy.scope(actor), code__in=codes).defer("state").select_related("procedure")
    found = {case.code: case for case in rows}
    return [found[code] for code in codes if code in found]


def to_sign(actor: Actor, now: datetime, *, limit: int = 200) -> list[Line]:
    """What waits for the actor's signature, due first: the draft, who made it, how long there is."""
    roles = sorted({g.role for g in actor.grants if "cases.sign" in g.permissions})
    units = policy.units_seen(actor, "cases.sign")
    if not units:
        return []
    tasks = list(
        Task.objects.filter(unit_id__in=units, role__in=roles, kind="case.sign", closed_at__isnull=True)
        .filter(Q(person__isnull=True) | Q(person_id=actor.person_id))
        .select_related("unit", "person")
        .order_by("sort_at", "id")[:limit]
    )
    cases = {
        c.id: c for c in Case.objects.filter(id__in={t.subject_id for t in tasks}).select_related("procedure")
    }
    states = {key: load_state(case.state) for key, case in cases.items()}
    drafters = _names(s.draft_by for s in states.values())
    lines = []
    for task in tasks:
        if task.subject_id not in cases:
            continue
        state = states[task.subject_id]
        line = _task_line(task, cases[task.subject_id], now)
        lines.append(_with_draft(line, state, drafters.get(state.draft_by, "")))
    return lines


def _with_draft(line: Line, state: State, drafter: str) -> Line:
    title = "Thông báo không giải quyết" if state.refusal_reason else ""
    return replace(line, drafter=drafter, task=title or line.task)


def _names(ids: Iterable[str]) -> dict[str, str]:
    wanted = {UUID(i) for i in ids if i}
    return (
        {str(k): v for k, v in Person.objects.filter(id__in=wanted).values_list("id", "full_name")}
        if wanted
        else {}
    )


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper the dossier needs or holds: its rule, what was given, the files to open."""

    rule: PaperRule
    given: PaperState | None
    files: tuple[StoredFile, ...]
    asked: str = ""

    @property
    def missing(self) -> bool:
        return self.rule.required and not self.here

    @property
    def here(self) -> bool:
        given = self.given
        return given is not None and (bool(given.files) or given.shown or given.source == "registry")


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the staff page of a case shows, read with one query per table."""

    file: CaseFile
    left: int | None
    why: Explained
    papers: tuple[PaperLine, ...]
    answers: tuple[Section, ...]
    draft: tuple[Section, ...]
    history: tuple[TimelineItem, ...]
    documents: tuple[IssuedDocument, ...]
    question: str
    drafter: str
    standing: Standing
    deadlines: Deadlines | None
    acts: tuple[Act, ...]

    @property
    def scored(self) -> str:
        """The working time used up as the scoring counts it, in words."""
        return amount_text(self.why.scored or 0, "minute", "vi")

    @property
    def phone(self) -> str:
        """The applicant's telephone number as people read it."""
        number = self.file.state.applicant.phone if self.file.state.applicant else ""
        return show_phone(number) if number else ""


def case_page(file: CaseFile, now: datetime, lang: str = "vi", *, actor: Actor) -> CasePage:
    """The page of one case, for one reader."""
    state, definition = file.state, file.definition
    where = standing(file, actor, lang)
    hidden = frozenset(a.unit for r in where.rounds for a in r.answers if a.hidden)
    places = OrgPlaces()
    acts = list(Act.objects.filter(case_id=file.case.id).order_by("seq"))
    fields = definition.result.fields
    why = explained(definition, state, now, lang)
    return CasePage(
        file=file,
        left=why.left if file.case.finished_at is None else None,
        why=why,
        papers=tuple(paper_lines(state, definition)),
        answers=tuple(display(definition.form, state.answers, lang, places)),
        draft=tuple(display(fields, state.draft, lang, places)) if fields and state.draft else (),
        history=tuple(told(act, definition, hidden) for act in reversed(acts)),
        documents=tuple(d for d in of_case(file.case.code)),
        question=_question(definition, state, lang),
        drafter=next(
            (a.actor.get("name", "") for a in reversed(acts) if a.kind in ("complete", "draft")), ""
        ),
        standing=where,
        deadlines=deadlines(file, now, lang, children=where.children),
        acts=tuple(acts),
    )


def situation(state: State, definition: Definition) -> Situation:
    """What conditions of papers may read on the day of filing."""
    day = local(state.submitted_at).date() if state.submitted_at else definition.valid_from
    return Situation.of(definition, state.answers, dump(state.applicant), state.channel, day, state.variant)


def paper_lines(state: State, definition: Definition) -> list[PaperLine]:
    """The papers of a dossier with their files, in the definition's order; those asked for say why."""
    asked = {i.paper: i.reason for i in state.open_supplement.items} if state.open_supplement else {}
    ids = {UUID(f) for p in state.papers for f in p.files}
    files = {str(f.id): f for f in StoredFile.objects.filter(id__in=ids)} if ids else {}
    rules = papers_for(definition, situation(state, definition))
    known = {r.id for r in rules}
    rules += [r for r in definition.papers if r.id not in known and (state.paper(r.id) or r.id in asked)]
    return [
        PaperLine(
            rule=rule,
            given=state.paper(rule.id),
            files=tuple(files[f] for f in given.files if f in files)
            if (given := state.paper(rule.id))
            else (),
            asked=asked.get(rule.id, ""),
        )
        for rule in rules
    ]


def _question(definition: Definition, state: State, lang: str) -> str:
    """What the asked unit is asked."""
    token = state.at("ask_unit")
    step = definition.steps.get(token.step) if token else None
    return plain_text(step.options.get("question"), lang) if step else ""


def find_case_code(actor: Actor, typed: str) -> str:
    """The code of the case a scanner or a hand typed: a case code, an address holding one, or a paper's public code.

    "" when there is none the actor may see.
    """
    text = typed.strip().rstrip("/").rsplit("/", 1)[-1].strip()
    if not text:
        return ""
    scoped = Case.objects.filter(policy.scope(actor))
    found = scoped.filter(code__iexact=text).values_list("code", flat=True).first()
    if found:
        return str(found)
    code = (
        IssuedDocument.objects.filter(code=text.upper().replace("-", ""))
        .values_list("case_code", flat=True)
        .first()
    )
    return str(scoped.filter(code=code).values_list("code", flat=True).first() or "") if code else ""


def procedures_offered() -> list[tuple[str, str]]:
    """Code and name of every procedure that takes cases, for the filter of lists."""
    rows = Procedure.objects.filter(code__in=offered_codes()).order_by("name")
    return [(p.code, p.name) for p in rows.only("code", "name")]
