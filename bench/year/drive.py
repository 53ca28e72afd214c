"""What happens next in a case: read off its state, as the people at their desks would, with the chances of its plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from bench.year.plan import Plan, in_office
from bench.year.staff import Files, citizen, officer
from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.cases.choices import Status
from tinhso.core.cases.rules.money import outstanding
from tinhso.core.cases.state import State, Token, UnitRef
from tinhso.core.procedures.model import Definition
from tinhso.kit.dates import VIETNAM

NUMBERING = system_actor("numbering")
#: Minutes until somebody does it, at the least and at the most; acts that follow one another in one sitting are near.
SITTING, DESK, APPLICANT, ASKED = (1, 15), (20, 240), (600, 7000), (120, 2400)
MACHINES = ("consult", "parallel", "subcase", "exchange", "document")


@dataclass(frozen=True, slots=True)
class Next:
    """An act to come: when, by whom, with which data (worked out when it is done)."""

    at: datetime
    act: str
    actor: Callable[[], Actor]
    data: Callable[[], dict[str, Any]] = field(default=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """A case before the people who could do something about it now; `given_up` are acts that were refused."""

    plan: Plan
    definition: Definition
    state: State
    now: datetime
    files: Files
    given_up: frozenset[str] = frozenset()

    def next(self) -> Next | None:
        """The next act of a person; None when the case waits for a machine, another case, silence, or nobody."""
        at_status = AT_STATUS.get(Status(self.state.status))
        wanted = [at_status(self)] if at_status else []
        wanted += [
            AT_STEP[t.do](self, t) for t in self.state.tokens if t.do in AT_STEP and self._for_people(t)
        ]
        return next((n for n in wanted if n and n.act not in self.given_up), None)

    # Who and when ---------------------------------------------------------------------------------------------

    @property
    def lead(self) -> bool:
        """A case of its own, no sub-case: only to these does what a plan holds happen."""
        return self.state.parent is None

    def chance(self) -> Random:
        return self.plan.draw(f"{self.state.seq}")

    def by(
        self,
        unit: UnitRef | None,
        role: str,
        act: str,
        when: tuple[int, int] = DESK,
        *,
        nth: int = 0,
        **data: Any,
    ) -> Next:
        assert unit is not None
        moment = in_office(self.now + timedelta(minutes=self.chance().uniform(*when)))
        return Next(moment, act, lambda: officer(unit.id, role, nth), lambda: data)

    def clerk(self, act: str, when: tuple[int, int] = DESK, **data: Any) -> Next:
        return self.by(self.state.reception, "one_stop_clerk", act, when, **data)

    def holder(self, token: Token, act: str, when: tuple[int, int] = DESK, **data: Any) -> Next:
        return self.by(token.unit, token.role, act, when, token=token.id, **data)

    def applicant(self, act: str, when: tuple[int, int] = APPLICANT, **data: Any) -> Next:
        who = self.state.applicant
        assert who is not None
        moment = self.now + timedelta(minutes=self.chance().uniform(*when))
        return Next(moment, act, lambda: citizen(who.id, who.full_name), lambda: data)

    def _for_people(self, token: Token) -> bool:
        if token.do == "ask_applicant":
            return not (self.plan.silent and token.silence)
        return bool(token.role) and not token.retry_at and token.do not in MACHINES

    # By the status of the case --------------------------------------------------------------------------------

    def filed(self) -> Next:
        if self.lead and self.plan.refused:
            ground = "Quyết định công bố thủ tục"
            return self.clerk("refuse_reception", reason="Hồ sơ không thuộc phạm vi", ground=ground)
        if self.lead and self.plan.supplement and not self.state.supplements:
            return self.clerk("ask_supplement", **self._missing())
        online = self.state.channel == "online"
        return self.clerk(
            "accept", shown=[p.id for p in self.definition.papers if p.kind == "present" and not online]
        )

    def _missing(self) -> dict[str, Any]:
        brought = next((p.id for p in self.state.papers if p.files and self.definition.paper(p.id)), None)
        if brought is None:
            return {"note": "Bổ sung bản khai có chữ ký"}
        return {"items": [{"paper": brought, "reason": "Bản chụp không đọc được"}]}

    def asked(self) -> Next | None:
        if self.state.at("stop_proposal") is not None:
            return None
        asked, who = self.state.open_supplement, self.state.applicant
        papers = [i.paper for i in asked.items] if asked else []
        coming = self.applicant("supplement")
        return Next(
            coming.at,
            coming.act,
            coming.actor,
            lambda: {"papers": self.files.take(papers, who.id if who else "")},
        )

    def accepted(self) -> Next:
        if outstanding(self.state):
            return self.by(self.state.reception, "cashier", "collect", SITTING)
        return self.clerk("hand_over", SITTING)

    def in_work(self) -> Next | None:
        if self.lead and self.plan.withdrawn and not self.state.withdrawal_reason:
            return self.applicant("withdraw", reason="Chưa có nhu cầu nữa")
        return None

    def withdrawing(self) -> Next:
        return self.clerk("approve_withdrawal")

    def returned(self) -> Next | None:
        if self.lead and self.plan.rated and self.state.rating is None:
            return self.applicant("rate", stars=4 + self.chance().randrange(2))
        return None

    # By the open step -----------------------------------------------------------------------------------------

    def work(self, token: Token) -> Next:
        drafts = bool(self.definition.step(token.step).options.get("document"))
        if token.first_by:
            return self.holder(token, "second", nth=1, agrees=True)
        if drafts and self.lead and self.plan.negative and not self.state.refusal_reason:
            return self.holder(
                token, "propose_refusal", reason="Không đủ điều kiện", ground="Luật chuyên ngành"
            )
        act = self.holder(token, "complete", **({"fields": self._drafted()} if drafts else {}))
        due = self.state.clock.due_current
        if drafts and self.plan.late and due and due > self.now and not self.state.escalated:
            return Next(in_office(due + timedelta(hours=5)), act.act, act.actor, act.data)
        return act

    def _drafted(self) -> dict[str, Any]:
        """What an officer fills in for the result, by the kind of field."""
        form = self.definition.result.fields
        values = {"date": self.now.astimezone(VIETNAM).date().isoformat(), "integer": 1, "boolean": True}
        return (
            {f.id: values.get(f.type, "01/2026") for f in form.fields.values() if f.required} if form else {}
        )

    def opinion(self, token: Token) -> Next:
        return self.holder(token, "answer", ASKED, agrees=True, text="Nhất trí")

    def vote(self, token: Token) -> Next:
        voted = sum(v.step == token.step and not v.void for v in self.state.votes)
        return self.holder(token, "vote", nth=voted, agrees=True)

    def draft_shown(self, token: Token) -> Next:
        return self.applicant("confirm", DESK, token=token.id)

    def sign(self, token: Token) -> Next:
        if self.state.number:
            return self.holder(token, "sign", SITTING, signed_by="Người ký")
        number = {"number": f"{self.plan.number}/2026"}
        return Next(in_office(self.now + timedelta(minutes=30)), "number", lambda: NUMBERING, lambda: number)

    def pay(self, token: Token) -> Next:
        return self.by(self.state.reception, "cashier", "collect", ASKED)

    def deliver(self, token: Token) -> Next:
        return self.holder(token, "deliver", ASKED, to="Người nộp")

    def apologise(self, token: Token) -> Next:
        drafted = self.state.apology
        assert drafted is not None
        until = date.fromisoformat(drafted.until)
        return self.by(token.unit, token.role, "extend", SITTING, until=until, reason=drafted.reason)

    def late(self, token: Token) -> Next:
        return self.holder(token, "direct", text="Giải quyết ngay trong ngày")

    def stop(self, token: Token) -> Next:
        return self.by(token.unit, token.role, "stop", reason="Quá hạn bổ sung")


AT_STATUS: dict[Status, Callable[[Desk], Next | None]] = {
    Status.NEW: Desk.filed,
    Status.SUPPLEMENT: Desk.asked,
    Status.ACCEPTED: Desk.accepted,
    Status.PROCESSING: Desk.in_work,
    Status.WITHDRAWAL: Desk.withdrawing,
    Status.RETURNED: Desk.returned,
}
AT_STEP: dict[str, Callable[[Desk, Token], Next]] = {
    "work": Desk.work,
    "ask_unit": Desk.opinion,
    "vote": Desk.vote,
    "ask_applicant": Desk.draft_shown,
    "sign": Desk.sign,
    "pay": Desk.pay,
    "deliver": Desk.deliver,
    "apology": Desk.apologise,
    "late": Desk.late,
    "stop_proposal": Desk.stop,
}
