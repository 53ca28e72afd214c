"""Cases in which several agencies work, played by the people of the small province at moments of the test's choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.cases.actions import Done, file_case, perform, settle
from tinhso.core.cases.actions.automatic import bring_result
from tinhso.core.cases.models import Case
from tinhso.core.cases.state import PaperState, Party, State, Token, load_state
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.yamlfile import load
from tinhso.systems.onestop.tests.staff_world import scan

INTERLINKED, BIRTH, RESIDENCE = "3.000722", "1.001193", "1.004222"
HEALTH_CARD, IDENTITY_CARD, PERMIT = "1.002759", "1.116410", "1.013225"
WARD, POLICE, INSURANCE = "H30.41.21", "H30.41.21.02", "H30.41.15"
HERE = {"detail": "Số 12 đường Nguyễn Huệ", "territory": "31318"}
#: Who signs where; what each officer fills in.
OFFICERS = {
    BIRTH: ("civil_status_officer", "chair", WARD, {"book_number": "01", "registered_on": "2026-11-30", "personal_id": "093226000123"}),
    RESIDENCE: ("police_officer", "police_head", POLICE, {"recorded_on": "2026-11-30", "household_code": "HG-001"}),
    HEALTH_CARD: ("insurance_officer", "insurance_head", INSURANCE, {"card_number": "TE1 9320010201", "valid_from": "2026-11-30"}),
    IDENTITY_CARD: ("police_officer", "police_head", POLICE, {"card_number": "093226000123", "issued_on": "2026-12-01"}),
}  # fmt: skip


@cache
def example(code: str, name: str) -> dict[str, Any]:
    """The answers of a worked example, brought to Phường I."""
    catalog = Path(settings.CATALOG)
    folder = next((catalog / "procedures").glob(f"*/{code}"))
    answers = dict(load(sorted((folder / "examples").glob(f"{name}*.yml"))[0], catalog).data["form"])
    for place in ("residence", "birth_address", "site"):
        if place in answers:
            answers[place] = HERE
    return answers


@dataclass
class Play:
    """A case with its sub-cases; `at` is the moment of the next act."""

    province: SmallProvince
    case_id: UUID
    at: datetime

    @staticmethod
    def file(
        province: SmallProvince, code: str, at: datetime, *, papers: tuple[str, ...] = (), example_: str = "01",
        channel: str = "online", **answers: Any,
    ) -> Play:  # fmt: skip
        person, citizen = province.citizen.person, province.actor(province.citizen)
        party = Party(
            id=str(person.id), kind="person", full_name=person.full_name, birth=person.birth, sex=person.sex,
            identity="093192000123", phone=person.phone, address=person.address, territory=person.territory_code,
        )  # fmt: skip
        done = file_case(
            procedure=code,
            applicant=party,
            answers={**example(code, example_), **answers},
            papers=tuple(PaperState(id=p, files=(scan(citizen),)) for p in papers),
            channel=channel,
            key=str(uuid4()),
            actor=citizen,
            filer_id=person.id,
            now=at,
        )
        return Play(province, done.case.id, at)

    @property
    def state(self) -> State:
        return load_state(Case.objects.get(id=self.case_id).state)

    @property
    def steps(self) -> list[str]:
        return [t.step for t in self.state.tokens]

    def token(self, step: str, unit: str = "") -> Token:
        return next(t for t in self.state.tokens if t.step == step and unit in ("", t.unit.code))

    def officer(self, role: str, unit: str = "") -> Actor:
        return self.province.officer(role, unit)

    def do(self, act: str, role: str, unit: str = "", **data: Any) -> Done:
        """An act by whoever holds the role, at this moment; whatever the machine then has to do is done."""
        done = perform(self.case_id, act, data, actor=self.officer(role, unit), now=self.at)
        settle(self.case_id, now=self.at)
        return done

    def received(self) -> Play:
        self.do("accept", "one_stop_clerk")
        self.do("hand_over", "one_stop_clerk")
        return self

    def signed(self, role: str, unit: str = "") -> Play:
        """The open signing step, with a paper that stands for the signed one."""
        token = next(t for t in self.state.tokens if t.do == "sign")
        if not self.state.number:
            number = {"number": f"{self.case_id.hex[-6:]}/2026"}
            perform(self.case_id, "number", number, actor=system_actor("numbering"), now=self.at)
        self.do("sign", role, unit, token=token.id, document="d", issued_code="CODE", signed_by=role)
        return self

    def child(self, procedure: str) -> Play:
        """The sub-case in another agency, with the moment of this case."""
        found = next(c for c in self.state.children if c.procedure == procedure)
        return Play(self.province, UUID(found.case_id), self.at)

    def granted(self, procedure: str) -> Play:
        """The other agency does its part; the result comes back by the event's handler."""
        child, (officer, head, unit, fields) = self.child(procedure), OFFICERS[procedure]
        while "sign" not in child.steps:
            child.do("complete", officer, unit, fields=fields)
        child.signed(head, unit)
        return self.brought(child)

    def refused(self, procedure: str, reason: str) -> Play:
        """The other agency gives reasons why not."""
        child, (officer, head, unit, _) = self.child(procedure), OFFICERS[procedure]
        child.do("propose_refusal", officer, unit, reason=reason, ground="Luật Cư trú Điều 20")
        child.signed(head, unit)
        return self.brought(child)

    def brought(self, child: Play) -> Play:
        bring_result(child.case_id, now=self.at)
        settle(self.case_id, now=self.at)
        return child
