"""A result found wrong after it was given is mended in a case of its own; the old paper holds no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.core.cases.actions import file_case
from tinhso.core.cases.actions.links import Mends, tie_correction
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Case, CaseLink
from tinhso.core.cases.rebuild import rebuilt
from tinhso.core.cases.state import PaperState, load_state
from tinhso.core.signing.models import IssuedState
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions.corrections import end_correction
from tinhso.systems.onestop.actions.staff import sign_result
from tinhso.systems.onestop.tests.factories import Filing
from tinhso.systems.onestop.tests.staff_world import (
    BIRTH,
    DRAFT,
    Staff,
    birth_answers,
    papers,
    scan,
    signing_token,
    trust_service,
)
from tinhso.systems.onestop.tests.test_staff_pages import browser

WRONG = "Tên mẹ ghi sai, đúng là Lê Thị Hồng Thắm"


@pytest.fixture
def returned(province: SmallProvince) -> Staff:
    staff = Staff.file(province).drafted()
    with trust_service():
        sign_result(staff.case.id, signing_token(staff), actor=staff.actor("chair"))
    staff.do("deliver", to="Nguyễn Thị Lan")
    return staff


def mended(old: Staff, role: str = "one_stop_clerk", key: str = "sua:1", **more: str) -> Staff:
    """A case that mends the result of another one, filed by whoever may."""
    province, state = old.province, old.state
    actor = old.actor(role) if role != "citizen" else province.actor(province.citizen)
    assert state.applicant is not None
    done = file_case(
        procedure=BIRTH, applicant=state.applicant, answers=birth_answers(), channel="counter", key=key, actor=actor,
        papers=(PaperState(id="birth_proof", files=(scan(actor),)),), filer_id=province.citizen.person_id,
    )  # fmt: skip
    mends = Mends(old.case.id, old.case.code, **{"wrong": WRONG, **more})
    return Staff(province, tie_correction(done, mends, actor=actor).case)


def test_the_agencys_mistake_costs_nothing_and_the_new_paper_replaces_the_old(
    returned: Staff, client: Client
) -> None:
    case = mended(returned, fault="agency", apology="Cơ quan xin lỗi ông bà.")
    assert all(f.exempt or f.amount == "0" for f in case.state.fees)
    case.accepted()
    assert all(f.exempt for f in case.state.fees if f.amount != "0"), "also after the fees are counted again"
    with pytest.raises(Refusal, match="đang được đính chính"):
        mended(returned, key="sua:2")
    assert (
        not Case.objects.filter(key="sua:2").exists()
        or not CaseLink.objects.filter(child__key="sua:2").exists()
    )
    case.do("hand_over")
    case.do("complete", "civil_status_officer", fields=DRAFT)
    with trust_service():
        sign_result(case.case.id, signing_token(case), actor=case.actor("chair"))
    for _twice in range(2):
        end_correction(case.case.id)
    (old,), (new,) = papers(returned), papers(case)
    assert (old.state, old.replaced_by_id, new.state) == (IssuedState.REPLACED, new.id, IssuedState.VALID)
    page = client.get(f"/v/{old.code}/").content.decode()
    assert "thay thế" in page
    (told,) = returned.state.corrections
    assert (told.code, told.issued_code, told.apology) == (
        case.case.code,
        new.code,
        "Cơ quan xin lỗi ông bà.",
    )
    for staff in (returned, case):
        assert rebuilt(staff.case.id) == (staff.state, None)


def test_a_mending_that_is_refused_or_stopped_leaves_the_old_result_and_lets_another_be_asked(
    returned: Staff,
) -> None:
    case = mended(returned)
    case.do("refuse_reception", reason="Không sai", ground="Luật")
    end_correction(case.case.id)
    assert papers(returned)[0].state == IssuedState.VALID
    assert returned.state.corrections[0].ended_at is not None
    assert mended(returned, key="sua:2").state.corrects is not None


def test_who_may_ask_and_when(returned: Staff, province: SmallProvince) -> None:
    fresh = Staff.file(province).accepted()
    for old, role, more in (
        (fresh, "one_stop_clerk", {}),
        (returned, "chair", {}),
        (returned, "citizen", {"fault": "agency", "apology": "x"}),
        (returned, "one_stop_clerk", {"wrong": " "}),
        (returned, "one_stop_clerk", {"fault": "agency"}),
    ):
        with pytest.raises(Refusal):
            mended(old, role, key=f"k:{role}:{len(more)}:{old.case.code}", **more)
    assert not CaseLink.objects.exists()
    assert returned.state.corrections == ()
    assert mended(returned, "citizen", key="k").state.corrects.fault == ""


def test_the_applicant_asks_with_the_old_answers_at_hand(
    returned: Staff, citizen: Client, other: Client
) -> None:
    page = citizen.get(reverse("onestop:my_case", args=[returned.case.code])).content.decode()
    assert "Đề nghị đính chính kết quả" in page
    url = reverse("onestop:correct", args=[returned.case.code])
    assert other.post(url, {"wrong": WRONG}).status_code == 404
    assert citizen.post(url, {"wrong": ""}).status_code == 422
    answer = citizen.post(url, {"wrong": WRONG})
    filing = Filing(citizen, answer["Location"].strip("/").split("/")[-1])
    assert filing.draft.answers["child_name"] == birth_answers()["child_name"]
    filing.answer_all({"child_name": "Trần Gia Bảo An"})
    filing.attach()
    filing.send()
    case = Case.objects.get(key=str(filing.draft_id))
    state = load_state(case.state)
    assert state.corrects is not None
    assert (state.corrects.code, state.answers["child_name"]) == (returned.case.code, "Trần Gia Bảo An")
    filing.send()
    assert CaseLink.objects.filter(kind="correction").count() == 1
    page = citizen.get(reverse("onestop:my_case", args=[returned.case.code])).content.decode()
    assert case.code in page
    assert WRONG in page


def test_the_clerk_opens_it_from_the_case_and_the_old_case_shows_it(
    returned: Staff, province: SmallProvince
) -> None:
    clerk = browser(province, "one_stop_clerk")
    person = province.citizen.person_id
    page = clerk.get(f"/mot-cua/ho-so/{returned.case.code}/").content.decode()
    assert f"dinh-chinh={returned.case.code}" in page
    form = clerk.get(
        f"/mot-cua/nhan/{BIRTH}/?nguoi={person}&dinh-chinh={returned.case.code}"
    ).content.decode()
    assert birth_answers()["child_name"] in form
    assert 'name="apology"' in form
    again = clerk.get(f"/mot-cua/nhan/{BIRTH}/?nguoi={person}&mau={returned.case.code}").content.decode()
    assert birth_answers()["child_name"] in again
    assert 'name="apology"' not in again


def test_filing_again_takes_the_answers_and_not_the_papers(
    returned: Staff, citizen: Client, other: Client
) -> None:
    url = reverse("onestop:file_again", args=[returned.case.code])
    assert other.post(url).status_code == 404
    filing = Filing(citizen, citizen.post(url)["Location"].strip("/").split("/")[-1])
    assert filing.draft.answers["child_name"] == birth_answers()["child_name"]
    assert (filing.draft.files, filing.draft.origin) == ({}, {})


def test_a_link_never_shows_a_case_to_somebody_who_may_not_see_it(
    returned: Staff, province: SmallProvince, signed_in: Callable[..., Client]
) -> None:
    far = Staff.file(province, centre="H30.41.26.01")
    CaseLink.objects.create(kind="child", parent=returned.case, child=far.case)
    Case.objects.filter(id=far.case.id).update(
        competent=province.units["H30.41.26"], applicant=province.other.person, filer_id=None
    )
    state = Case.objects.get(id=far.case.id).state
    unit = province.units["H30.41.26"]
    ref = {"id": str(unit.id), "code": unit.code, "name": unit.name, "path": unit.path}
    state |= {"competent": ref, "filer_id": "", "tokens": []}
    Case.objects.filter(id=far.case.id).update(state=state)
    own = Case.objects.get(id=returned.case.id).state
    child = {
        "token": "",
        "step": "",
        "case_id": str(far.case.id),
        "code": far.case.code,
        "procedure": "",
        "unit": ref,
        "at": own["submitted_at"],
    }
    Case.objects.filter(id=returned.case.id).update(state=own | {"children": [child]})
    clerk = browser(province, "one_stop_clerk")
    page = clerk.get(f"/mot-cua/ho-so/{returned.case.code}/").content.decode()
    assert far.case.code in page  # that another agency works for this case may be known
    assert f"/mot-cua/ho-so/{far.case.code}/" not in page
    assert Status(returned.state.status) == Status.RETURNED
