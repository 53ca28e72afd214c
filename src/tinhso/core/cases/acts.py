"""Acts: what somebody wants to do to a case, with the data it takes.

An act kind says who may do it, in which statuses, and how it is decided. Pages, API, timers and bulk
jobs all name acts; there is no other way to change a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import msgspec

from tinhso.core.access.actor import Actor
from tinhso.core.cases.choices import STATUS_NAMES, Status
from tinhso.core.cases.effects import EffectUnion
from tinhso.core.cases.state import State, Token, UnitRef
from tinhso.core.procedures.fees import Rate
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.kit.slots import Slot
from tinhso.kit.structs import prepare
from tinhso.kit.uuid7 import uuid7
from tinhso.kit.worktime import Calendar


@dataclass(frozen=True)
class Facts:
    """What the outside says at the moment of the act, gathered before deciding and kept as evidence."""

    now: datetime
    actor: Actor
    calendars: Mapping[str, Calendar]
    asked_units: Mapping[str, tuple[UnitRef, ...]] = field(default_factory=dict)
    #: Who stands in today for a person who is away, by person id; asked only when a rule needs it.
    substitutes: Mapping[str, str] = field(default_factory=dict)
    rates: Sequence[Rate] = ()

    zone: ClassVar[ZoneInfo] = ZoneInfo("Asia/Ho_Chi_Minh")

    def calendar(self, unit: UnitRef) -> Calendar:
        return self.calendars[unit.id]

    def stands_in(self, person_id: str) -> bool:
        """Whether the actor is the substitute of somebody who is away today."""
        me = str(self.actor.person_id or "")
        return bool(me) and self.substitutes.get(person_id, "") == me

    @property
    def today(self) -> date:
        """The date in Vietnam."""
        return self.now.astimezone(self.zone).date()


class ActData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data of an act; acts that need none use this. `token` names the open step meant."""

    token: str = ""


class NoData(ActData, frozen=True):
    pass


Decide = Callable[[Definition, State, Any, Facts], list[EffectUnion]]
#: Fills in what only the database can give (numbers of receipts), with the case locked, in the act's transaction.
Prepare = Callable[[State, Any, Facts], Any]
#: Why the act would make no sense in this state, or None.
Sense = Callable[[State], Refusal | None]


@dataclass(frozen=True, slots=True)
class ActKind:
    """One kind of act.

    `who`: `applicant`, `system`, `filing` (the action checks it), or permissions joined by `|`; with `at` the unit where the permission must be held
    (`reception`, `competent`, `either`, `hands_out` (where the result is fetched), or `token`: the role of the open step at its unit).
    `strict`: only those who hold the step's role themselves, heads do not stand in for them.
    `first`: it may begin a case. `statuses`: where it is possible; empty means any that is not final.
    """

    name: str
    title: str
    who: str
    decide: Decide
    data: type[ActData] = NoData
    at: str = "reception"
    statuses: frozenset[Status] = frozenset()
    steps: frozenset[str] = frozenset()
    strict: bool = False
    first: bool = False
    #: One more question about the right to an act, where the permission alone does not answer it.
    also: Callable[[State, Token | None, Actor], Refusal | None] | None = None
    prepare: Prepare | None = None
    sense: Sense | None = None

    def __post_init__(self) -> None:
        prepare(self.data)


ACTS: Slot[ActKind] = Slot("act kinds", ActKind, lambda a: a.name)


def refuse(code: str, message: str, *, ground: str = "", field: str | None = None) -> Refusal:
    """A refusal to be raised: `code` for programs, `message` for the person, `ground` the law."""
    return Refusal(code, message, ground=ground, field=field)


def new_token(**values: Any) -> Token:
    return Token(id=str(uuid7()), **values)


def right(
    kind: ActKind, definition: Definition, state: State, token: Token | None, actor: Actor
) -> Refusal | None:
    """Why the actor may not do this act at all, or None. The only place that answers this question."""
    if state.source and kind.name != "mirror":
        return Forbidden(
            "mirrored", f"Hồ sơ này do {state.source} xử lý; tại đây chỉ theo dõi, không sửa được."
        )
    if kind.who == "system":
        return None if actor.system else Forbidden("system_only", "Việc này do hệ thống tự thực hiện.")
    if actor.system or kind.who == "filing":
        return None
    if kind.who == "applicant":
        return (
            None
            if acts_for_applicant(state, actor)
            else Forbidden(
                "not_applicant",
                "Chỉ người nộp hồ sơ hoặc cán bộ một cửa nơi tiếp nhận mới làm được việc này.",
            )
        )
    return _staff_right(kind, state, token, actor) or (kind.also(state, token, actor) if kind.also else None)


