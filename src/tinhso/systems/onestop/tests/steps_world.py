"""Cases of small processes with branches, rounds, committees and machines, in the small province."""

from __future__ import annotations

import copy
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from tinhso.core.access import actions as access
from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.access.queries import standing_of_person
from tinhso.core.cases.actions import file_case, perform, settle
from tinhso.core.cases.actions.publish import publish
from tinhso.core.cases.models import Case
from tinhso.core.cases.state import PaperState, Party, State, Token, load_state
from tinhso.core.cases.tests.processes import HEAD, TAIL, work
from tinhso.core.orgs import actions as orgs
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account
from tinhso.core.testing.province import SmallProvince
from tinhso.systems.onestop.tests.staff_world import birth_answers, birth_source, scan

CODE, CHILD = "9.200001", "9.200002"
SYSTEM = system_actor("test")
ASKED = ("H30.12", "H30.11", "H30.41.03")


def ask_three(to: str = "sign", **more: Any) -> dict[str, Any]:
    """A round of opinions of three agencies."""
    step = {
        "id": "round", "do": "consult", "by": "division_head @ asked", "within": "2 working days",
        "name": {"vi": "Lấy ý kiến liên ngành", "en": "Ask the agencies"}, "unit": str(list(ASKED)),
        "question": {"vi": "Có đủ điều kiện không?", "en": "Are the conditions met?"}, "next": to,
    }  # fmt: skip
    return {**step, **more}


def council(to: str = "sign", **more: Any) -> dict[str, Any]:
    step = {
        "id": "council", "do": "vote", "by": "civil_status_officer @ competent", "within": "1 working days",
        "name": {"vi": "Hội đồng biểu quyết", "en": "The committee votes"}, "need": 2, "members": 3, "next": to,
    }  # fmt: skip
    return {**step, **more}


def subcase(to: str = "sign", **more: Any) -> dict[str, Any]:
    """A case of another procedure, with the same answers."""
    step = {
        "id": "child", "do": "subcase", "by": "civil_status_officer @ competent", "within": "3 working days",
        "name": {"vi": "Đăng ký khai sinh", "en": "Birth"}, "procedure": CHILD,
        "answers": {k: f"form.{k}" for k in birth_answers()}, "next": to,
    }  # fmt: skip
    return {**step, **more}


def fork(*names: str, to: str = "sign", **more: Any) -> dict[str, Any]:
    step = {"id": "fork", "do": "parallel", "name": {"vi": "Làm song song", "en": "Side by side"}}
    return {**step, "branches": list(names), "next": to, **more}


def paper(to: str = "sign", document: str = "receipt") -> dict[str, Any]:
    return {
        "id": "paper", "do": "document", "by": "civil_status_officer @ competent", "document": document,
        "name": {"vi": "Lập giấy hẹn", "en": "Make the receipt"}, "next": to,
    }  # fmt: skip


def publish_process(
    code: str, *steps: dict[str, Any], time: str = "9 working days", deemed: str = ""
) -> None:
    """The birth procedure without papers and fees, with these steps between reception and signature."""
    source = birth_source()
    source["procedure"] |= {
        "code": code,
        "papers": [dict(p, required=False) for p in source["procedure"]["papers"]],
        "fees": [],
        "variants": [{"id": "only", "name": {"vi": "Thường", "en": "Usual"}, "time": time}],
        "process": [{**HEAD, "next": steps[0]["id"]}, *copy.deepcopy(steps), *copy.deepcopy(TAIL)],
    }
    if deemed:
        rule = {"outcome": deemed, "name": {"vi": "Được coi là chấp thuận", "en": "Taken for granted"}}
        source["procedure"]["deemed"] = {**rule, "ground": "Luật X Điều 1"}
    publish(source, actor=SYSTEM)


class Run:
    """One case of such a process; every method is one act by whoever does it."""

    def __init__(self, province: SmallProvince, case: Case) -> None:
        self.province, self.case = province, case

    @staticmethod
    def begin(
        province: SmallProvince,
        *steps: dict[str, Any],
        now: datetime | None = None,
        papers: int = 0,
        **options: Any,
    ) -> Run:
        """Published, filed, accepted and handed over."""
        publish_process(CHILD, work("draft", "sign", document="birth_certificate"), time="3 working days")
        publish_process(CODE, *steps, **options)
        person = province.citizen.person
        party = Party(
            id=str(person.id),
            kind="person",
            full_name=person.full_name,
            identity="093192000123",
            territory="31318",
        )
        citizen = province.actor(province.citizen)
        given = tuple(scan(citizen) for _ in range(papers))
        done = file_case(
            procedure=CODE, applicant=party, answers=birth_answers(),
            papers=(PaperState(id="birth_proof", files=given),) if given else (), channel="online", key=str(uuid4()),
            actor=citizen, filer_id=person.id, now=now,
        )  # fmt: skip
        run = Run(province, done.case)
        for act in ("accept", "hand_over"):
            run.do(act, province.officer("one_stop_clerk"), now=now)
        settle(done.case.id, now=now)
        return run

    @property
    def state(self) -> State:
        self.case.refresh_from_db()
        return load_state(self.case.state)

    def token(self, step: str, unit: str = "") -> Token:
        return next(
            t for t in self.state.tokens if t.step == step and not t.need and unit in ("", t.unit.code)
        )

    def do(self, act: str, actor: Actor, *, now: datetime | None = None, **data: Any) -> None:
        perform(self.case.id, act, data, actor=actor, now=now)

    def answer(self, unit: str, *, agrees: bool = True, text: str = "Đủ điều kiện") -> None:
        self.do(
            "answer", self.province.officer("division_head", unit), token=self.token("round", unit).id,
            agrees=agrees, text=text,
        )  # fmt: skip

    @property
    def child(self) -> Run:
        return Run(self.province, Case.objects.get(id=self.state.children[-1].case_id))


def another(province: SmallProvince, name: str, number: int) -> Account:
    """One more registrar of Phường I, with an account."""
    post = orgs.create_post(
        actor=SYSTEM,
        unit_id=province.commune.id,
        code=f"registrar{number}",
        title="Công chức tư pháp - hộ tịch",
    )
    access.assign_role(actor=SYSTEM, post_id=post.id, role="civil_status_officer", below=False)
    person = people.find_or_create_person(actor=SYSTEM, says=people.Particulars(full_name=name))
    access.appoint(actor=SYSTEM, person_id=person.id, post_id=post.id, valid_from=date(2022, 1, 1))
    return Account.objects.create(username=f"registrar{number}", person=person, password="!")


def actor_of(account: Account) -> Actor:
    assert account.person_id is not None
    return standing_of_person(account.person_id).actor()
