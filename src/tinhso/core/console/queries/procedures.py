"""Procedures and their versions as the administrator reads them, and what a new version would change."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.models import Role
from tinhso.core.cases import queries as cases
from tinhso.core.cases.models import Procedure, ProcedureVersion, VersionFiles
from tinhso.core.cases.queries import Running
from tinhso.core.db.paging import Page, page
from tinhso.core.procedures.build import build
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.coverage import Gap, gaps
from tinhso.core.procedures.export import files_of_source
from tinhso.core.procedures.files import Files, Judgement, files_in, judge, tidy
from tinhso.core.procedures.model import Definition, Step
from tinhso.core.procedures.roles import roles_of
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit.errors import NotFound
from tinhso.kit.text import fold
from tinhso.kit.yamlfile import load

SIZE = 50
EMPTY = {"procedure.yml": "", "form.yml": "", "outputs/result.typ": "", "examples/01-normal.yml": ""}
CAP = 1_000
_SHORT = 12


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version without its source: when it holds and how many open cases run under it (`figure` in words)."""

    version: ProcedureVersion
    first: date | None
    end: date | None
    state: str
    figure: str

    @property
    def before(self) -> int:
        """The number of the version before this one, 0 for the first."""
        return self.version.number - 1

    @property
    def short_hash(self) -> str:
        return self.version.hash[:_SHORT]


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """A procedure in the list: the version in force, the next one, and the open cases of all its versions."""

    procedure: Procedure
    field: str
    now: VersionLine | None
    next: VersionLine | None
    figure: str


def list_procedures(
    text: str = "", *, field: str = "", kind: str = "", cursor: str = ""
) -> Page[ProcedureLine]:
    """Procedures by name. `kind`: `online` those that take cases today, `info` those with a page only, `` all.

    Words are looked for in the name as written or without marks, or in the code.
    """
    rows = Procedure.objects.only("code", "name", "field", "levels")
    if text.strip():
        rows = rows.filter(Q(code__startswith=text.strip()) | Q(code__in=_named(text)))
    if field:
        rows = rows.filter(field=field)
    if kind:
        takes = Q(code__in=cases.offered_codes())
        rows = rows.filter(takes if kind == "online" else ~takes)
    found = page(rows, by=["name", "code"], cursor=cursor, size=SIZE)
    lines = _lines([row.code for row in found.rows], cases.running_cases())
    fields = dict(field_choices())
    return Page(
        [_procedure_line(p, fields, lines.get(p.code, [])) for p in found.rows], found.next, found.previous
    )


def _named(text: str) -> list[str]:
    """A province has a few thousand procedures at most; marks are dropped here rather than in an index."""
    words = fold(text).split()
    pairs = Procedure.objects.values_list("code", "name")
    return [code for code, name in pairs if all(word in fold(name) for word in words)]


def _lines(codes: Iterable[str], running: Running) -> dict[str, list[VersionLine]]:
    rows = ProcedureVersion.objects.filter(procedure_id__in=list(codes)).defer("source").order_by("-number")
    found: dict[str, list[VersionLine]] = {}
    for row in rows:
        found.setdefault(row.procedure_id, []).append(_version_line(row, running))
    return found


def _version_line(row: ProcedureVersion, running: Running) -> VersionLine:
    today = timezone.localdate()
    if row.valid.isempty:
        state = "never"
    elif row.valid.upper is not None and row.valid.upper <= today:
        state = "past"
    else:
        state = "next" if row.valid.lower is not None and row.valid.lower > today else "now"
    figure = _figure(running.by_version.get(row.id, 0), running.capped)
    return VersionLine(row, row.valid.lower, row.valid.upper, state, figure)


def _figure(count: int, capped: bool) -> str:
    if count > CAP:
        return f"{CAP:,}+".replace(",", ".")
    return f"≥ {count}" if capped else str(count)


def _procedure_line(
    procedure: Procedure, fields: Mapping[str, str], lines: list[VersionLine]
) -> ProcedureLine:
    now = next((line for line in lines if line.state == "now"), None)
    coming = [line for line in lines if line.state == "next"]
    figures = [line.figure for line in lines if line.figure != "0"]
    return ProcedureLine(
        procedure,
        fields.get(procedure.field, procedure.field),
        now,
        coming[-1] if coming else None,
        " + ".join(figures) or "0",
    )


def field_choices() -> list[tuple[str, str]]:
    """The fields of administration, in the order of their reference file."""
    rows = load(Path(settings.CATALOG) / "references" / "fields.yml", Path(settings.CATALOG)).data["items"]
    return [(row["id"], row["name"]["vi"]) for row in rows]


def versions_of(code: str) -> tuple[Procedure, list[VersionLine]]:
    """A procedure with its versions, latest first. `NotFound` when there is none."""
    procedure = cases.procedure(code)
    return procedure, _lines([code], cases.running_cases()).get(code, [])