def acts_for_applicant(state: State, actor: Actor) -> bool:
    """The applicant, who filed for them, or a clerk of the reception unit who acts at their request."""
    mine = {state.applicant.id if state.applicant else "", state.filer_id} - {""}
    if actor.person_id and str(actor.person_id) in mine:
        return True
    return state.reception is not None and actor.may("cases.receive", state.reception.path)


#: What doing a kind of step takes; who cannot do a step must not take it away from those who can.
DOING = {
    "receive": "cases.receive",
    "withdrawal": "cases.receive",
    "stop_proposal": "cases.approve",
    "sign": "cases.sign",
    "deliver": "cases.deliver",
    "pay": "cases.cashier",
    "late": "cases.approve",
    "ask_unit": "cases.work|cases.approve",
}


def _staff_right(kind: ActKind, state: State, token: Token | None, actor: Actor) -> Refusal | None:
    places: dict[str, list[UnitRef | None]] = {
        "reception": [state.reception],
        "hands_out": [state.hands_out, state.reception],
        "competent": [state.competent],
        "either": [state.reception, state.competent, *(t.unit for t in state.tokens)],
        "token": [token.unit] if token else [],
    }
    permissions = kind.who.split("|")
    if kind.name == "take" and token:
        permissions = DOING.get(token.do, "cases.work").split("|")
    if not any(unit and actor.may(p, unit.path) for unit in places[kind.at] for p in permissions):
        return Forbidden("no_right", "Vị trí công tác của bạn không có quyền làm việc này với hồ sơ này.")
    if kind.at == "token" and token and token.role and not _holds_role(token, actor, strict=kind.strict):
        return Forbidden("other_role", "Bước này thuộc vị trí công tác khác.")
    return None


def _holds_role(token: Token, actor: Actor, *, strict: bool) -> bool:
    """The role at the step's unit; heads may act for everyone below by `cases.assign`, except where that is strict."""
    holds = actor.has_role(token.role, token.unit.path)
    return holds or (not strict and actor.may("cases.assign", token.unit.path))


def possible(kind: ActKind, state: State, token: Token | None) -> Refusal | None:
    """Why the act makes no sense in this state, or None."""
    status = Status(state.status) if state.status else None
    if status is None and kind.first:
        return None
    if kind.statuses and status not in kind.statuses:
        name = STATUS_NAMES[status] if status else "chưa nộp"
        return refuse(
            "wrong_status", f"Không làm được việc “{kind.title}” khi hồ sơ đang ở trạng thái “{name}”."
        )
    if not kind.statuses and status is not None and status.is_final:
        return refuse("closed", f"Hồ sơ đã kết thúc ở trạng thái “{STATUS_NAMES[status]}”.")
    if kind.steps and (token is None or token.do not in kind.steps):
        return refuse("step_gone", "Bước này đã được xử lý xong hoặc đã chuyển nơi khác. Hãy tải lại trang.")
    return kind.sense(state) if kind.sense else None


def find_token(kind: ActKind, state: State, data: ActData) -> Token | None:
    """The open step an act is about: the one named, else the only one of a fitting kind."""
    if data.token:
        return state.token(data.token)
    fitting = [t for t in state.tokens if t.do in kind.steps] if kind.steps else []
    return fitting[0] if len(fitting) == 1 else None


def decide(
    definition: Definition, state: State, kind: ActKind, data: ActData, facts: Facts
) -> list[EffectUnion]:
    """Pure: the effects of an act on a state, or a `Refusal` raised with its reason. No clock, no database."""
    token = find_token(kind, state, data)
    if kind.at == "token" and token is None and data.token:
        raise refuse("step_gone", "Bước này đã được xử lý xong hoặc đã chuyển nơi khác. Hãy tải lại trang.")
    reason = right(kind, definition, state, token, facts.actor) or possible(kind, state, token)
    if reason:
        raise reason
    if token is not None and not data.token:
        data = msgspec.structs.replace(data, token=token.id)
    return kind.decide(definition, state, data, facts)
