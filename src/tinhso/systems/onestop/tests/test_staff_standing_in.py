"""Acting for a colleague: a matrix of what a delegate may do, what the history and the papers say, and absence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tinhso.core.access import actions as access
from tinhso.core.access.actions import Terms
from tinhso.core.access.actor import Actor, OnBehalf, system_actor
from tinhso.core.access.models import Holding
from tinhso.core.access.queries import standing_of_person
from tinhso.core.cases.actions import perform
from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.models import Act
from tinhso.core.cases.policy import abilities
from tinhso.core.cases.rebuild import rebuilt
from tinhso.core.desk.models import Task
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.errors import NotFound, Refusal
from tinhso.systems.onestop.actions.handover import assign_step, assignees_marked, release_step
from tinhso.systems.onestop.actions.staff import sign_result
from tinhso.systems.onestop.documents.hops import hops_of
from tinhso.systems.onestop.documents.results import Signing
from tinhso.systems.onestop.queries.staff import case_page
from tinhso.systems.onestop.tests.staff_world import DRAFT, Staff, papers, signing_token, trust_service
from tinhso.systems.onestop.tests.test_staff_rights import STATES, staff_abilities

SYSTEM = system_actor("test")


def day(n: int = 0) -> date:
    return timezone.localdate() + timedelta(days=n)


def lend(province: SmallProvince, giver: str, to: str, *permissions: str, **more: Any) -> Actor:
    """Somebody standing in for the holder of a role of Phường I, with all or some of its permissions."""
    owner, other = province.officer(giver), province.officer(to)
    terms = replace(Terms(day(), day(5), "15/QĐ-UBND", frozenset(permissions)), **more)
    row = access.delegate(
        actor=owner, giver_id=owner.person_id, post_id=owner.post_id, delegate_id=other.person_id, terms=terms
    )
    return standing_of_person(other.person_id).actor(row.id)


def offered(staff: Staff, actor: Actor) -> set[str]:
    return {a.act for a in staff_abilities(staff, actor)}


def outcome(staff: Staff, actor: Actor, act: str) -> str:
    try:
        token = next((a.token for a in staff_abilities(staff, actor) if a.act == act), "")
        perform(staff.case.id, act, {"token": token} if token else {}, actor=actor)
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("state", ["new", "accepted", "working", "signing", "withdrawal"])
@pytest.mark.parametrize("giver", ["one_stop_clerk", "civil_status_officer", "chair", "centre_head"])
def test_with_everything_a_delegate_may_do_exactly_what_the_holder_may(
    province: SmallProvince, state: str, giver: str
) -> None:
    staff = Staff.file(province)
    STATES[state](staff)
    standing_in = lend(province, giver, "cashier")
    assert offered(staff, standing_in) == offered(staff, province.officer(giver))


#: Handed on of the chair's post -> acts a delegate may do while the result waits for the signature.
SCOPES: dict[tuple[str, ...], set[str]] = {
    (): {"sign", "return_for_correction", "take", "assign", "extend"},
    ("cases.sign",): {"sign", "return_for_correction", "take"},
    ("cases.assign",): {"assign"},
    ("cases.approve",): {"extend"},
    ("cases.assign", "cases.sign"): {"sign", "return_for_correction", "take", "assign"},
    ("reports.see",): set(),
}


@pytest.mark.parametrize("chosen", SCOPES, ids=lambda c: "+".join(c) or "all")
def test_each_scope_allows_exactly_this(province: SmallProvince, chosen: tuple[str, ...]) -> None:
    staff = Staff.file(province).drafted()
    actor = lend(province, "chair", "document_clerk", *chosen)
    found = offered(staff, actor)
    assert found & SCOPES[()] == SCOPES[chosen]
    assert found <= offered(staff, province.officer("chair"))
    for kind in ACTS:
        if kind.who not in ("filing", "applicant", "system") and kind.name not in found:
            assert outcome(staff, actor, kind.name), kind.name


def test_own_standing_and_lent_standing_are_kept_apart(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    lend(province, "chair", "civil_status_officer", "cases.sign")
    own = province.officer("civil_status_officer")
    assert "sign" not in offered(staff, own)
    assert outcome(staff, own, "sign") in {"no_right", "step_gone"}


def test_nothing_after_it_ends_even_when_the_page_was_open(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    actor = lend(province, "chair", "civil_status_officer")
    assert actor.stands_for is not None
    access.revoke(actor=province.officer("chair"), delegation_id=actor.stands_for.delegation_id)
    now = standing_of_person(actor.person_id).actor(actor.standing_key)
    assert now.stands_for is None
    assert "sign" not in offered(staff, now)


def test_a_delegate_of_another_commune_sees_nothing_more(province: SmallProvince) -> None:
    staff = Staff.file(province)
    owner, other = province.officer("chair", "H30.41.26"), province.officer("document_clerk", "H30.41.26")
    row = access.delegate(
        actor=owner, giver_id=owner.person_id, post_id=owner.post_id, delegate_id=other.person_id,
        terms=Terms(day(), day(1), "1/QĐ"),
    )  # fmt: skip
    with pytest.raises(NotFound):
        from tinhso.core.cases import queries as cases

        cases.open_case_by_id(staff.case.id, actor=standing_of_person(other.person_id).actor(row.id))


def test_history_slip_and_chain_say_who_for_whom(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    actor = lend(province, "civil_status_officer", "document_clerk")
    owner = province.officer("civil_status_officer")
    token = staff.state.tokens[0].id
    perform(staff.case.id, "take", {"token": token}, actor=actor)
    assert staff.state.tokens[0].person_id == str(owner.person_id)
    assert Task.objects.get(token=token).person_id == owner.person_id
    perform(staff.case.id, "complete", {"token": token, "fields": DRAFT}, actor=actor)
    act = Act.objects.get(case=staff.case, kind="complete")
    assert (act.actor["person"], act.actor["for"]) == (str(actor.person_id), str(owner.person_id))
    assert act.actor["for_title"] == "Công chức tư pháp - hộ tịch"
    assert act.actor["unit"] == str(owner.unit_id)
    file = staff.open("civil_status_officer")
    shown = [item.by for item in case_page(file, timezone.now(), actor=actor).history]
    assert f"{actor.name}, Văn thư, thay mặt {owner.name} (Công chức tư pháp - hộ tịch)" in shown
    hops = hops_of(file.definition, list(Act.objects.filter(case=staff.case).order_by("seq")), timezone.now())
    assert f"{actor.name} thay mặt {owner.name}" in [hop.taker for hop in hops]
    assert rebuilt(staff.case.id) == (staff.state, None)


def test_the_paper_is_headed_as_the_decree_says(province: SmallProvince) -> None:
    chair, unit = province.officer("chair"), province.commune
    title = {"post_title": "Chủ tịch UBND Phường I"}
    deputy = replace(chair, name="Võ Thị Em", post_title="Phó Chủ tịch UBND Phường I")
    lent = OnBehalf(chair.person_id, chair.name, "Chủ tịch UBND Phường I", chair.post_id, chair.post_id)

    def block(actor: Actor, form: str = "") -> tuple[str, str]:
        found = Signing.of(replace(actor, on_behalf_of=replace(lent, form=form)) if form else actor, unit)
        return found.authority, found.title

    committee = "TM. Ủy ban nhân dân"
    assert block(replace(chair, **title)) == (committee, "Chủ tịch")
    assert block(deputy) == (committee, "KT. Chủ tịch\nPhó Chủ tịch")
    assert block(deputy, "kt") == (committee, "KT. Chủ tịch\nPhó Chủ tịch")
    assert block(deputy, "q") == (committee, "Q. Chủ tịch")
    head = replace(chair, post_title="Chánh Văn phòng")
    assert block(head, "tuq") == ("", "TUQ. Chủ tịch\nChánh Văn phòng")
    department = province.units["H30.13"]
    director = replace(lent, title="Giám đốc", form="tuq")
    assert Signing.of(replace(head, post_title="Trưởng phòng", on_behalf_of=director), department) == Signing(
        head.name, "TUQ. Giám đốc\nTrưởng phòng", ""
    )


def test_signing_for_the_chair_issues_a_paper_that_says_so(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    actor = lend(province, "chair", "document_clerk", "cases.sign")
    with trust_service():
        done = sign_result(staff.case.id, signing_token(staff), actor=actor)
    assert done.state.result is not None
    chair = province.officer("chair")
    assert done.state.result.signed_by == f"{actor.name}, Văn thư, thay mặt {chair.name} (Chủ tịch)"
    (paper,) = papers(staff)
    assert (paper.signer_name, paper.signer_title) == (actor.name, "TUQ. Chủ tịch, Văn thư")


def second_officer(province: SmallProvince) -> Actor:
    """Another holder of the civil-status post of the commune."""
    first, other = province.officer("civil_status_officer"), province.officer("social_officer")
    Holding.objects.create(person_id=other.person_id, post_id=first.post_id, valid_from=date(2022, 1, 1))
    return standing_of_person(other.person_id).actor(first.post_id)


def test_a_substitute_goes_on_where_the_absent_one_stopped(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    first, second = province.officer("civil_status_officer"), second_officer(province)
    token = staff.state.tokens[0].id
    perform(staff.case.id, "take", {"token": token}, actor=first)
    assert outcome(staff, second, "take") == "taken"
    away = {"person_id": first.person_id, "first_day": day(), "last_day": day(2), "kind": "sick"}
    row = access.record_absence(actor=first, substitute_id=second.person_id, **away)
    perform(staff.case.id, "take", {"token": token}, actor=second)
    assert staff.state.tokens[0].person_id == str(second.person_id)
    perform(staff.case.id, "release", {"token": token}, actor=second)
    perform(staff.case.id, "take", {"token": token}, actor=first)
    access.end_absence(actor=first, absence_id=row.id)
    assert outcome(staff, second, "take") == "taken"


def test_the_list_of_people_to_give_work_to_says_who_is_away(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    first, second = province.officer("civil_status_officer"), second_officer(province)
    away = {"person_id": first.person_id, "first_day": day(), "last_day": day(2), "kind": "sick"}
    access.record_absence(actor=first, **away)
    listed = assignees_marked(staff.state.tokens[0])
    assert [i for i, _ in listed] == [str(second.person_id), str(first.person_id)]
    assert listed[1][1] == f"{first.name} (vắng đến {day(2):%d/%m/%Y})"
    chair = province.officer("chair")
    assign_step(staff.case.id, staff.state.tokens[0].id, str(first.person_id), actor=chair, reason="việc gấp")
    assert staff.state.tokens[0].person_name == first.name


def test_work_put_back_is_open_to_all_again(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    officer, chair = province.officer("civil_status_officer"), province.officer("chair")
    token = staff.state.tokens[0].id
    assert outcome(staff, chair, "release") in {"no_right", "step_gone"}
    perform(staff.case.id, "take", {"token": token}, actor=officer)
    with pytest.raises(Refusal) as refused:
        release_step(staff.case.id, token, "", actor=chair)
    assert refused.value.code == "required"
    release_step(staff.case.id, token, "nghỉ ốm", actor=chair)
    assert staff.state.tokens[0].person_id == ""
    assert Task.objects.get(token=token).person_id is None
    assert rebuilt(staff.case.id) == (staff.state, None)
    assert "release" not in {a.act for a in abilities(officer, staff.open().definition, staff.state)}
