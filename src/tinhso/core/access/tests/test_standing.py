from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tinhso.core.access import actions, queries
from tinhso.core.access.actor import VISITOR, Actor, Grant, system_actor
from tinhso.core.access.models import Holding, PostRole
from tinhso.core.access.policy import unit_scope
from tinhso.core.access.tests.office import FROM, SYSTEM, Office, make
from tinhso.core.audit.models import Entry
from tinhso.core.orgs import actions as orgs
from tinhso.core.orgs import queries as org_queries
from tinhso.core.orgs.models import Post, Unit
from tinhso.kit.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make()


def test_an_actor_costs_one_query(office: Office, settings, django_assert_num_queries) -> None:
    settings.ORGS_CACHE_SECONDS = 60
    org_queries.forget()
    queries.open_posts()
    with django_assert_num_queries(1):
        actor = queries.actor_for_account(office.chair.id)
    assert actor.has_role("chair", office.units.ward.path)


def test_rights_are_those_of_the_post_acted_in(office: Office) -> None:
    standing = queries.standing_of_account(office.clerk.id)
    assert [p.title for p in standing.posts] == ["one_stop_clerk", "centre_head"]
    clerk, head = standing.actor(), standing.actor(standing.posts[1].id)
    desk = office.units.desk.path
    assert clerk.may("cases.receive", desk)
    assert not clerk.may("cases.assign", desk)
    assert head.may("cases.assign", desk)
    assert not clerk.may("cases.receive", office.units.ward.path)
    assert standing.actor(uuid4()).post_id == clerk.post_id


def test_rights_that_extend_below(office: Office) -> None:
    admin = queries.actor_for_account(office.admin.id)
    assert admin.may("console.orgs", office.units.desk.path)
    assert not admin.may("cases.see", office.units.desk.path)


def test_a_citizen_has_no_rights(office: Office) -> None:
    actor = queries.actor_for_person(office.citizen.person_id)
    assert actor.is_known
    assert not actor.is_staff
    assert not actor.may("cases.see")
    assert queries.actor_for_account(uuid4()) is VISITOR
    with pytest.raises(NotFound):
        queries.actor_for_person(uuid4())


def test_what_ends_gives_no_rights(office: Office) -> None:
    def rights() -> bool:
        return queries.actor_for_account(office.chair.id).is_staff

    holding = Holding.objects.get(person=office.chair.person)
    post = Post.objects.get(id=holding.post_id)
    assert rights()
    orgs.close_post(actor=SYSTEM, post_id=post.id)
    assert not rights()
    orgs.reopen_post(actor=SYSTEM, post_id=post.id)
    actions.remove_role(actor=SYSTEM, post_id=post.id, role="chair")
    assert not rights()
    actions.assign_role(actor=SYSTEM, post_id=post.id, role="chair")
    assert rights()
    actions.end_holding(actor=SYSTEM, holding_id=holding.id, on=timezone.localdate())
    assert not rights()


def test_a_post_held_from_tomorrow_gives_nothing_today(office: Office) -> None:
    post = Post.objects.get(unit=office.units.ward, code="chair")
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.appoint(actor=SYSTEM, person_id=office.citizen.person_id, post_id=post.id, valid_from=tomorrow)
    assert not queries.actor_for_account(office.citizen.id).is_staff
    assert [p.id for p in queries.people_with_role(office.units.ward.id, "chair")] == [office.chair.person_id]
    assert len(queries.people_with_role(office.units.ward.id, "chair", tomorrow)) == 2


def test_appointing_refuses_what_cannot_be(office: Office) -> None:
    post = Post.objects.get(unit=office.units.ward, code="chair")
    given = {"actor": SYSTEM, "person_id": office.chair.person_id, "post_id": post.id}
    for more, code in (
        ({"valid_from": date(2025, 1, 1)}, "held_already"),
        ({"valid_from": FROM, "valid_to": FROM}, "ends_first"),
        ({"valid_from": FROM, "person_id": uuid4()}, "unknown_person"),
        ({"valid_from": FROM, "post_id": uuid4()}, "unknown_post"),
    ):
        with pytest.raises(Refusal) as refused:
            actions.appoint(**(given | more))
        assert refused.value.code == code
    with pytest.raises(NotFound):
        actions.assign_role(actor=SYSTEM, post_id=post.id, role="emperor")


def test_an_ordinary_official_appoints_nobody(office: Office) -> None:
    chair = queries.actor_for_account(office.chair.id)
    post = Post.objects.get(unit=office.units.ward, code="chair")
    with pytest.raises(Forbidden):
        actions.assign_role(actor=chair, post_id=post.id, role="administrator")
    with pytest.raises(Forbidden):
        actions.appoint(actor=chair, person_id=office.citizen.person_id, post_id=post.id, valid_from=FROM)


def test_an_administrator_does_and_it_is_logged(office: Office) -> None:
    admin = queries.actor_for_account(office.admin.id)
    post = Post.objects.get(unit=office.units.ward, code="chair")
    actions.assign_role(actor=admin, post_id=post.id, role="document_clerk")
    actions.assign_role(actor=admin, post_id=post.id, role="document_clerk", below=True)
    assert PostRole.objects.get(post=post, role_id="document_clerk").below
    entry = Entry.objects.filter(act="access.assign_role", object_id=str(post.id)).latest("id")
    assert entry.actor["name"] == "Phạm Thị Dung"
    assert entry.data["before"] == {"role": "document_clerk", "below": False}
    assert entry.data["after"] == {"role": "document_clerk", "below": True}


def test_where_a_role_is_held(office: Office) -> None:
    units = office.units
    assert queries.unit_holding(units.ward.id, "chair").id == units.ward.id
    assert queries.unit_holding(units.ward.id, "one_stop_clerk").id == units.desk.id
    assert queries.unit_holding(units.desk.id, "chair").id == units.ward.id
    assert queries.unit_holding(units.village.id, "chair") is None
    assert [p.code for p in queries.posts_with_role(units.ward.id, "chair")] == ["chair"]
    assert queries.posts_with_role(units.desk.id, "chair") == []


def test_scope_is_the_units_where_the_right_holds(office: Office) -> None:
    def seen(actor: Actor, permission: str) -> set[str]:
        return set(Post.objects.filter(unit_scope(actor, permission)).values_list("unit__code", flat=True))

    chair = queries.actor_for_account(office.chair.id)
    assert seen(chair, "cases.see") == {"H30.41.21"}
    assert seen(chair, "console.orgs") == set()
    assert seen(queries.actor_for_account(office.admin.id), "console.orgs") == {
        "H30",
        "H30.41.21",
        "H30.41.21.01",
    }
    assert seen(VISITOR, "cases.see") == set()
    assert len(seen(system_actor("x"), "cases.see")) == 3


def test_scope_below_does_not_reach_a_neighbour_with_a_longer_name(office: Office) -> None:
    ward = office.units.ward
    orgs.create_unit(
        actor=SYSTEM,
        code="H30.41.210",
        name="Đơn vị tên gần giống",
        kind="other",
        parent_id=office.units.district.id,
        valid_from=FROM,
    )
    grant = Grant("x", ward.id, ward.path, True, frozenset({"cases.see"}))
    rule = unit_scope(Actor(person_id=uuid4(), grants=(grant,)), "cases.see", field="path", unit_field="")
    assert set(Unit.objects.filter(rule).values_list("code", flat=True)) == {"H30.41.21", "H30.41.21.01"}
