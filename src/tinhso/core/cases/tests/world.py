"""A world without a database for the pure rules: the real birth procedure, a calendar, people with roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zlib import crc32

import msgspec

from tinhso.core.access.actor import Actor, Grant, system_actor
from tinhso.core.cases.acts import ACTS, Facts, decide
from tinhso.core.cases.effects import EffectUnion, fold
from tinhso.core.cases.rules.reception import FileData
from tinhso.core.cases.state import PaperState, Party, State, UnitRef
from tinhso.core.procedures.fees import Rate
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.tests.sample import CATALOG, definition, example
from tinhso.kit.worktime.holidays import vietnam_calendar
from tinhso.kit.yamlfile import load

ZONE = Facts.zone
COMMUNE = UnitRef(
    id="00000000-0000-7000-8000-000000000001", code="H30.1", name="UBND phường I", path="h30.p1"
)
CENTRE = UnitRef(
    id="00000000-0000-7000-8000-000000000002", code="H30.1.1", name="Một cửa phường I", path="h30.p1.mc"
)
OTHER = UnitRef(id="00000000-0000-7000-8000-000000000003", code="H30.2", name="UBND xã khác", path="h30.x2")
CITIZEN_ID = "00000000-0000-7000-8000-0000000000c1"
PERMISSIONS = {
    role["id"]: frozenset(role["permissions"])
    for role in load(CATALOG / "references/roles.yml", CATALOG).data["roles"]
}


@cache
def _calendar() -> Any:
    return vietnam_calendar(range(2025, 2029))


def officer(role: str, unit: UnitRef = COMMUNE, *, number: int = 1, below: bool = False) -> Actor:
    """Somebody who holds one role at a unit."""
    grant = Grant(role, UUID(unit.id), unit.path, below, PERMISSIONS[role])
    return Actor(
        person_id=UUID(int=(7 << 76) + (2 << 62) + crc32(role.encode()) % 10_000 * 100 + number),
        name=f"{role} {number}",
        post_title=role,
        unit_id=UUID(unit.id),
        unit_path=unit.path,
        grants=(grant,),
    )


CLERK = officer("one_stop_clerk", CENTRE)
HEAD = officer("centre_head", CENTRE)
REGISTRAR = officer("civil_status_officer")
CHAIR = officer("chair", below=True)
CITIZEN = Actor(person_id=UUID(CITIZEN_ID), name="Nguyễn Thị Mai")
STRANGER = Actor(person_id=UUID("00000000-0000-7000-8000-0000000000c9"), name="Người lạ")
SYSTEM = system_actor("timer")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)

PARTY = Party(id=CITIZEN_ID, kind="person", full_name="Nguyễn Thị Mai", territory="31318")


@dataclass
class World:
    """One case through its acts; keeps every act's effects for replay."""

    definition: Definition = field(default_factory=definition)
    state: State = field(default_factory=State)
    now: datetime = MONDAY
    log: list[list[EffectUnion]] = field(default_factory=list)
    rates: tuple[Rate, ...] = ()

    def facts(self, actor: Actor) -> Facts:
        calendars = {u.id: _calendar() for u in (COMMUNE, CENTRE, OTHER)}
        asked = {s.id: (OTHER,) for s in self.definition.steps.values() if s.do == "ask_unit"}
        return Facts(now=self.now, actor=actor, calendars=calendars, asked_units=asked, rates=self.rates)

    def do(self, act: str, actor: Actor, **data: Any) -> State:
        kind = ACTS.get(act)
        values = msgspec.convert(data, kind.data) if act != "file" else data["data"]
        effects = decide(self.definition, self.state, kind, values, self.facts(actor))
        self.log.append(effects)
        self.state = fold(self.state, effects)
        return self.state

    def file(
        self,
        *,
        answers: dict[str, Any] | None = None,
        papers: tuple[str, ...] = ("birth_proof",),
        channel: str = "online",
    ) -> State:
        data = FileData(
            applicant=PARTY,
            filer_id=CITIZEN_ID,
            channel=channel,
            reception=CENTRE,
            competent=COMMUNE,
            answers=answers or example(),
            papers=tuple(PaperState(id=p, files=("f",)) for p in papers),
        )
        return self.do("file", CITIZEN, data=data)

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def token(self) -> str:
        return self.state.tokens[0].id

    def to_work(self) -> World:
        """Filed, accepted and handed over."""
        self.file()
        self.do("accept", CLERK)
        self.do("hand_over", CLERK)
        return self

    def to_sign(self) -> World:
        self.to_work()
        self.do("complete", REGISTRAR, fields={"book_number": "01"})
        return self

    def to_done(self) -> World:
        self.to_sign()
        self.do("number", SYSTEM, number="1/2026")
        self.do("sign", CHAIR, document="d", issued_code="c", signed_by="Chủ tịch")
        return self
