"""The pages about rights answer what the checks do: role × act × object, generated from the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from tinhso.core.access import actions as access
from tinhso.core.access.models import Delegation, Holding
from tinhso.core.access.permissions import PERMISSIONS
from tinhso.core.access.queries import standing_of_person, who_can
from tinhso.kit.errors import Forbidden, NotFound
from tinhso.systems.accounts.queries import rights
from tinhso.systems.accounts.tests.conftest import SYSTEM


@pytest.fixture
def lively(province):
    """Somebody lends, somebody left, somebody comes tomorrow."""
    today = timezone.localdate()
    chair, clerk = province.officer("chair"), province.officer("document_clerk")
    Delegation.objects.create(
        giver_id=chair.person_id, post_id=chair.post_id, delegate_id=clerk.person_id, form="tuq", ground="x",
        valid=DateRange(today, today + timedelta(days=3)), permissions=["cases.approve"],
    )  # fmt: skip
    gone = Holding.objects.get(person_id=province.officer("land_officer").person_id)
    access.end_holding_at(actor=SYSTEM, holding_id=gone.id)
    access.appoint(
        actor=SYSTEM,
        person_id=province.citizen.person_id,
        post_id=gone.post_id,
        valid_from=today + timedelta(days=1),
    )
    return province


def test_every_person_by_every_permission_by_every_unit(lively):
    """Whoever the page names may, whoever it does not name may not: the matrix of the checks themselves."""
    ids = set(Holding.objects.values_list("person_id", flat=True)) | {lively.citizen.person_id}
    standings = {i: standing_of_person(i) for i in ids}
    actors = {i: [s.actor(p.key) for p in s.choices] for i, s in standings.items()}
    for permission in PERMISSIONS:
        for unit in lively.units.values():
            named = {c.person_id for c in who_can(permission.code, unit.path)}
            may = {i for i, found in actors.items() if any(a.may(permission.code, unit.path) for a in found)}
            assert named == may, (permission.code, unit.code)


def test_the_way_is_told(lively):
    found = {(c.name, c.giver) for c in who_can("cases.approve", lively.commune.path)}
    clerk, chair = lively.officer("document_clerk"), lively.officer("chair")
    assert (clerk.name, chair.name) in found
    assert (chair.name, "") in found


def test_only_who_keeps_watches_or_leads_a_unit_may_ask(lively, unit_admin):
    assert rights.of_unit(lively.commune, "cases.see", actor=unit_admin)
    with pytest.raises(Forbidden):
        rights.of_unit(lively.units["H30.41.26"], "cases.see", actor=unit_admin)
    with pytest.raises(Forbidden):
        rights.of_unit(lively.commune, "cases.see", actor=lively.officer("document_clerk"))


def test_a_case_nobody_may_know_of_is_not_found(lively, unit_admin):
    for code in ("H30.41.26-261121-0001", "không có"):
        with pytest.raises(NotFound) as refused:
            rights.of_case(code, actor=unit_admin)
        assert refused.value.code == "no_case"


def test_why_names_who_appointed_and_who_gave_the_role(province, browser):
    person = province.officer("chair").person_id
    page = browser(province.administrator).get(
        f"/quan-tri/nguoi/{person}/vi-sao/?quyen=cases.sign&unit=H30.41.21"
    )
    text = page.content.decode()
    assert "Người phân công" in text
    assert "Người giao vai trò" in text


def test_the_pages(province, browser):
    admin = browser(province.administrator)
    assert (
        province.officer("chair").name
        in admin.get("/quyen/?quyen=cases.sign&unit=H30.41.21").content.decode()
    )
    person = province.officer("chair").person_id
    assert admin.get(f"/quyen/nguoi/{person}/").status_code == 200
    assert admin.get(f"/quyen/nguoi/{person}/?ma=khong-co").status_code == 404
    assert browser(province.citizen).get("/quyen/").status_code == 403
