"""Worked examples of a definition: input → variant, due date, fee, papers, path. They run as tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from tinhso.core.forms.answers import clean, validate
from tinhso.core.forms.env import Env
from tinhso.core.procedures.catalog import Catalog, Entry
from tinhso.core.procedures.dossier import papers_for, variant_for
from tinhso.core.procedures.fees import fees_for
from tinhso.core.procedures.flow import blank_case, branches
from tinhso.core.procedures.model import Definition, Situation, holds
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit import worktime
from tinhso.kit.worktime.holidays import vietnam_calendar
from tinhso.kit.yamlfile import Document

YEARS = range(2025, 2029)


def run_examples(catalog: Catalog, entry: Entry) -> tuple[int, list[str]]:
    """Run all examples of a procedure; (how many, what differs: `file:line: expected … got …`)."""
    assert entry.definition is not None  # noqa: S101  only full definitions have examples
    ran, wrong = 0, []
    for document in catalog.examples(entry.folder):
        ran += 1
        wrong += [
            str(document.fault(("expect", key), text))
            for key, text in run_example(entry.definition, document)
        ]
    return ran, wrong


def run_example(definition: Definition, document: Document) -> Iterator[tuple[str, str]]:
    """What differs from the expectation, as (key, sentence)."""
    data, expect = document.data, document.data["expect"]
    today = datetime.fromisoformat(data["submitted"]).date()
    applicant, channel = data["applicant"], data["channel"]
    env = Env(today, applicant, channel)
    faults = {path: text.vi for path, text in validate(definition.form, data["form"], env).items()}
    wanted = expect.get("errors") or {}
    yield from _compare_errors(faults, wanted)
    if wanted:
        return
    here = Situation.of(definition, clean(definition.form, data["form"], env), applicant, channel, today)
    variant = variant_for(definition, here)
    here = Situation.of(definition, here.form, applicant, channel, today, variant.id, _well(definition))
    found = {
        "variant": variant.id,
        "fee": sum(int(f.amount) for f in fees_for(definition, here, today) if not f.exempt),
        "papers_required": sorted(
            p.id for p in papers_for(definition, here) if p.required and p.kind == "submit"
        ),
        "competent": _competence(definition, today),
        "steps": list(_path(definition, here)),
    }
    for key, value in found.items():
        want = sorted(expect[key]) if key == "papers_required" and key in expect else expect.get(key)
        if key in expect and want != value:
            yield key, f"mong đợi {want!r}, được {value!r}"
    if "due" in expect:
        accepted = datetime.fromisoformat(data["accepted"])
        due = worktime.add(_calendar(), accepted, variant.time, cutoff=variant.cutoff).at
        if due != datetime.fromisoformat(expect["due"]):
            yield "due", f"mong đợi {expect['due']}, được {due.isoformat()}"


def _compare_errors(faults: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for path, part in wanted.items():
        if part not in faults.get(path, ""):
            yield "errors", f"ở “{path}” cần lỗi có “{part}”, được “{faults.get(path, 'không có lỗi')}”"
    for path, text in faults.items():
        if path not in wanted:
            yield "errors", f"lỗi không mong đợi ở “{path}”: {text}"


def _well(definition: Definition) -> dict[str, Any]:
    """A case in which everybody asked has agreed and everything asked for has been brought."""
    case = blank_case(definition)
    case["votes"] = {step: {**counted, "passed": True} for step, counted in case["votes"].items()}
    case["replies"] = {step: {**reply, "status": "done"} for step, reply in case["replies"].items()}
    return case


_kept: list[worktime.Calendar] = []


def _calendar() -> worktime.Calendar:
    if not _kept:
        _kept.append(vietnam_calendar(YEARS))
    return _kept[0]


def _competence(definition: Definition, on: date) -> str:
    return next(
        c.level
        for c in definition.competence
        if (c.valid_from is None or c.valid_from <= on) and (c.valid_to is None or on < c.valid_to)
    )


def _path(definition: Definition, here: Situation) -> Iterator[str]:
    """The steps gone through when nothing is late and everybody agrees; branches in the order they are written."""
    yield from _way(definition, definition.first, "", here, set())


def _way(definition: Definition, name: str, until: str, here: Situation, seen: set[str]) -> Iterator[str]:
    while name != until and name not in seen:
        seen.add(name)
        step = definition.step(name)
        yield name
        for branch in branches(step):
            if holds(branch.when, here):
                yield from _way(definition, branch.to, name, here, seen)
        if STEP_KINDS.get(step.do).end:
            return
        name = next(n.to for n in step.next if holds(n.when, here))
