"""Nothing can be stuck without appearing: for every way a case made to be stuck that way, and what mends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tinhso.core.access.models import Holding
from tinhso.core.audit.models import Entry
from tinhso.core.cases import stuck
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Case
from tinhso.core.cases.stuck import STUCK
from tinhso.core.desk.models import Task
from tinhso.core.events.models import Delivery
from tinhso.core.orgs.models import Unit
from tinhso.core.orgs.queries import forget
from tinhso.core.testing.province import SmallProvince
from tinhso.core.testing.web import signed_in
from tinhso.systems.onestop.tests.staff_world import Staff
from tinhso.systems.onestop.tests.test_staff_pages import address, browser

PAGE = "/quan-tri/bi-ket/"


def no_step(province: SmallProvince) -> Staff:
    staff = Staff.file(province).handed_over()
    state = {k: v for k, v in Case.objects.get(id=staff.case.id).state.items() if k != "tokens"}
    Case.objects.filter(id=staff.case.id).update(state=state)
    Task.objects.filter(subject_id=staff.case.id).update(closed_at=timezone.now())
    return staff


def nobody(province: SmallProvince) -> Staff:
    staff = Staff.file(province).handed_over()
    person = province.officer("civil_status_officer").person_id
    Holding.objects.filter(person_id=person).update(valid_to="2024-01-01")
    forget()
    return staff


def overslept(province: SmallProvince) -> Staff:
    staff = Staff.file(province).accepted()
    long_ago = timezone.now() - timedelta(days=300)
    Case.objects.filter(id=staff.case.id).update(wake_at=long_ago)
    return staff


def undelivered(province: SmallProvince) -> Staff:
    staff = Staff.file(province)
    own = Delivery.objects.filter(event__subject_id=str(staff.case.id))
    Delivery.objects.filter(id=own.latest("id").id).update(dead=True, attempts=8, error="hỏng")
    return staff


def untaken(province: SmallProvince) -> Staff:
    staff = Staff.file(province).handed_over()
    long_ago = timezone.now() - timedelta(days=9)
    Case.objects.filter(id=staff.case.id).update(due_original=long_ago, due_current=long_ago)
    return staff


def homeless(province: SmallProvince) -> Staff:
    staff = Staff.file(province).handed_over()
    Unit.objects.filter(id=province.commune.id).update(active=False)
    forget()
    return staff


WAYS = {f.__name__: f for f in (no_step, nobody, overslept, undelivered, untaken, homeless)}


def found(province: SmallProvince, name: str) -> list[str]:
    actor = province.actor(province.administrator)
    return [case.code for case in stuck.stuck(actor, STUCK.get(name)).rows]


def test_every_way_of_the_engine_has_its_case_here() -> None:
    elsewhere = {"machine", "unanswered"}  # with the tests of automatic steps and sub-cases
    assert {kind.name for kind in stuck.KINDS} == set(WAYS) | elsewhere


@pytest.mark.parametrize("name", WAYS)
def test_a_case_stuck_in_a_way_appears_there_and_a_sound_one_does_not(
    province: SmallProvince, name: str
) -> None:
    for sound in (
        Staff.file(province),
        Staff.file(province).accepted(),
        Staff.file(province).handed_over(),
        Staff.file(province).drafted(),
    ):
        assert sound.case.code not in found(province, name)
    waiting = Staff.file(province)
    waiting.do("ask_supplement", items=[{"paper": "birth_proof", "reason": "Mờ"}])
    assert waiting.case.code not in found(province, name)
    bad = WAYS[name](province)
    assert bad.case.code in found(province, name)
    admin = signed_in(Client(), province.administrator)
    html = admin.get(f"{PAGE}?kieu={name}").content.decode()
    assert bad.case.code in html
    assert bad.case.applicant_name not in html


def test_heads_see_their_units_and_nobody_else_sees_any(province: SmallProvince) -> None:
    bad = undelivered(province)
    assert bad.case.code in browser(province, "chair").get(f"{PAGE}?kieu=undelivered").content.decode()
    far = browser(province, "chair", "H30.41.26").get(f"{PAGE}?kieu=undelivered")
    assert bad.case.code not in far.content.decode()
    assert "Không có hồ sơ nào bị kẹt" in far.content.decode()
    assert browser(province, "one_stop_clerk").get(PAGE).status_code == 403
    mend = f"{PAGE}undelivered/{bad.case.id}/"
    assert browser(province, "chair", "H30.41.26").post(mend).status_code == 404
    assert browser(province, "one_stop_clerk").post(mend).status_code == 403
    assert Delivery.objects.filter(dead=True).count() == 1


def test_what_could_not_be_passed_on_is_tried_again_once(province: SmallProvince) -> None:
    bad, chair = undelivered(province), browser(province, "chair")
    mend = f"{PAGE}undelivered/{bad.case.id}/"
    assert chair.post(mend).status_code == 302
    assert not Delivery.objects.filter(dead=True).exists()
    assert chair.post(mend).status_code == 404
    assert Entry.objects.filter(act="cases.mend", object_id=str(bad.case.id)).count() == 1
    assert chair.post(f"{PAGE}untaken/{bad.case.id}/").status_code == 404


def test_a_moment_that_was_missed_is_made_up_for(province: SmallProvince) -> None:
    staff = Staff.file(province)
    staff.do("ask_supplement", items=[{"paper": "birth_proof", "reason": "Mờ"}])
    state, long_ago = Case.objects.get(id=staff.case.id).state, timezone.now() - timedelta(days=9)
    state["supplements"][0]["answer_by"] = long_ago.isoformat()
    Case.objects.filter(id=staff.case.id).update(state=state, wake_at=long_ago)
    assert staff.case.code in found(province, "overslept")
    assert browser(province, "chair").post(f"{PAGE}overslept/{staff.case.id}/").status_code == 302
    assert staff.state.at("stop_proposal") is not None
    assert staff.case.code not in found(province, "overslept")


def test_a_head_opens_a_step_again_where_none_is_open(province: SmallProvince) -> None:
    bad = no_step(province)
    chair = browser(province, "chair")
    assert "Đặt lại bước xử lý" in chair.get(address(bad)).content.decode()
    step = next(s.id for s in bad.open("chair").definition.steps.values() if s.do == "work")
    refused = chair.post(address(bad, "place"), {"seq": bad.state.seq, "step": step, "reason": ""})
    assert refused.status_code == 409
    chair.post(address(bad, "place"), {"seq": bad.state.seq, "step": step, "reason": "Lỗi máy chủ"})
    assert (bad.state.at("work") is not None, bad.state.status) == (True, Status.PROCESSING)
    assert bad.case.code not in found(province, "no_step")
    again = chair.post(address(bad, "place"), {"seq": bad.state.seq, "step": step, "reason": "x"})
    assert again.status_code == 409
    clerk = browser(province, "one_stop_clerk")
    assert clerk.post(
        address(bad, "place"), {"seq": bad.state.seq, "step": step, "reason": "x"}
    ).status_code in (403, 409)


def test_the_page_counts_in_one_query_and_pages_by_key(province: SmallProvince) -> None:
    for _n in range(3):
        undelivered(province)
    admin = province.actor(province.administrator)
    first = stuck.stuck(admin, STUCK.get("undelivered"), size=2)
    rest = stuck.stuck(admin, STUCK.get("undelivered"), cursor=first.next, size=2)
    assert len({case.code for case in [*first.rows, *rest.rows]}) == 3
    assert stuck.counts(admin)["undelivered"] == 3
    chair = browser(province, "chair")
    with CaptureQueriesContext(connection) as asked:
        chair.get(PAGE)
    assert sum("orgs_revision" not in q["sql"] for q in asked.captured_queries) <= 12
