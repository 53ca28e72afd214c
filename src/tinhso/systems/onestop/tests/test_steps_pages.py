"""The case page with several open steps: what it shows, the forms of the new acts, and that each acts on its own step."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tinhso.core.cases.actions import wake_due
from tinhso.core.cases.automatic import AUTOMATIC
from tinhso.core.cases.tests.processes import work
from tinhso.core.desk.models import Task
from tinhso.core.desk.slots import TASK_KINDS
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.core.testing.province import SmallProvince
from tinhso.core.testing.web import signed_in
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.systems.onestop.tests.staff_world import ZONE
from tinhso.systems.onestop.tests.steps_world import (
    ASKED,
    Run,
    actor_of,
    another,
    ask_three,
    council,
    fork,
    paper,
    subcase,
)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
A, B = work("a", "fork", document="x"), work("b", "fork")


def browser(province: SmallProvince, role: str, unit: str = "") -> Client:
    return signed_in(Client(), province.account(role, unit))


def page(client: Client, run: Run) -> Any:
    found = client.get(f"/mot-cua/ho-so/{run.case.code}/")
    assert found.status_code == 200, found.status_code
    return found


def post(client: Client, run: Run, act: str, token: str = "", **data: Any) -> Any:
    sent = {"seq": run.state.seq, "token": token, **data}
    return client.post(f"/mot-cua/ho-so/{run.case.code}/{act}/", sent)


def forms(found: Any, act: str) -> list[Any]:
    return [f for f in found.context["forms"] if f.act == act]


def test_every_step_that_makes_tasks_has_a_kind_of_task():
    making = {k.name for k in STEP_KINDS if not k.background or k.name in AUTOMATIC} - {"ask_applicant"}
    assert {f"case.{name}" for name in making} <= {k.kind for k in TASK_KINDS}


def test_two_branches_have_a_form_each_and_each_acts_on_its_own(province: SmallProvince) -> None:
    run = Run.begin(province, fork("a", "b"), work("a", "fork"), B)
    client = browser(province, "civil_status_officer")
    found = page(client, run)
    assert [f.step.split(",")[0] for f in forms(found, "complete")] == ["a", "b"]
    assert len({f.id for f in forms(found, "complete")}) == 2
    text = found.content.decode()
    assert "cần 2" in text
    assert province.commune.name in forms(found, "complete")[0].step
    assert post(client, run, "complete", run.token("b").id).status_code == 302
    assert [t.step for t in run.state.tokens] == ["fork", "a"]
    assert "xong lúc" in page(client, run).content.decode()
    gone = post(client, run, "complete", "gone")
    assert gone.status_code == 409
    assert "Bước này đã được xử lý xong" in gone.content.decode()


def test_ids_on_a_page_with_the_same_act_twice_are_unique(province: SmallProvince) -> None:
    run = Run.begin(province, fork("a", "b"), work("a", "fork"), B)
    import re

    ids = re.findall(r'\bid="([^"]+)"', page(browser(province, "civil_status_officer"), run).content.decode())
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})


def test_a_round_shows_who_answered_and_who_has_not(province: SmallProvince) -> None:
    run = Run.begin(province, ask_three(silence="consent"))
    run.answer("H30.12")
    head = browser(province, "division_head", "H30.11")
    found = page(head, run)
    (form,) = forms(found, "answer")
    text = found.content.decode()
    assert form.extra["question"] == "Có đủ điều kiện không?"
    assert "được tính là đồng ý" in text
    assert [o.unit for o in form.extra["others"]] == ["Sở Xây dựng"]
    assert "Đủ điều kiện" in text
    assert post(head, run, "answer", form.token, agrees="").status_code == 422
    assert post(head, run, "answer", form.token, agrees="no", text="Gần kênh").status_code == 302
    (found_round,) = page(browser(province, "civil_status_officer"), run).context["page"].standing.rounds
    assert sorted(a.status for a in found_round.answers) == ["against", "agreed", "waiting"]


def test_a_blind_round_hides_the_answers_of_others_until_all_have_given_theirs(
    province: SmallProvince,
) -> None:
    run = Run.begin(province, ask_three("more", blind=True), work("more", "sign"))
    run.answer("H30.12", text="Ý kiến kín của Sở Xây dựng")
    head = browser(province, "division_head", "H30.11")
    assert "Ý kiến kín" not in page(head, run).content.decode()
    assert "Ý kiến kín" in page(browser(province, "civil_status_officer"), run).content.decode()
    assert "Ý kiến kín" not in head.get(f"/api/v1/onestop/cases/{run.case.code}").content.decode()
    run.answer("H30.11")
    run.answer("H30.41.03")
    assert "Ý kiến kín" in page(head, run).content.decode()


def test_a_committee_votes_on_its_page(province: SmallProvince) -> None:
    run = Run.begin(province, council())
    first = browser(province, "civil_status_officer")
    second, third = (signed_in(Client(), another(province, f"Ủy viên {n}", n)) for n in (1, 2))
    assert Task.objects.filter(kind="case.vote", closed_at__isnull=True).count() == 1
    (form,) = forms(page(first, run), "vote")
    assert post(first, run, "vote", form.token, agrees="no", text=" ").status_code == 409
    assert post(first, run, "vote", form.token, agrees="no", text="Chưa rõ").status_code == 302
    assert forms(page(first, run), "vote") == []
    text = page(second, run).content.decode()
    assert "0 phiếu đồng ý, 1 phiếu không đồng ý" in text
    assert "Chưa rõ" in text
    assert post(second, run, "vote", form.token, agrees="yes").status_code == 302
    assert post(third, run, "vote", form.token, agrees="yes").status_code == 302
    assert run.state.at("sign")
    assert "Đã thông qua" in page(first, run).content.decode()
    assert forms(page(browser(province, "chair"), run), "vote") == []


def test_two_people_do_one_step(province: SmallProvince) -> None:
    run = Run.begin(province, work("weigh", "sign", two_people=True))
    first, other = (
        browser(province, "civil_status_officer"),
        signed_in(Client(), another(province, "Người hai", 1)),
    )
    assert forms(page(first, run), "second") == []
    token = run.token("weigh").id
    assert post(first, run, "complete", token).status_code == 302
    assert forms(page(first, run), "second") == forms(page(first, run), "complete") == []
    (form,) = forms(page(other, run), "second")
    assert form.extra["first"] == province.officer("civil_status_officer").name
    assert post(other, run, "second", token, agrees="no", reason="Cân lại").status_code == 302
    assert "Cân lại" in page(first, run).content.decode()
    post(first, run, "complete", token)
    assert post(other, run, "second", token, agrees="yes").status_code == 302
    assert run.state.at("sign")


def test_returning_names_the_steps_and_what_is_taken_back(province: SmallProvince) -> None:
    run = Run.begin(province, work("first", "round"), ask_three("again"), work("again", "sign"))
    registrar = province.officer("civil_status_officer")
    run.do("complete", registrar, token=run.token("first").id)
    for unit in ASKED:
        run.answer(unit)
    run.do("complete", registrar, token=run.token("again").id)
    chair = browser(province, "chair")
    (form,) = forms(page(chair, run), "return_for_correction")
    choices = {c.step: c.lost for c in form.extra["choices"]}
    assert set(choices) >= {"first", "again"}
    assert choices["first"] == ("3 ý kiến ở bước “Lấy ý kiến liên ngành”",)
    assert choices["round"] == choices["first"]
    assert choices["again"] == ()
    assert (
        post(chair, run, "return_for_correction", form.token, reason="Sai", to_step="receive").status_code
        == 409
    )
    assert (
        post(chair, run, "return_for_correction", form.token, reason="Sai", to_step="first").status_code
        == 302
    )
    assert [t.step for t in run.state.tokens] == ["first"]
    (found,) = page(chair, run).context["page"].standing.rounds
    assert {a.status for a in found.answers} == {"void"}


def test_a_failed_machine_is_helped_by_a_person(province: SmallProvince) -> None:
    ask = {
        "id": "ask", "do": "exchange", "by": "civil_status_officer @ competent", "request": "NobodyAnswers",
        "name": "Hỏi hệ thống", "values": {}, "next": "sign",
    }  # fmt: skip
    run = Run.begin(province, ask)
    client = browser(province, "civil_status_officer")
    found = page(client, run)
    assert "Chưa kết nối với hệ thống" in found.content.decode()
    assert forms(found, "retry")[0].kind == "primary"
    token = run.token("ask").id
    no = post(client, run, "by_hand", token, status="done", evidence="")
    assert no.status_code == 409
    assert "căn cứ" in forms(no, "by_hand")[0].error.message
    assert post(client, run, "by_hand", token, status="done", evidence="CV 12/STP").status_code == 302
    assert run.state.replies["ask"]["evidence"] == "CV 12/STP"
    assert forms(page(client, run), "by_hand") == []


def test_a_sub_case_that_cannot_be_filed_is_written_down_in_its_own_fields(province: SmallProvince) -> None:
    run = Run.begin(province, subcase(answers={"child_name": "'x'"}))
    client = browser(province, "civil_status_officer")
    token = run.token("child").id
    (form,) = forms(page(client, run), "by_hand")
    assert "book_number" in {v.id for v in form.extra["views"]}
    wrong = {"status": "done", "book_number": "", "registered_on": "32/13/2026", "evidence": "CV 1"}
    back = post(client, run, "by_hand", token, **wrong)
    assert back.status_code == 422
    assert "32/13/2026" in back.content.decode()
    good = {**wrong, "book_number": "07", "registered_on": "23/11/2026"}
    assert post(client, run, "by_hand", token, **good).status_code == 302
    assert run.state.replies["child"]["fields"]["registered_on"] == "2026-11-23"


def test_parent_and_child_show_each_other_to_who_may_see(province: SmallProvince) -> None:
    run = Run.begin(province, fork("child", "b"), subcase("fork"), B)
    client = browser(province, "civil_status_officer")
    text = page(client, run).content.decode()
    assert f'href="/mot-cua/ho-so/{run.child.case.code}/"' in text
    assert "Hồ sơ con ở cơ quan khác" in text
    assert run.case.code in page(client, run.child).content.decode()
    whole = client.get(f"/api/v1/onestop/cases/{run.case.code}").json()
    assert [c["code"] for c in whole["children"]] == [run.child.case.code]
    assert [(s["step"], len(s["branches"])) for s in whole["steps"]] == [("fork", 2)]
    assert whole["plan"]["path"]


def test_the_drafted_apology_fills_the_form_and_can_be_seen(province: SmallProvince) -> None:
    run = Run.begin(province, work("a", "b", within="2 working days"), work("b", "sign", within="2 working days"),
                    time="3 working days", now=MONDAY)  # fmt: skip
    warn = run.state.warn_at
    assert warn is not None
    wake_due(now=warn + timedelta(minutes=1))
    assert run.state.apology
    client = browser(province, "civil_status_officer")
    (form,) = forms(page(client, run), "extend")
    assert form.kind == "primary"
    assert form.extra["reason"] == run.state.apology.reason
    day = datetime.fromisoformat(run.state.apology.until)
    assert f"{day:%d/%m/%Y}" in page(client, run).content.decode()
    assert client.get(f"/mot-cua/in/{run.case.code}/apology_draft/").content.startswith(b"%PDF")
    other = Run.begin(province, work("a", "sign"))
    assert client.get(f"/mot-cua/in/{other.case.code}/apology_draft/").status_code == 404


def test_a_late_case_is_put_before_the_head(province: SmallProvince) -> None:
    run = Run.begin(province, work("a", "sign"), now=MONDAY, time="1 working days")
    due = run.state.clock.due_current
    assert due is not None
    wake_due(now=due + timedelta(minutes=1))
    chair = browser(province, "chair")
    (form,) = forms(page(chair, run), "direct")
    assert [p.step for p in form.extra["places"]] == ["a"]
    later = due + timedelta(minutes=2)
    with pytest.raises(Refusal, match="chỉ đạo"):
        run.do("direct", province.officer("chair"), token=form.token, text=" ", now=later)
    with pytest.raises(Forbidden):
        run.do("direct", province.officer("civil_status_officer"), token=form.token, text="x", now=later)
    run.do("direct", province.officer("chair"), token=form.token, text="Làm ngay hôm nay", now=later)
    assert "Làm ngay hôm nay" in page(browser(province, "civil_status_officer"), run).content.decode()


def test_milestones_give_each_agency_its_deadline(province: SmallProvince) -> None:
    run = Run.begin(province, fork("child", "round"), subcase("fork"), ask_three("fork"), now=MONDAY)
    plan = page(browser(province, "civil_status_officer"), run).context["page"].deadlines
    lines = {line.id: line for line in plan.lines}
    assert lines["fork"].kind == "parallel"
    assert (lines["round"].need, lines["round"].of) == (3, 3)
    assert lines["round:0"].unit == "Sở Xây dựng"
    assert lines["round:0"].due is not None
    assert lines["child"].critical
    assert not lines["round:0"].critical
    assert lines["fork"].end == max(lines["child"].end, lines["round:0"].end)
    assert plan.due == run.state.clock.due_current
    citizen = signed_in(Client(), province.citizen).get(f"/ho-so/{run.case.code}/").content.decode()
    assert "Các mốc thời gian" in citizen
    assert "dự kiến xong" not in citizen


def test_a_step_makes_a_printed_form(province: SmallProvince) -> None:
    from tinhso.core.cases.actions import settle
    from tinhso.systems.onestop.tests.staff_world import trust_service

    with trust_service():
        run = Run.begin(province, paper("a"), work("a", "sign"))
        reply = run.state.replies["paper"]
        assert reply["status"] == "done"
        assert reply["fields"]["code"]
        settle(run.case.id)
        assert run.state.replies["paper"] == reply
        impossible = Run.begin(province, paper("a", document="stop_notice"), work("a", "sign"))
    assert impossible.token("paper").error
    assert Task.objects.filter(
        kind="case.document", subject_id=impossible.case.id, closed_at__isnull=True
    ).exists()


def test_several_places_in_plain_words_for_everybody(province: SmallProvince) -> None:
    run = Run.begin(province, fork("child", "b"), subcase("fork"), B)
    mine = signed_in(Client(), province.citizen)
    text = mine.get(f"/ho-so/{run.case.code}/").content.decode()
    assert f"/ho-so/{run.child.case.code}/" in text
    assert "Phần việc của cơ quan khác" in text
    child = mine.get(f"/ho-so/{run.child.case.code}/").content.decode()
    assert run.case.code in child
    found = Client().post("/tra-cuu/", {"ma": run.case.code, "so": "0123"})
    assert found.status_code == 200
    assert {unit for unit, _ in found.context["found"].places} == {province.commune.name}
    asked = Run.begin(province, ask_three())
    found = Client().post("/tra-cuu/", {"ma": asked.case.code, "so": "0123"})
    assert "3 cơ quan xử lý song song" in found.content.decode()
    status = mine.get(f"/ho-so/{asked.case.code}/").content.decode()
    assert "Hồ sơ đang được 3 cơ quan xử lý song song" in status
    whole = mine.get(f"/api/v1/onestop/cases/{asked.case.code}").json()
    assert {s["unit"] for s in whole["steps"]} == {
        "Sở Xây dựng",
        "Sở Tài nguyên và Môi trường",
        "Phòng Quản lý đô thị",
    }


def test_the_applicant_is_not_told_who_voted_or_what_failed(province: SmallProvince) -> None:
    run = Run.begin(province, council())
    run.do(
        "vote",
        actor_of(another(province, "Ủy viên kín", 1)),
        token=run.token("council").id,
        agrees=False,
        text="Kín",
    )
    mine = signed_in(Client(), province.citizen)
    for where in (f"/ho-so/{run.case.code}/", f"/api/v1/onestop/cases/{run.case.code}"):
        text = mine.get(where).content.decode()
        assert "Kín" not in text
        assert "Ủy viên kín" not in text


def test_a_long_case_keeps_its_budget(province: SmallProvince) -> None:
    run = Run.begin(province, fork("child", "round", "b"), subcase("fork"), ask_three("fork"), B, papers=50)
    registrar = province.officer("civil_status_officer")
    while run.state.seq < 100:
        run.do("note", registrar, text=f"Ghi chú {run.state.seq}")
    client = browser(province, "civil_status_officer")
    page(client, run)
    budget = json.loads(Path(__file__).with_name("query_counts.json").read_text())["staff_case_long"]
    with override_settings(ORGS_CACHE_SECONDS=60), CaptureQueriesContext(connection) as asked:
        page(client, run)
    count = len([q for q in asked if "SAVEPOINT" not in q["sql"]])
    assert count <= budget <= 25, "\n".join(q["sql"][:160] for q in asked)
