"""Handing on what a post allows: who may, what of it arrives, and that nothing is left afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tinhso.core.access import actions, queries
from tinhso.core.access.actions import Terms
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Absence, Delegation, Holding
from tinhso.core.access.queries import standing_of_person
from tinhso.core.access.tests.office import SYSTEM, Office, account, appoint, make, post
from tinhso.core.audit.actions import in_words, who
from tinhso.core.audit.models import Entry
from tinhso.core.orgs import queries as org_queries
from tinhso.core.orgs.models import Post
from tinhso.core.people.models import Account
from tinhso.kit.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make()


@pytest.fixture
def deputy(office: Office) -> Account:
    """A deputy of the chair, in the ward, who may only see."""
    found = account("phochutich", "Võ Thị Em", "093180000008")
    held = post(office.units.ward, "deputy", "document_clerk")
    Post.objects.filter(id=held.id).update(title="Phó Chủ tịch UBND phường")
    org_queries.forget()
    queries.standing._Kept.picture = None
    appoint(found.person, held)
    return found


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def terms(**more: Any) -> Terms:
    return replace(Terms(today(), today(7), "12/QĐ-UBND"), **more)


def chair_of(office: Office) -> tuple[Actor, Post]:
    actor = queries.actor_for_account(office.chair.id)
    return actor, Post.objects.get(unit=office.units.ward, code="chair")


def give(office: Office, to: Account, **more: Any) -> Delegation:
    actor, held = chair_of(office)
    return actions.delegate(
        actor=actor,
        giver_id=office.chair.person_id,
        post_id=held.id,
        delegate_id=to.person_id,
        terms=terms(**more),
    )


def lent(to: Account, row: Delegation) -> Actor:
    return standing_of_person(to.person_id).actor(row.id)


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(Refusal) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.code


def test_the_delegate_chooses_a_standing_and_acts_as_themself_for_the_other(
    office: Office, deputy: Account
) -> None:
    row = give(office, deputy)
    standing = standing_of_person(deputy.person_id)
    assert [p.label for p in standing.lent] == ["Thay mặt Trần Văn Cường (chair)"]
    own, other = standing.actor(), standing.actor(row.id)
    ward = office.units.ward.path
    assert not own.may("cases.sign", ward)
    assert own.on_behalf_of is None
    assert other.may("cases.sign", ward)
    assert (other.person_id, other.name, other.post_title) == (
        deputy.person_id,
        "Võ Thị Em",
        "Phó Chủ tịch UBND phường",
    )
    assert other.stands_for is not None
    assert (other.stands_for.name, other.stands_for.title) == ("Trần Văn Cường", "chair")
    assert other.standing_key == row.id
    assert other.desk_name == (str(office.chair.person_id), "Trần Văn Cường")
    kept = who(other)
    assert kept["for"] == str(office.chair.person_id)
    assert kept["delegation"] == str(row.id)
    assert in_words(kept) == "Võ Thị Em, Phó Chủ tịch UBND phường, thay mặt Trần Văn Cường (chair)"


def test_a_standing_with_a_delegation_costs_one_query_more(
    office: Office, deputy: Account, settings: Any, django_assert_num_queries: Any
) -> None:
    row = give(office, deputy)
    settings.ORGS_CACHE_SECONDS = 60
    org_queries.forget()
    queries.open_posts()
    with django_assert_num_queries(2):
        assert queries.actor_for_account(deputy.id, row.id).may("cases.sign")


@pytest.mark.parametrize("chosen", [(), ("cases.sign",), ("cases.assign", "cases.approve"), ("reports.see",)])
def test_exactly_what_was_handed_on(office: Office, deputy: Account, chosen: tuple[str, ...]) -> None:
    row = give(office, deputy, permissions=frozenset(chosen))
    full = chair_of(office)[0]
    got = lent(deputy, row)
    ward, above = office.units.ward.path, office.units.province.path
    for permission in (
        "cases.sign",
        "cases.assign",
        "cases.approve",
        "cases.see",
        "reports.see",
        "cases.work",
        "console.orgs",
    ):
        expected = full.may(permission, ward) and (
            not chosen or permission in chosen or permission == "cases.see"
        )
        assert got.may(permission, ward) == expected, permission
        assert not got.may(permission, above)


def test_rights_to_administer_are_never_handed_on(office: Office, deputy: Account) -> None:
    held = Post.objects.get(code="administrator")
    admin = queries.actor_for_account(office.admin.id)
    arguments = {"actor": admin, "giver_id": office.admin.person_id, "post_id": held.id}
    row = actions.delegate(**arguments, delegate_id=deputy.person_id, terms=terms(last_day=today(1)))
    got = lent(deputy, row)
    assert not any(got.may(p) for p in ("console.orgs", "console.people", "console.operate"))
    chosen = terms(first_day=today(2), permissions=frozenset({"console.orgs"}))
    assert (
        refused(actions.delegate, **arguments, delegate_id=deputy.person_id, terms=chosen) == "not_lendable"
    )


def test_nothing_is_left_after_it_ends(office: Office, deputy: Account) -> None:
    row = give(office, deputy)

    def may() -> bool:
        found = queries.actor_for_account(deputy.id, row.id)
        return found.may("cases.sign") or found.stands_for is not None

    assert may()
    Delegation.objects.filter(id=row.id).update(valid=(today(-5), today()))
    assert not may()
    Delegation.objects.filter(id=row.id).update(valid=(today(1), today(5)))
    assert not may()
    Delegation.objects.filter(id=row.id).update(valid=(today(), today(1)))
    assert may()
    actions.revoke(actor=chair_of(office)[0], delegation_id=row.id, reason="về sớm")
    actions.revoke(actor=chair_of(office)[0], delegation_id=row.id)
    assert not may()
    assert standing_of_person(deputy.person_id).lent == ()
    assert Entry.objects.filter(act="access.revoke_delegation", object_id=str(row.id)).count() == 1


def test_it_ends_with_the_post_of_either(office: Office, deputy: Account) -> None:
    give(office, deputy)
    theirs = Holding.objects.filter(person_id=deputy.person_id)
    assert standing_of_person(deputy.person_id).lent
    theirs.update(valid_to=today())
    assert standing_of_person(deputy.person_id).choices == ()
    theirs.update(valid_to=None)
    actions.end_holding(
        actor=SYSTEM, holding_id=Holding.objects.get(person=office.chair.person).id, on=today()
    )
    assert standing_of_person(deputy.person_id).lent == ()


def test_both_see_it_and_it_is_logged(office: Office, deputy: Account) -> None:
    row = give(office, deputy, text="Nghỉ phép năm")
    giver, holder = chair_of(office)[0], queries.actor_for_account(deputy.id)
    assert (
        [d.id for d in queries.given_by_me(giver)] == [row.id] == [d.id for d in queries.held_by_me(holder)]
    )
    assert queries.delegation(row.id, actor=holder).ground == "12/QĐ-UBND"
    assert queries.delegations_of_units(giver).rows == [row]
    stranger = queries.actor_for_account(office.clerk.id)
    assert queries.delegations_of_units(stranger).rows == []
    with pytest.raises(NotFound):
        queries.delegation(row.id, actor=stranger)
    entry = Entry.objects.get(act="access.delegate", object_id=str(row.id))
    assert entry.data["ground"] == "12/QĐ-UBND"
    assert entry.actor["name"] == "Trần Văn Cường"
    actions.revoke(actor=holder, delegation_id=row.id)
    assert queries.held_by_me(holder) == []
    assert queries.past_of_mine(holder).rows == [row] == queries.past_of_mine(giver).rows


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"first_day": date(2020, 1, 1)}, "past"),
        ({"last_day": date(2020, 1, 1)}, "ends_first"),
        ({"ground": "  "}, "no_ground"),
        ({"permissions": frozenset({"cases.receive"})}, "not_lendable"),
        ({"form": "tm"}, "no_form"),
    ],
)
def test_terms_that_cannot_be(office: Office, deputy: Account, more: dict[str, Any], code: str) -> None:
    assert refused(lambda: give(office, deputy, **more)) == code
    assert not Delegation.objects.exists()


def test_people_it_cannot_be_given_to(office: Office, deputy: Account) -> None:
    assert refused(lambda: give(office, office.chair)) == "to_oneself"
    assert refused(lambda: give(office, office.citizen)) == "not_staff"
    assert refused(lambda: give(office, office.admin)) == "outside"
    admin, held = queries.actor_for_account(office.admin.id), chair_of(office)[1]
    outside = {"giver_id": office.chair.person_id, "post_id": held.id, "delegate_id": office.admin.person_id}
    assert actions.delegate(actor=admin, terms=terms(), **outside).given_by_id == office.admin.person_id


def test_the_same_scope_goes_to_one_only(office: Office, deputy: Account) -> None:
    give(office, deputy, permissions=frozenset({"cases.sign"}))
    clerk = office.clerk
    assert refused(lambda: give(office, clerk)) == "overlaps"
    assert (
        refused(lambda: give(office, clerk, permissions=frozenset({"cases.sign", "cases.assign"})))
        == "overlaps"
    )
    give(office, clerk, permissions=frozenset({"cases.assign"}))
    give(office, clerk, permissions=frozenset({"cases.sign"}), first_day=today(8), last_day=today(9))
    assert len(standing_of_person(clerk.person_id).lent) == 1


def test_the_holder_a_head_or_an_administrator_gives_it(office: Office, deputy: Account) -> None:
    held = Post.objects.get(unit=office.units.desk, code="one_stop_clerk")
    head = account("phutrach", "Đỗ Văn Gia", "093070000009")
    appoint(head.person, post(office.units.desk, "head", "centre_head"))
    other = account("motcua2", "Hồ Thị Hạnh", "093190000010")
    appoint(other.person, post(office.units.desk, "second", "document_clerk"))
    arguments = {
        "giver_id": office.clerk.person_id,
        "post_id": held.id,
        "delegate_id": other.person_id,
        "terms": terms(),
    }
    boss = queries.actor_for_account(head.id)
    assert refused(actions.delegate, actor=boss, **arguments) == "not_absent"
    absent = {
        "person_id": office.clerk.person_id,
        "kind": "sick",
        "first_day": today(-1),
        "last_day": today(7),
    }
    actions.record_absence(actor=boss, **absent)
    with pytest.raises(Forbidden):
        actions.delegate(actor=queries.actor_for_account(other.id), **arguments)
    with pytest.raises(Forbidden):
        actions.delegate(actor=chair_of(office)[0], **arguments)
    row = actions.delegate(actor=boss, **arguments)
    assert lent(other, row).may("cases.receive", office.units.desk.path)
    assert queries.given_by_me(queries.actor_for_account(office.clerk.id)) == [row]


def test_a_head_gives_away_no_more_than_they_may_do(office: Office, deputy: Account) -> None:
    boss = account("phong", "Bùi Văn Khoa", "093070000011")
    appoint(boss.person, post(office.units.ward, "division_head", "division_head"))
    actor, held = queries.actor_for_account(boss.id), chair_of(office)[1]
    Absence.objects.create(person=office.chair.person, kind="trip", valid=(today(), today(30)))
    base = {
        "actor": actor,
        "giver_id": office.chair.person_id,
        "post_id": held.id,
        "delegate_id": deputy.person_id,
    }
    assert refused(actions.delegate, **base, terms=terms()) == "above_you"
    assert (
        refused(actions.delegate, **base, terms=terms(permissions=frozenset({"cases.sign"}))) == "above_you"
    )
    assert actions.delegate(**base, terms=terms(permissions=frozenset({"cases.assign"})))


def test_no_chain_unless_allowed_and_never_the_signature(office: Office, deputy: Account) -> None:
    row = give(office, deputy)
    held = chair_of(office)[1]
    standing_in = lent(deputy, row)
    again = {"giver_id": office.chair.person_id, "post_id": held.id, "delegate_id": office.clerk.person_id}
    assert refused(actions.delegate, actor=standing_in, terms=terms(), **again) == "chain"
    onward = {"actor": standing_in, "source_id": row.id, "delegate_id": office.clerk.person_id}
    assert refused(actions.pass_on, **onward, terms=terms()) == "chain"
    Delegation.objects.filter(id=row.id).update(may_pass_on=True)
    assert refused(actions.pass_on, **onward, terms=terms(last_day=today(8))) == "outside_source"
    assert (
        refused(actions.pass_on, **onward, terms=terms(permissions=frozenset({"cases.sign"})))
        == "sign_not_passed_on"
    )
    assert (
        refused(actions.pass_on, **{**onward, "delegate_id": deputy.person_id}, terms=terms()) == "to_oneself"
    )
    assert (
        refused(actions.pass_on, **{**onward, "delegate_id": office.chair.person_id}, terms=terms())
        == "to_oneself"
    )
    third = actions.pass_on(**onward, terms=terms())
    got = lent(office.clerk, third)
    assert got.may("cases.assign", office.units.ward.path)
    assert not got.may("cases.sign")
    assert got.stands_for is not None
    assert got.stands_for.name == "Trần Văn Cường"
    assert (
        refused(actions.pass_on, actor=got, source_id=third.id, delegate_id=deputy.person_id, terms=terms())
        == "chain"
    )
    actions.revoke(actor=chair_of(office)[0], delegation_id=row.id)
    assert standing_of_person(office.clerk.person_id).lent == ()


def test_who_may_take_it_back(office: Office, deputy: Account) -> None:
    row = give(office, deputy)
    with pytest.raises(Forbidden):
        actions.revoke(actor=queries.actor_for_account(office.clerk.id), delegation_id=row.id)
    actions.revoke(actor=queries.actor_for_account(office.admin.id), delegation_id=row.id)
    assert Delegation.objects.get().revoked_by_id == office.admin.person_id


@pytest.mark.parametrize(
    ("asked", "deputy_signs", "form"),
    [("", True, "kt"), ("", False, "tuq"), ("q", True, "q"), ("tuq", True, "tuq")],
)
def test_how_the_signature_is_headed(
    office: Office, deputy: Account, asked: str, deputy_signs: bool, form: str
) -> None:
    row = give(office, deputy if deputy_signs else office.clerk, form=asked)
    assert row.form == form
    assert row.get_form_display()


def test_only_a_deputy_signs_in_the_heads_place(office: Office, deputy: Account) -> None:
    assert refused(lambda: give(office, office.clerk, form="kt")) == "not_deputy"


def test_the_choice_of_standing_on_the_page(office: Office, deputy: Account, client: Any) -> None:
    from tinhso.core.testing.web import signed_in

    row = give(office, deputy)
    browser = signed_in(client, deputy)
    page = browser.get("/ban-lam-viec/")
    assert "Thay mặt Trần Văn Cường" in page.content.decode()
    assert browser.post("/doi-vi-tri/", {"post": str(row.id), "next": "/ban-lam-viec/"}).status_code == 302
    assert browser.get("/ban-lam-viec/").wsgi_request.actor.stands_for.name == "Trần Văn Cường"
    actions.revoke(actor=chair_of(office)[0], delegation_id=row.id)
    assert browser.get("/ban-lam-viec/").wsgi_request.actor.stands_for is None
    assert browser.post("/doi-vi-tri/", {"post": str(row.id)}).status_code == 403
