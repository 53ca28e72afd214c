"""Nobody becomes more by giving: who keeps a unit gives what its role names, in its units, never to oneself."""

from __future__ import annotations

import pytest

from tinhso.core.access import actions as access
from tinhso.core.access.models import Role
from tinhso.core.access.queries import Giving
from tinhso.core.console.policy import may_manage
from tinhso.core.orgs.models import Post
from tinhso.core.testing.province import FROM
from tinhso.kit.errors import Forbidden

UNDER = {"H30.41.21", "H30.41.21.01", "H30.41.21.02"}


def test_every_role_by_every_unit(province, unit_admin, admin):
    """role × unit: what may be given is exactly what the role names, where it reaches."""
    gives = set(Role.objects.get(code="unit_administrator").gives)
    assert not gives & {"administrator", "unit_administrator", "auditor", "chair"}
    giving, all_giving = Giving(unit_admin), Giving(admin)
    for role in Role.objects.values_list("code", flat=True):
        for code, unit in province.units.items():
            assert giving.may(role, unit.path, below=True) == (role in gives and code in UNDER), (role, code)
            assert all_giving.may(role, unit.path, below=True)


@pytest.mark.parametrize("role", ["administrator", "unit_administrator", "auditor", "chair"])
def test_higher_roles_are_refused(province, unit_admin, role):
    post = Post.objects.get(unit=province.commune, code="document_clerk")
    with pytest.raises(Forbidden):
        access.assign_role(actor=unit_admin, post_id=post.id, role=role)


def test_neither_onto_a_post_that_carries_one(province, unit_admin):
    post = Post.objects.get(unit=province.commune, code="chair")
    with pytest.raises(Forbidden):
        access.appoint(
            actor=unit_admin, person_id=province.citizen.person_id, post_id=post.id, valid_from=FROM
        )


def test_neither_to_oneself_nor_to_the_own_post(province, unit_admin, admin):
    clerk = Post.objects.get(unit=province.commune, code="document_clerk")
    for actor in (unit_admin, admin):
        with pytest.raises(Forbidden, match="mình"):
            access.appoint(actor=actor, person_id=actor.person_id, post_id=clerk.id, valid_from=FROM)
    with pytest.raises(Forbidden, match="mình"):
        access.assign_role(actor=admin, post_id=admin.post_id, role="chair")


def test_neither_in_another_unit(province, unit_admin):
    post = Post.objects.get(unit=province.units["H30.41.26"], code="document_clerk")
    with pytest.raises(Forbidden):
        access.assign_role(actor=unit_admin, post_id=post.id, role="document_clerk")


def test_accounts_of_those_who_may_more_of_others_and_of_citizens_are_not_theirs(province, unit_admin, admin):
    clerk, chair = province.officer("document_clerk"), province.officer("chair")
    far = province.officer("document_clerk", "H30.41.26")
    assert may_manage(unit_admin, clerk.person_id)
    for person in (chair.person_id, far.person_id, province.citizen.person_id, admin.person_id):
        assert not may_manage(unit_admin, person)
        assert may_manage(admin, person)
