"""Roles of a process that nobody holds on the day it starts: a list with units, found in one query for all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tinhso.core.access.models import Holding, PostRole
from tinhso.core.orgs.queries import directory, forget
from tinhso.core.procedures.checks.staffing import verify_staffing
from tinhso.core.procedures.tests.sample import definition
from tinhso.core.testing.province import small_province

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def province():
    return small_province(("1.001193",))


def test_every_role_is_held_in_the_small_province(province):
    assert verify_staffing(definition(), TODAY) == []


def test_a_post_left_empty_from_a_day_is_told_with_the_unit_for_that_day(province):
    leaving = TODAY + timedelta(days=10)
    Holding.objects.filter(post__unit__code="H30.41.26", post__roles__role_id="civil_status_officer").update(
        valid_to=leaving
    )
    forget()
    assert verify_staffing(definition(), leaving - timedelta(days=1)) == []
    vacant = verify_staffing(definition(), leaving)
    assert {(v.role, v.at) for v in vacant} == {
        ("civil_status_officer", "competent"),
        ("civil_status_officer", "asked"),
    }
    assert all([u.code for u in v.units] == ["H30.41.26"] for v in vacant)
    assert "Xã Vị Tân" in vacant[0].words


def test_posts_that_nobody_fills_are_told_however_many_units_there_are_in_two_queries(
    province, settings, django_assert_num_queries
):
    settings.ORGS_CACHE_SECONDS = 60
    directory()
    Holding.objects.all().delete()
    with django_assert_num_queries(2):
        vacant = verify_staffing(definition(), TODAY)
    found = {(v.role, v.at): [u.code for u in v.units] for v in vacant}
    communes, centres = ["H30.41.21", "H30.41.26"], ["H30.41.21.01", "H30.41.26.01"]
    assert found == {
        ("one_stop_clerk", "reception"): centres,
        ("civil_status_officer", "competent"): communes,
        ("civil_status_officer", "asked"): communes,
        ("chair", "competent"): communes,
    }


def test_a_role_held_above_with_everything_below_covers(province):
    held = Holding.objects.filter(post__unit__code="H30.41.21", post__roles__role_id="chair")
    held.delete()
    assert [v.role for v in verify_staffing(definition(), TODAY)] == ["chair"]
    PostRole.objects.filter(post__unit__code="H30", role_id="chair").update(below=True)
    assert verify_staffing(definition(), TODAY) == []
