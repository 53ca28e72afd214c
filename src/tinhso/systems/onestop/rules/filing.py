"""The way through a filing: its steps in order, and which papers the answers so far call for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinhso.core.procedures.model import Definition, PaperRule, Situation, holds
from tinhso.kit.expressions import ExpressionError

PAPERS = "giay-to"
RETURN = "nhan-ket-qua"
CHECK = "kiem-tra"


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of a filing. `status`: `done`, `todo`, `error` (sent with mistakes), `optional`."""

    id: str
    title: str
    status: str


def papers_wanted(definition: Definition, here: Situation) -> list[PaperRule]:
    """The papers the answers so far call for; a condition that lacks an answer does not call yet."""
    return [p for p in definition.papers if _applies(p, here)]


def _applies(paper: PaperRule, here: Situation) -> bool:
    try:
        return holds(paper.when, here)
    except ExpressionError:
        return False


def to_upload(papers: Sequence[PaperRule]) -> list[PaperRule]:
    """Papers to attach when filing online; those only to be shown are brought to the counter."""
    return [p for p in papers if p.kind == "submit"]


def to_show(papers: Sequence[PaperRule]) -> list[PaperRule]:
    """Papers to bring along that no register can be asked for."""
    return [p for p in papers if p.kind != "submit" and not p.from_registry]


def looked_up(papers: Sequence[PaperRule]) -> list[PaperRule]:
    """Papers the agency looks up instead of asking for them (Decree 61/2018 art. 4, data shared between agencies)."""
    return [p for p in papers if p.kind != "submit" and p.from_registry]


def missing(papers: Sequence[PaperRule], files: Mapping[str, Any]) -> list[PaperRule]:
    """Required papers without a file."""
    return [p for p in to_upload(papers) if p.required and not files.get(p.id)]


def after(stops: Sequence[Stop], here: str) -> Stop:
    """The stop after one; the last one is its own next. An unknown one leads to the first."""
    ids = [s.id for s in stops]
    place = ids.index(here) + 1 if here in ids else 0
    return stops[min(place, len(stops) - 1)]


def before(stops: Sequence[Stop], here: str) -> Stop | None:
    """The stop before one, None at the first."""
    ids = [s.id for s in stops]
    place = ids.index(here) if here in ids else 0
    return stops[place - 1] if place else None


def first_open(stops: Sequence[Stop]) -> Stop:
    """Where to go on: the first stop not done; the check when all is."""
    return next((s for s in stops if s.status in ("todo", "error")), stops[-1])
