from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from tinhso.core.access.models import Holding, PostRole
from tinhso.core.access.queries import actor_for_account, unit_holding
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Territory, Unit, UnitPeriod
from tinhso.core.people.models import Account, Identity, Mandate, Person
from tinhso.core.people.rules import read_number
from tinhso.project.seed import DEMO_PASSWORD, demo_accounts, seed_province
from tinhso.project.seed.accounts import DEMO_POSTS
from tinhso.project.seed.plan import planned_units

pytestmark = pytest.mark.django_db
COUNTED = (Territory, Unit, UnitPeriod, PostRole, Holding, Person, Identity, Mandate, Account)


def counts() -> list[int]:
    return [model.objects.count() for model in COUNTED]


@pytest.fixture
def seeded() -> None:
    seed_province(families=60)


def test_the_province_has_its_real_size_and_a_second_run_changes_nothing(seeded: None) -> None:
    assert Counter(Territory.objects.values_list("level", flat=True)) == {
        "province": 1,
        "district": 8,
        "commune": 75,
    }
    assert Unit.objects.filter(kind="commune").count() == 75
    assert Unit.objects.filter(kind="centre").count() == 84
    assert Holding.objects.count() > 1900
    before = counts()
    assert all(part.made == 0 for part in seed_province(families=60))
    assert counts() == before


def test_every_commune_can_work_its_cases(seeded: None) -> None:
    needed = "chair civil_status_officer business_officer construction_officer land_officer social_officer education_officer document_clerk"
    for commune in Unit.objects.filter(kind="commune"):
        for role in needed.split():
            assert unit_holding(commune.id, role).id == commune.id, (commune, role)
        for role in ("one_stop_clerk", "centre_head", "cashier"):
            assert unit_holding(commune.id, role).id == orgs.one_stop_of(commune.id).id


def test_invented_people_have_numbers_that_could_be(seeded: None) -> None:
    for kind, number in Identity.objects.values_list("kind", "number"):
        assert read_number(number).kind == kind
    assert Person.objects.filter(identities__isnull=True).exists()  # children whose number has not come yet
    assert Mandate.objects.filter(kind="parent").exists()


def test_demonstration_accounts_open_with_the_told_password(seeded: None) -> None:
    told = {name for name, _, _ in demo_accounts()}
    assert len(told) == len(DEMO_POSTS) + 2
    for account in Account.objects.filter(username__in=told):
        assert account.check_password(DEMO_PASSWORD)
    others = Account.objects.exclude(username__in=told)
    assert others.count() > 1900
    assert not any(a.has_usable_password() for a in others[:50])
    for demo in DEMO_POSTS:
        assert actor_for_account(Account.objects.get(username=demo.username).id).is_staff, demo


def test_the_saturday_desk_and_the_rest(seeded: None) -> None:
    assert orgs.calendar_for(orgs.unit_by_code("H30.41.22.01").path).code == "saturday_morning"
    assert orgs.calendar_for(orgs.unit_by_code("H30.41.21.01").path).code == "standard"


def test_the_plan_names_parents_before_children() -> None:
    seen = {""}
    for unit in planned_units():
        assert unit.parent in seen
        assert unit.code not in seen
        seen.add(unit.code)


def test_the_command_tells_the_accounts() -> None:
    out = StringIO()
    call_command("seed_province", families=25, stdout=out)
    assert DEMO_PASSWORD in out.getvalue()
    assert "hotich" in out.getvalue()
