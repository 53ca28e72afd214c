"""Standing in at the desk: the pages of delegations, absences, other people's work, and work nobody does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tinhso.core.access import actions as access
from tinhso.core.access.actor import system_actor
from tinhso.core.access.models import Absence, Delegation, Holding
from tinhso.core.access.queries import actor_for_account, standing_of_person
from tinhso.core.cases.actions import perform
from tinhso.core.desk import queries
from tinhso.core.desk.models import Task
from tinhso.core.jobs.actions import work
from tinhso.core.jobs.models import Run
from tinhso.core.notify.models import Message
from tinhso.core.signing.render import render
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.core.testing.web import signed_in
from tinhso.systems.onestop.tests.staff_world import Staff

SYSTEM = system_actor("test")
BASE = "/ban-lam-viec/"


@pytest.fixture
def province(db: Any) -> SmallProvince:
    return small_province(("1.001193",))


def day(n: int = 0) -> date:
    return timezone.localdate() + timedelta(days=n)


def vi(n: int = 0) -> str:
    return f"{day(n):%d/%m/%Y}"


def browser(province: SmallProvince, role: str) -> Client:
    return signed_in(Client(), province.account(role))


def give(province: SmallProvince, giver: str, to: str, **more: str) -> Any:
    """Through the page, as the giver."""
    owner = province.officer(giver)
    sent = {
        "delegate": str(province.officer(to).person_id),
        "first_day": vi(),
        "last_day": vi(5),
        "ground": "12/QĐ-UBND",
    } | more
    return browser(province, giver).post(f"{BASE}uy-quyen/giao/{owner.post_id}/", sent)


def taken(province: SmallProvince, count: int = 1) -> list[Staff]:
    """Cases whose work step the civil-status officer took."""
    officer = province.officer("civil_status_officer")
    found = [Staff.file(province).handed_over() for _ in range(count)]
    for staff in found:
        perform(staff.case.id, "take", {"token": staff.state.tokens[0].id}, actor=officer)
    return found


def test_a_delegation_from_the_form_to_the_end(province: SmallProvince) -> None:
    paper = SimpleUploadedFile("qd.pdf", render("Quyết định", {}), "application/pdf")
    answer = give(province, "chair", "document_clerk", permissions="cases.sign", file=paper)
    row = Delegation.objects.get()
    assert answer.status_code == 302
    assert (row.permissions, row.last_day, row.file_id is not None) == (["cases.sign"], day(5), True)
    clerk = browser(province, "document_clerk")
    told = Message.objects.get(person_id=row.delegate_id)
    assert told.link == f"{BASE}uy-quyen/{row.id}/"
    page = clerk.get(told.link).content.decode()
    assert "12/QĐ-UBND" in page
    assert "Ký kết quả" in page
    assert clerk.get(f"/tep/{row.file_id}/").status_code in (200, 302)
    assert browser(province, "cashier").get(f"/tep/{row.file_id}/").status_code in (403, 404)
    assert browser(province, "cashier").get(told.link).status_code == 404
    for who in ("chair", "document_clerk"):
        assert (
            province.officer("chair").name in browser(province, who).get(f"{BASE}uy-quyen/").content.decode()
        )
    assert row.post.title in browser(province, "chair").get(f"{BASE}uy-quyen/don-vi/").content.decode()
    assert clerk.post(f"{told.link}thu-hoi/").status_code == 302
    assert standing_of_person(row.delegate_id).lent == ()
    assert Message.objects.filter(person_id=row.giver_id).count() == 1


def test_refusals_stand_at_their_field_and_nothing_is_lost(province: SmallProvince) -> None:
    answer = give(province, "chair", "document_clerk", ground="", text="Đi họp tỉnh")
    assert answer.status_code == 422
    assert "Ghi số văn bản giao ủy quyền" in answer.content.decode()
    assert "Đi họp tỉnh" in answer.content.decode()
    assert "Ghi đủ ngày" in give(province, "chair", "document_clerk", last_day="mai").content.decode()
    other = province.officer("civil_status_officer")
    stranger = browser(province, "document_clerk")
    assert stranger.get(f"{BASE}uy-quyen/giao/{other.post_id}/").status_code == 404


def test_one_press_from_the_task_to_the_case_in_the_other_standing(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    give(province, "chair", "civil_status_officer")
    officer = browser(province, "civil_status_officer")
    page = officer.get(f"{BASE}?xem=thay").content.decode()
    assert staff.case.code in page
    key = str(Delegation.objects.get().id)
    answer = officer.post(
        "/doi-vi-tri/", {"post": key, "next": f"/mot-cua/ho-so/{staff.case.code}/"}, follow=True
    )
    assert "sign" in {form.act for form in answer.context["forms"]}
    assert "Bạn đang làm thay" in officer.get(BASE).content.decode()


def test_the_tasks_of_the_one_acted_for_are_in_the_list(province: SmallProvince) -> None:
    (staff,) = taken(province)
    give(province, "civil_status_officer", "social_officer")
    other = province.officer("social_officer")
    lent = standing_of_person(other.person_id).actor(Delegation.objects.get().id)
    assert [r.subject_key for r in queries.inbox(lent).rows] == [staff.case.code]
    assert [r.subject_key for r in queries.inbox(lent, which="mine").rows] == [staff.case.code]
    assert queries.inbox_counts(lent).todo == 1
    assert queries.inbox(other).rows == []


def test_a_substitute_finds_the_work_of_the_absent(province: SmallProvince) -> None:
    (staff,) = taken(province)
    officer, other = province.officer("civil_status_officer"), province.officer("social_officer")
    Holding.objects.create(person_id=other.person_id, post_id=officer.post_id, valid_from=date(2022, 1, 1))
    sent = {"first_day": vi(), "last_day": vi(3), "kind": "sick", "substitute": str(other.person_id)}
    assert browser(province, "civil_status_officer").post(f"{BASE}vang-mat/", sent).status_code == 302
    assert Message.objects.filter(person_id=other.person_id, title="Bạn làm thay").exists()
    sub = browser(province, "social_officer")
    assert staff.case.code in sub.get(f"{BASE}?xem=thay").content.decode()
    sub.post("/doi-vi-tri/", {"post": str(officer.post_id)})
    assert staff.case.code in sub.get(BASE).content.decode()
    row = Absence.objects.get()
    head = browser(province, "chair")
    assert officer.name in head.get(f"{BASE}vang-mat/").content.decode()
    assert "Vắng mặt" in head.get(f"{BASE}?xem=unit").content.decode()
    assert head.post(f"{BASE}vang-mat/{row.id}/tro-lai/").status_code == 302
    assert "Làm thay" not in sub.get(BASE).content.decode()


def test_an_absence_with_a_ground_hands_on_the_powers_too(province: SmallProvince) -> None:
    officer, other = province.officer("civil_status_officer"), province.officer("document_clerk")
    sent = {
        "person": str(officer.person_id), "first_day": vi(-1), "last_day": vi(3), "kind": "sick",
        "substitute": str(other.person_id), "ground": "7/QĐ",
    }  # fmt: skip
    assert browser(province, "chair").post(f"{BASE}vang-mat/", sent).status_code == 302
    row = Delegation.objects.get()
    assert (row.given_by_id, row.first_day, row.last_day) == (
        province.officer("chair").person_id,
        day(),
        day(3),
    )
    assert standing_of_person(other.person_id).lent[0].lent.name == officer.name
    outside = sent | {"person": str(province.officer("chair", "H30.41.26").person_id)}
    assert browser(province, "chair").post(f"{BASE}vang-mat/", outside).status_code == 422


def test_three_presses_to_the_case_of_a_sick_colleague(province: SmallProvince) -> None:
    (staff,) = taken(province)
    officer = province.officer("civil_status_officer")
    head = browser(province, "chair")
    assert f'href="{BASE}viec-nguoi-khac/"' in head.get(BASE).content.decode()
    found = head.get(f"{BASE}viec-nguoi-khac/", {"tim": officer.name.split()[1].lower()}).content.decode()
    assert f"{BASE}viec-nguoi-khac/{officer.person_id}/" in found
    tasks = head.get(f"{BASE}viec-nguoi-khac/{officer.person_id}/").content.decode()
    assert f"/mot-cua/ho-so/{staff.case.code}/" in tasks
    assert "Không có ai tên như vậy" in head.get(f"{BASE}viec-nguoi-khac/", {"tim": "zzz"}).content.decode()


def test_one_task_goes_back_or_to_another_at_once(province: SmallProvince) -> None:
    (staff,) = taken(province)
    officer, other = province.officer("civil_status_officer"), province.officer("social_officer")
    task, address = Task.objects.get(closed_at=None), f"{BASE}viec-nguoi-khac/{officer.person_id}/"
    head = browser(province, "chair")
    for sent, words in (
        ({"to": "pool", "reason": "ốm"}, "Hãy chọn ít nhất một việc"),
        ({"task": str(task.id), "reason": "ốm"}, "Chọn người nhận"),
        ({"task": str(task.id), "to": "pool"}, "Ghi lý do"),
        ({"task": str(task.id), "to": str(other.person_id), "reason": "ốm"}, "không giữ vị trí"),
    ):
        assert words in head.post(address, sent).content.decode()
    assert head.post(address, {"task": str(task.id), "to": "pool", "reason": "ốm"}).status_code == 302
    assert staff.state.tokens[0].person_id == ""
    Holding.objects.create(person_id=other.person_id, post_id=officer.post_id, valid_from=date(2022, 1, 1))
    perform(staff.case.id, "take", {"token": task.token}, actor=officer)
    head.post(address, {"task": str(task.id), "to": str(other.person_id), "reason": "quá tải"})
    assert staff.state.tokens[0].person_name == other.name


def test_many_are_a_run_with_an_outcome_each(province: SmallProvince) -> None:
    cases = taken(province, 3)
    officer = province.officer("civil_status_officer")
    ids = list(Task.objects.filter(closed_at=None).order_by("id").values_list("id", flat=True))
    perform(
        cases[0].case.id,
        "complete",
        {"fields": {"book_number": "01", "registered_on": "2026-11-23"}},
        actor=officer,
    )
    sent = {"task": [str(i) for i in ids], "to": "pool", "reason": "nghỉ ốm"}
    answer = browser(province, "chair").post(f"{BASE}viec-nguoi-khac/{officer.person_id}/", sent)
    run = Run.objects.get()
    assert answer.url == f"/cong-viec/{run.id}/"
    work(run.id)
    run.refresh_from_db()
    assert (run.done, run.failed, run.state) == (3, 1, "done")
    assert [c.state.tokens[0].person_id for c in cases[1:]] == ["", ""]


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        ("chair", "", 200), ("centre_head", "", 200), ("civil_status_officer", "", 403), ("one_stop_clerk", "", 403),
        ("cashier", "", 403), ("department_head", "H30.13", 200),
    ],
)  # fmt: skip
def test_other_peoples_work_is_for_heads(province: SmallProvince, role: str, unit: str, status: int) -> None:
    (staff,) = taken(province)
    officer = province.officer("civil_status_officer")
    client = signed_in(Client(), province.account(role, unit))
    for address in ("viec-nguoi-khac/", f"viec-nguoi-khac/{officer.person_id}/", "khong-nguoi-lam/"):
        assert client.get(BASE + address).status_code == status
    shown = client.get(f"{BASE}viec-nguoi-khac/{officer.person_id}/").content.decode()
    assert (staff.case.code in shown) == (role == "chair")
    task = Task.objects.get(closed_at=None)
    client.post(
        f"{BASE}viec-nguoi-khac/{officer.person_id}/", {"task": str(task.id), "to": "pool", "reason": "x"}
    )
    assert (staff.state.tokens[0].person_id == "") == (role == "chair")


def test_what_nobody_does_is_named_with_a_way_out(province: SmallProvince) -> None:
    (staff,) = taken(province)
    officer = province.officer("civil_status_officer")
    assert queries.idle() == []
    holding = Holding.objects.get(person_id=officer.person_id)
    access.end_holding(actor=SYSTEM, holding_id=holding.id, on=day())
    kinds = {(i.kind, i.unit.code, i.role, i.person_name, i.tasks) for i in queries.idle()}
    assert kinds == {
        ("role", "H30.41.21", "civil_status_officer", "", 1),
        ("person", "H30.41.21", "civil_status_officer", officer.name, 1),
    }
    head = browser(province, "chair").get(f"{BASE}khong-nguoi-lam/").content.decode()
    assert f"{BASE}viec-nguoi-khac/{officer.person_id}/" in head
    assert (
        officer.name not in browser(province, "centre_head").get(f"{BASE}khong-nguoi-lam/").content.decode()
    )
    other = province.officer("social_officer")
    Holding.objects.create(person_id=other.person_id, post_id=holding.post_id, valid_from=day())
    assert [i.kind for i in queries.idle()] == ["person"]
    later = timezone.now() + timedelta(days=16)
    assert {(i.kind, i.unit.code) for i in queries.idle(now=later)} == {
        ("person", "H30.41.21"),
        ("unit", "H30.41.21"),
    }
    assert staff.case.code


def test_a_unit_where_somebody_acts_is_not_idle(province: SmallProvince) -> None:
    old, now = timezone.now() - timedelta(days=30), timezone.now()
    staff = Staff.file(province).handed_over()
    Task.objects.filter(closed_at=None).update(opened_at=old)
    unit = province.commune.id
    acted = [i for i in queries.idle(now=now) if i.unit.id == unit]
    assert [i.kind for i in acted] == ["unit"], "only the centre acted so far"
    perform(staff.case.id, "note", {"text": "đã gọi"}, actor=province.officer("civil_status_officer"))
    assert queries.idle(now=now) == []


def test_the_pages_cost_few_queries(
    province: SmallProvince, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.ORGS_CACHE_SECONDS = 60
    taken(province, 3)
    officer, head = province.officer("civil_status_officer"), actor_for_account(province.account("chair").id)
    queries.loads(head)
    with django_assert_max_num_queries(2):
        assert queries.loads(head)[0].tasks == 3
    with django_assert_max_num_queries(1):
        assert len(queries.held_by(head, officer.person_id).rows) == 3
    with django_assert_max_num_queries(3):
        queries.idle()
