"""What people are told and what is printed when a case is in several places, is voted on, or runs out of time."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pikepdf
import pytest
from django.test import Client, override_settings

from tinhso.core.access.actor import system_actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions import perform, wake_due
from tinhso.core.cases.choices import Status
from tinhso.core.cases.tests.processes import work
from tinhso.core.events.dispatch import deliver_due
from tinhso.core.events.models import Delivery
from tinhso.core.notify.models import Message
from tinhso.core.people.models import Account
from tinhso.core.signing.models import IssuedDocument
from tinhso.core.testing.province import SmallProvince
from tinhso.core.testing.web import signed_in
from tinhso.systems.onestop import documents, texts
from tinhso.systems.onestop.documents import decisions, forms
from tinhso.systems.onestop.documents.hops import hops_of, slip_rows
from tinhso.systems.onestop.documents.words import Subject
from tinhso.systems.onestop.tests.staff_world import ZONE, trust_service
from tinhso.systems.onestop.tests.steps_world import Run, actor_of, another, ask_three, council, fork, subcase

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
NOWHERE = "http://127.0.0.1:9"


def deliver() -> None:
    """Run the handlers that need no trust service."""
    Delivery.objects.filter(handler="onestop.make_paper").delete()
    for _ in range(3):
        deliver_due(200)


def titles(person: object) -> list[str]:
    return [m.title for m in Message.objects.filter(person_id=person).order_by("created_at", "id")]


def subject(run: Run, now: datetime) -> Subject:
    file = cases.open_case_by_id(run.case.id, actor=system_actor("test"))
    return Subject(file.case, file.state, file.definition, tuple(cases.acts_of(file.case.id)), now)


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return len(paper.pages)


def finish(run: Run) -> None:
    """The officers of a sub-case do the rest of it."""
    officer = run.province.officer
    run.do("accept", officer("one_stop_clerk"))
    run.do("hand_over", officer("one_stop_clerk"))
    run.do(
        "complete",
        officer("civil_status_officer"),
        fields={"book_number": "01", "registered_on": "2026-11-23"},
    )
    perform(run.case.id, "number", {"number": "7/2026"}, actor=system_actor("numbering"))
    run.do("sign", officer("chair"), token=run.token("sign").id, signed_by="x")


def test_the_applicant_hears_of_a_sub_case_once_and_from_the_case_it_is_for(province: SmallProvince) -> None:
    run = Run.begin(province, subcase())
    deliver()
    person, code, child = province.citizen.person_id, run.case.code, run.child.case.code
    told = titles(person)
    assert f"Hồ sơ {code}: đã chuyển đến {province.commune.name}" in told
    finish(run.child)
    deliver()
    assert run.state.children[0].status == "done"
    told = titles(person)
    assert told.count(f"Hồ sơ {code}: đã có kết quả của {province.commune.name}") == 1
    assert [t for t in told if child in t] == []
    deliver()
    assert titles(person) == told


def test_what_a_sub_case_wants_of_the_applicant_reaches_them(province: SmallProvince) -> None:
    run = Run.begin(province, subcase())
    run.child.do("ask_supplement", province.officer("one_stop_clerk"), note="Ghi rõ nơi sinh")
    deliver()
    assert f"Cần bổ sung hồ sơ {run.child.case.code}" in titles(province.citizen.person_id)


def test_a_sub_case_that_is_refused_is_not_told_as_a_result(province: SmallProvince) -> None:
    run = Run.begin(province, subcase())
    run.child.do(
        "refuse_reception", province.officer("one_stop_clerk"), reason="Sai nơi", ground="Luật Hộ tịch"
    )
    deliver()
    assert any("không giải quyết được" in t for t in titles(province.citizen.person_id))


def test_silence_of_agencies_is_not_the_applicants_affair(province: SmallProvince) -> None:
    run = Run.begin(province, ask_three("more", silence="consent"), work("more", "sign"), now=MONDAY)
    deliver()
    before = titles(province.citizen.person_id)
    due = run.token("round", "H30.12").due_at
    assert due is not None
    wake_due(now=due + timedelta(minutes=1))
    deliver()
    assert run.state.at("work")
    assert titles(province.citizen.person_id) == before
    text = signed_in(Client(), province.citizen).get(f"/ho-so/{run.case.code}/").content.decode()
    assert "bản dự thảo được coi là đúng" not in text


def test_the_applicants_own_silence_is_told(province: SmallProvince) -> None:
    check = {
        "id": "check", "do": "ask_applicant", "within": "8 hours", "silence": "consent",
        "name": {"vi": "Xem dự thảo", "en": "Check"}, "next": "sign",
    }  # fmt: skip
    run = Run.begin(province, check, now=MONDAY)
    due = run.token("check").due_at
    assert due is not None
    wake_due(now=due + timedelta(minutes=1))
    deliver()
    assert titles(province.citizen.person_id)[-1] == f"Bản dự thảo của hồ sơ {run.case.code} được coi là đúng"


def test_the_holder_is_reminded_and_the_head_hears_of_lateness(province: SmallProvince) -> None:
    run = Run.begin(province, work("a", "sign", remind_after="2 hours"), now=MONDAY, time="1 working days")
    registrar, chair = province.officer("civil_status_officer"), province.officer("chair")
    Account.objects.filter(person_id=chair.person_id).update(language="en")
    remind = run.token("a").remind_at
    assert remind is not None
    wake_due(now=remind + timedelta(minutes=1))
    deliver()
    assert titles(registrar.person_id) == [f"Nhắc: a, hồ sơ {run.case.code}"]
    due = run.state.clock.due_current
    assert due is not None
    wake_due(now=due + timedelta(minutes=1))
    deliver()
    deliver()
    assert titles(chair.person_id).count(f"Late: case {run.case.code}") == 1
    assert titles(province.citizen.person_id).count(f"Late: case {run.case.code}") == 0


def test_a_decision_by_time_is_told_shown_and_printed(province: SmallProvince) -> None:
    run = Run.begin(province, work("a", "sign"), now=MONDAY, time="1 working days", deemed="consent")
    due = run.state.clock.due_current
    assert due is not None
    wake_due(now=due + timedelta(minutes=1))
    assert (run.state.status, run.state.result.document) == (Status.DONE, "")
    deliver()
    assert titles(province.citizen.person_id)[-1] == f"Hồ sơ {run.case.code}: Được coi là chấp thuận"
    clerk, mine = (
        signed_in(Client(), province.account("one_stop_clerk")),
        signed_in(Client(), province.citizen),
    )
    for client, where in ((clerk, f"/mot-cua/ho-so/{run.case.code}/"), (mine, f"/ho-so/{run.case.code}/")):
        text = client.get(where).content.decode()
        assert "Được coi là chấp thuận" in text
        assert "Luật X Điều 1" in text
    data = decisions.deemed(subject(run, due), 1)
    assert (data["result"], data["ground"]) == ("Được coi là chấp thuận", "Luật X Điều 1")
    assert "không có văn bản ký" in forms.standing(subject(run, due))
    with trust_service():
        made = documents.make_document(run.case.id, "deemed", actor=system_actor("test"))
    assert made.issuer_unit_id == province.commune.id
    assert "Xác nhận kết quả theo thời hạn" in mine.get(f"/ho-so/{run.case.code}/").content.decode()


def test_only_a_decision_by_time_makes_its_confirmation(province: SmallProvince) -> None:
    run = Run.begin(province, work("a", "sign"), now=MONDAY, deemed="consent", time="1 working days")
    Delivery.objects.exclude(handler="onestop.make_paper").delete()
    due = run.state.clock.due_current
    assert due is not None
    wake_due(now=due + timedelta(minutes=1))
    with trust_service():
        deliver_due(200)
    kinds = IssuedDocument.objects.filter(case_code=run.case.code).values_list("kind", flat=True)
    assert "onestop.deemed.1" in kinds


def test_minutes_and_opinions_are_printed(province: SmallProvince) -> None:
    run = Run.begin(province, ask_three("council", silence="refusal"), council(need=1, members=1))
    run.answer("H30.12")
    run.answer("H30.11", agrees=False, text="Gần kênh")
    due = run.token("round", "H30.41.03").due_at
    assert due is not None
    assert "vote_minutes" not in documents.available(run.state)
    perform(run.case.id, "wake", actor=system_actor("timer"), now=due + timedelta(minutes=1))
    voter = province.officer("civil_status_officer")
    run.do("vote", voter, token=run.token("council").id, agrees=True, now=due + timedelta(minutes=2))
    now = due + timedelta(minutes=3)
    (asked,) = decisions.opinions(subject(run, now), 1)["rounds"]
    assert [r["answer"] for r in asked["rows"]] == ["đồng ý", "không đồng ý", "im lặng, tính là không đồng ý"]
    minutes = decisions.vote_minutes(subject(run, now), 1)
    assert (minutes["agreed"], minutes["against"], minutes["passed"]) == (1, 0, True)
    file = cases.open_case_by_id(run.case.id, actor=voter)
    with override_settings(TRUST_URL=NOWHERE):
        for kind in ("opinions", "vote_minutes"):
            assert kind in documents.available(run.state)
            paper = documents.print_document(file, kind, actor=voter)
            assert paper.issuer_name == province.commune.name
    mine = signed_in(Client(), province.citizen)
    assert paper.title not in mine.get(f"/ho-so/{run.case.code}/").content.decode()
    assert paper.title not in mine.get(f"/api/v1/onestop/cases/{run.case.code}/documents").content.decode()
    assert mine.get(f"/tep/{paper.file_id}/").status_code in (403, 404)
    assert signed_in(Client(), province.account("chair")).get(f"/tep/{paper.file_id}/").status_code == 200


def test_the_slip_tells_branches_sub_cases_votes_and_silence(province: SmallProvince) -> None:
    run = Run.begin(
        province, fork("child", "round", to="council"), subcase("fork"), ask_three("fork", silence="consent", join=2),
        council(need=1, members=2), now=MONDAY,
    )  # fmt: skip
    run.do("answer", province.officer("division_head", "H30.12"), token=run.token("round", "H30.12").id,
           text="Được", now=MONDAY + timedelta(hours=1))  # fmt: skip
    due = run.token("round", "H30.11").due_at
    assert due is not None
    wake_due(now=due + timedelta(minutes=1))
    later = due + timedelta(minutes=2)
    hops = hops_of(run_definition(run), cases.acts_of(run.case.id), later)
    assert [h.step for h in hops] == ["receive", "child", "round", "round", "round"]
    child = hops[1]
    assert (child.taker, child.taker_unit) == (f"hồ sơ {run.child.case.code}", province.commune.name)
    assert child.ended is None
    notes = [row["note"] for row in slip_rows(hops)]
    assert any("hết hạn, im lặng" in n for n in notes)
    assert any("không cần nữa" in n for n in notes)
    assert "nơi cùng lúc" not in forms.standing(subject(run, later))
    assert (
        pages(
            documents.print_now(cases.open_case_by_id(run.case.id, actor=system_actor("t")), "control_slip")
        )
        >= 1
    )


def test_the_receipt_gives_each_agency_its_deadline(province: SmallProvince) -> None:
    run = Run.begin(province, fork("child", "round"), subcase("fork"), ask_three("fork"), now=MONDAY)
    rows = forms.receipt(subject(run, MONDAY))["milestones"]
    assert [r["name"] for r in rows][:2] == ["Đăng ký khai sinh", "Sở Xây dựng"]
    assert all(r["due"] for r in rows)
    file = cases.open_case_by_id(run.case.id, actor=system_actor("t"))
    with override_settings(TRUST_URL=NOWHERE):
        assert documents.print_document(file, "receipt", actor=province.officer("one_stop_clerk"))
    alone = Run.begin(province, work("a", "sign"), now=MONDAY)
    assert forms.receipt(subject(alone, MONDAY))["milestones"] == []


def test_a_vote_is_one_hand_over_of_the_committee(province: SmallProvince) -> None:
    run = Run.begin(province, council(need=2, members=3))
    for n in (1, 2):
        run.do(
            "vote", actor_of(another(province, f"Ủy viên {n}", n)), token=run.token("council").id, agrees=True
        )
    (hop,) = [
        h
        for h in hops_of(run_definition(run), cases.acts_of(run.case.id), datetime.now(ZONE))
        if h.step == "council"
    ]
    assert (hop.taker, hop.votes) == ("Hội đồng", (2, 0))


def test_steps_parked_for_the_applicant_are_two_hand_overs(province: SmallProvince) -> None:
    run = Run.begin(province, fork("child", "a"), subcase("fork"), work("a", "fork"), now=MONDAY)
    registrar = province.officer("civil_status_officer")
    run.do("ask_supplement", registrar, note="Thiếu", now=MONDAY + timedelta(hours=1))
    run.do("supplement", province.actor(province.citizen), now=MONDAY + timedelta(hours=26))
    hops = hops_of(run_definition(run), cases.acts_of(run.case.id), MONDAY + timedelta(hours=27))
    assert [(h.step, h.outcome) for h in hops if h.step == "a"] == [("a", "parked"), ("a", "")]
    assert [h.outcome for h in hops if h.step == "child"] == [""]  # other agencies go on


def run_definition(run: Run):  # type: ignore[no-untyped-def]
    return cases.open_case_by_id(run.case.id, actor=system_actor("test")).definition


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_notices_to_officers_have_their_values(lang: str) -> None:
    values = dict.fromkeys(("code", "procedure", "step", "where", "due"), "…")
    for pair in texts.OFFICERS.values():
        assert all(text.in_(lang).format(**values) for text in pair)