def for_edit(code: str) -> tuple[Procedure, list[VersionLine]]:
    """The same for the editor; a code nobody used yet gives a procedure that is not stored."""
    try:
        return versions_of(code)
    except NotFound:
        return Procedure(code=code), []


def version(code: str, number: int) -> ProcedureVersion:
    """One version with its source. `NotFound` when there is none."""
    found = (
        ProcedureVersion.objects.select_related("procedure").filter(procedure_id=code, number=number).first()
    )
    if found is None:
        raise NotFound("no_version", _("Không có phiên bản này."))
    return found


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as people read it: what, who, where, how long, and what may follow on which condition."""

    number: int
    id: str
    title: str
    kind: str
    role: str
    place: str
    within: str
    next: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A version in words: its definition, its steps in the order of the file, and where its competence points nowhere."""

    definition: Definition
    steps: tuple[StepLine, ...]
    gaps: tuple[Gap, ...] = ()


def reading(row: ProcedureVersion, lang: str) -> Reading:
    """What a version says, for people."""
    definition = build(row.source, row.hash)
    roles = dict(Role.objects.values_list("code", "name"))
    numbers = {step_id: n for n, step_id in enumerate(definition.steps, 1)}
    return Reading(
        definition,
        tuple(_step(s, definition, roles, numbers, lang) for s in definition.steps.values()),
        tuple(gaps(definition, timezone.localdate())),
    )


def _step(
    step: Step, definition: Definition, roles: Mapping[str, str], numbers: Mapping[str, int], lang: str
) -> StepLine:
    kind = STEP_KINDS.get(step.do).title
    places = {
        "reception": _("nơi tiếp nhận"),
        "competent": _("cơ quan giải quyết"),
        "asked": _("cơ quan được hỏi"),
    }
    variants = {f"variant == '{v.id}'": v.name.in_(lang) for v in definition.variants}
    following = tuple(
        (f"{numbers[n.to]}. {_title(definition.step(n.to), lang)}", variants.get(n.when, n.when))
        for n in step.next
    )
    return StepLine(
        numbers[step.id], step.id, _title(step, lang), kind, roles.get(step.role, step.role),
        places.get(step.at, step.at) if step.role else "", step.within.text(lang) if step.within else "", following,
    )  # fmt: skip


def _title(step: Step, lang: str) -> str:
    return step.name.in_(lang) or _(STEP_KINDS.get(step.do).title)


# Editing ------------------------------------------------------------------------------------------------------


def catalog() -> Catalog:
    """The catalogue whose lists, roles and schemas a definition is judged by."""
    return Catalog(Path(settings.CATALOG), roles_of(Path(settings.CATALOG)))


def judged(files: Mapping[str, str]) -> Judgement:
    """Check a definition and run its examples; nothing is stored."""
    return judge(files, catalog())


def gaps_of(judgement: Judgement) -> list[Gap]:
    """Where the competence rules of a checked definition find no unit: shown before it is published."""
    entry = judgement.entry
    return gaps(entry.definition, timezone.localdate()) if entry and entry.definition else []


def base_of(code: str) -> ProcedureVersion | None:
    """The version an edit starts from: the latest, whether in force or still to come."""
    return ProcedureVersion.objects.filter(procedure_id=code).order_by("-number").first()


def files_of(row: ProcedureVersion | None, code: str) -> Files:
    """The files of a version: those it kept, else rebuilt from what is stored, with the catalogue's examples.

    Without a version, what the catalogue's folder holds, else empty files to begin with.
    """
    if row is None:
        return files_in(_folder(code)) if _folder(code).exists() else dict(EMPTY)
    kept = VersionFiles.objects.filter(version=row).values_list("files", flat=True).first()
    if kept:
        return tidy(kept)
    folder = _folder(code)
    examples = (
        {n: t for n, t in files_in(folder).items() if n.startswith("examples/")} if folder.exists() else {}
    )
    return tidy(files_of_source(row.source) | examples)


def _folder(code: str) -> Path:
    found = next(Path(settings.CATALOG).glob(f"procedures/*/{code}"), None)
    return found or Path(settings.CATALOG) / "procedures" / "none" / code


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison: `kind` is `same`, `in` (new), `out` (gone) or `skip` (left out)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What changed in one file."""

    name: str
    added: int
    removed: int
    lines: tuple[DiffLine, ...]


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> list[FileDiff]:
    """The files that differ, line by line with three lines around each change; empty when nothing changed."""
    found = []
    for name in tidy({**before, **after}):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            lines = tuple(_diff(old, new))
            counts = [sum(line.kind == kind for line in lines) for kind in ("in", "out")]
            found.append(FileDiff(name, counts[0], counts[1], lines))
    return found


def _diff(old: str, new: str) -> Iterable[DiffLine]:
    kinds = {"+": "in", "-": "out", "@": "skip", " ": "same"}
    for line in list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3))[2:]:
        text = line if line.startswith("@@") else line[1:]
        yield DiffLine(kinds[line[:1] or " "], text)
