"""Which cases a person may see, and what they may do with one. Buttons, API and the actions ask the same rules."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.db.models import Q

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import Can, who_can
from tinhso.core.cases.acts import ACTS, ActData, ActKind, possible, refuse, right
from tinhso.core.cases.models import Case, CasePaper
from tinhso.core.cases.rules.moves import is_task
from tinhso.core.cases.state import State, Token, load_state
from tinhso.core.files.models import StoredFile
from tinhso.core.orgs import queries as orgs
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.steps import STEP_KINDS

SEE = "cases.see"
PUBLISH = "console.procedures"


@dataclass(frozen=True, slots=True)
class Ability:
    """An act a person may do now, at which open step (if it is about one)."""

    act: str
    title: str
    token: str = ""


def units_seen(actor: Actor, permission: str = SEE) -> list[UUID]:
    """The units whose cases the actor may see, from the posts held."""
    found: list[UUID] = []
    for path, below in actor.paths(permission):
        found += [
            u.id
            for u in orgs.directory().units.values()
            if u.path == path or (below and u.path.startswith(path + "."))
        ]
    return found


def scope(actor: Actor) -> Q:
    """The cases an actor may see: their own, and those received or decided by units they serve."""
    if actor.system:
        return Q()
    rule = Q(pk__in=[])
    if actor.person_id is not None:
        rule |= Q(applicant_id=actor.person_id) | Q(filer_id=actor.person_id)
    units = units_seen(actor)
    if units:
        rule |= Q(reception_id__in=units) | Q(competent_id__in=units)
    return rule


def may_see(actor: Actor, case: Case, state: State) -> bool:
    """Whether this case is in the actor's scope; somebody with an open step in it also sees it."""
    if actor.system:
        return True
    if actor.person_id is not None and str(actor.person_id) in {str(case.applicant_id), state.filer_id}:
        return True
    return any(actor.may(SEE, path) for path in paths_of(state))


def paths_of(state: State) -> list[str]:
    """The units a case concerns: where it was received, is decided and returned, and where its steps and opinions are."""
    units = [
        state.reception,
        state.competent,
        state.return_unit,
        *(t.unit for t in state.tokens + state.parked),
        *(o.unit for o in state.opinions),
    ]
    return list(dict.fromkeys(u.path for u in units if u is not None))


def who_may_see(state: State) -> list[Can]:
    """Every official who may open the case, and by which post: the same rule as `may_see`. The citizens it is of see it too."""
    return who_can(SEE, *paths_of(state))


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of an act for somebody: allowed, or the sentence why not."""

    title: str
    allowed: bool
    reason: str = ""


def judge_acts(actor: Actor, definition: Definition, state: State) -> list[Judged]:
    """Every act of officials on the case as it is, with the rules' own answer for this actor."""
    found = []
    for kind in ACTS:
        if kind.who in ("system", "filing", "applicant"):
            continue
        reasons = [
            right(kind, definition, state, token, actor) or possible(kind, state, token)
            for token in _tokens(kind, state) or [None]
        ]
        refused = None if None in reasons else next((r for r in reasons if r), None)
        found.append(Judged(kind.title, refused is None, refused.message if refused else ""))
    return found


def is_applicant(actor: Actor, case: Case, state: State) -> bool:
    return actor.person_id is not None and str(actor.person_id) in {str(case.applicant_id), state.filer_id}


def abilities(actor: Actor, definition: Definition, state: State) -> list[Ability]:
    """Every act the actor may do on the case now, in the order of the act list."""
    found = []
    for kind in ACTS:
        if kind.who in ("system", "filing"):
            continue
        found += [
            Ability(kind.name, kind.title, token.id if token else "")
            for token in _tokens(kind, state)
            if right(kind, definition, state, token, actor) is None and possible(kind, state, token) is None
        ]
    return found


def _tokens(kind: ActKind, state: State) -> list[Token | None]:
    if kind.at == "token" or kind.steps:
        return [t for t in state.tokens if (t.do in kind.steps if kind.steps else _one_persons(t))]
    return [None]


def fitting_data(kind: ActKind, data: ActData, definition: Definition, state: State, actor: Actor) -> ActData:
    """The act's data with the open step the actor may do it at, where none is named; a `Refusal` when none fits.

    For acts on several cases, where nobody can name the step of each.
    """
    if data.token or not (kind.at == "token" or kind.steps):
        return data
    tokens, first = _tokens(kind, state), None
    for token in tokens:
        reason = right(kind, definition, state, token, actor) or possible(kind, state, token)
        if reason is None:
            return msgspec.structs.replace(data, token=token.id if token else "")
        first = first or reason
    raise (
        first or possible(kind, state, None) or refuse("no_step", "Hồ sơ không ở bước nào làm được việc này.")
    )


def _one_persons(token: Token) -> bool:
    """Whether a step can be taken by one person."""
    return is_task(token) and not STEP_KINDS.get(token.do).shared


def may_open_paper(actor: Actor, stored: StoredFile) -> bool:
    """Whoever may see a case may open the papers given with it."""
    for paper in CasePaper.objects.select_related("case").filter(file_id=stored.id)[:20]:
        if may_see(actor, paper.case, load_state(paper.case.state)):
            return True
    return False
