"""Where a case stands, for a reader: its open places, the cases it belongs with, rounds of opinions, votes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.urls import reverse

from tinhso.core.access.actor import Actor
from tinhso.core.cases import policy
from tinhso.core.cases.models import Case
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import State, load_state
from tinhso.core.cases.versions import definition_of
from tinhso.core.orgs import queries as orgs
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.rules.standing import (
    Place,
    Related,
    Round,
    Tally,
    places,
    rounds,
    tallies,
    working,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page of a case says about where it is."""

    places: tuple[Place, ...]
    children: tuple[Related, ...]
    parent: Related | None
    rounds: tuple[Round, ...]
    tallies: tuple[Tally, ...]

    @property
    def working(self) -> list[Place]:
        """The places where an agency works on it now."""
        return working(self.places)

    @property
    def several(self) -> bool:
        """Whether one line is not enough to say where it is."""
        return len(self.places) > 1 or any(p.branches or p.error or p.child for p in self.places)


def standing(file: CaseFile, actor: Actor, lang: str = "vi") -> Standing:
    """Where a case is, for one reader. One query more than the case itself, none when it stands alone."""
    state, definition = file.state, file.definition
    related = _related(state, actor, lang, mine=file.is_mine)
    children = tuple(
        replace(related[c.case_id], step=c.step, ended=c.status)
        for c in state.children
        if c.case_id in related
    )
    return Standing(
        places=places(state, definition, lang),
        children=children,
        parent=related.get(state.parent.case_id) if state.parent else None,
        rounds=rounds(state, definition, lang, sees=may_read(state, actor), unit_name=unit_name),
        tallies=tallies(state, definition, lang),
    )


def _related(state: State, actor: Actor, lang: str, *, mine: bool) -> Mapping[str, Related]:
    ids = [UUID(c.case_id) for c in state.children] + ([UUID(state.parent.case_id)] if state.parent else [])
    rows = Case.objects.filter(id__in=ids) if ids else []
    return {str(case.id): _one(case, actor, lang, mine=mine) for case in rows}


def _one(case: Case, actor: Actor, lang: str, *, mine: bool) -> Related:
    state, definition = load_state(case.state), definition_of(case.version_id)
    url = ""
    if mine and policy.is_applicant(actor, case, state):
        url = reverse("onestop:my_case", args=[case.code])
    elif policy.may_see(actor, case, state):
        url = reverse("onestop:staff_case", args=[case.code])
    return Related(
        str(case.id),
        case.code,
        definition.name.in_(lang),
        state.competent.name if state.competent else "",
        case.status,
        case.submitted_at,
        case.due_current,
        case.finished_at,
        url,
    )


def unit_name(code: str) -> str:
    """The name of a unit by its code, the code itself when nobody knows it."""
    try:
        return orgs.unit_by_code(code).name
    except Refusal:
        return code


def may_read(state: State, actor: Actor) -> frozenset[str] | None:
    """Whose answers a reader may see while a blind round is open: everybody's (None) for those who decide,
    their own units' for those who were asked."""
    if actor.system:
        return None
    leading = [u for u in (state.reception, state.competent) if u is not None]
    if any(actor.may(policy.SEE, u.path) for u in leading):
        return None
    asked = [o.unit for o in state.opinions] + [t.unit for t in state.tokens]
    return frozenset(u.code for u in asked if actor.may(policy.SEE, u.path))
