from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tinhso.core.audit.models import Entry
from tinhso.core.orgs import actions, queries
from tinhso.core.orgs.errors import NoCompetentUnit, UnknownUnit
from tinhso.core.orgs.models import Unit
from tinhso.core.orgs.tests.small import FROM, SYSTEM, Doer, Small, make
from tinhso.kit.errors import Forbidden, Refusal, Stale

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def small() -> Small:
    return make()


def editor(unit: Unit) -> Doer:
    return Doer(person_id=uuid4(), rights=frozenset({"console.orgs"}), path=unit.path)


def test_competence_by_level_and_agency(small: Small) -> None:
    find = queries.competent_unit
    assert find("commune", None, "31318", TODAY).id == small.ward.id
    assert find("district", "justice", "31318", TODAY).id == small.justice.id
    assert find("province", None, "31318", TODAY).id == small.province.id
    assert find("province", None, None, TODAY).id == small.province.id


def test_an_agency_without_a_unit_falls_to_the_one_that_does_its_work(small: Small) -> None:
    assert queries.competent_unit("province", "environment", None, TODAY).id == small.department.id
    assert queries.competent_unit("commune", "construction", "31318", TODAY).id == small.ward.id


@pytest.mark.parametrize(
    ("level", "agency", "place"),
    [
        ("commune", None, "930"),
        ("commune", None, "99999"),
        ("commune", None, None),
        ("district", "health", "31318"),
    ],
)
def test_no_competent_unit_is_a_clear_answer(small: Small, level: str, agency: str, place: str) -> None:
    with pytest.raises(NoCompetentUnit) as refused:
        queries.competent_unit(level, agency, place, TODAY)
    assert refused.value.status == 422
    assert "21/11/2026" in refused.value.message


def test_no_unit_is_competent_before_it_exists(small: Small) -> None:
    with pytest.raises(NoCompetentUnit):
        queries.competent_unit("commune", None, "31318", FROM - timedelta(days=1))


def test_a_merged_commune_is_served_by_its_successor_from_the_day(small: Small) -> None:
    day = date(2025, 7, 1)
    actions.close_unit(actor=SYSTEM, unit_id=small.desk.id, on=day)
    actions.close_unit(
        actor=SYSTEM, unit_id=small.ward.id, on=day, successor_id=small.village.id, ground="NQ 1668"
    )
    find = queries.competent_unit
    assert find("commune", None, "31318", day - timedelta(days=1)).id == small.ward.id
    assert find("commune", None, "31318", day).id == small.village.id
    assert not Unit.objects.get(id=small.ward.id).active
    assert queries.unit_by_code("H30.41.21").id == small.ward.id
    assert [u.id for u in queries.successors_of(small.ward.id)] == [small.village.id]


def test_closing_waits_for_the_parts(small: Small) -> None:
    with pytest.raises(Refusal, match="trực thuộc"):
        actions.close_unit(actor=SYSTEM, unit_id=small.ward.id, on=TODAY)


def test_a_closed_unit_cannot_be_changed(small: Small) -> None:
    actions.close_unit(actor=SYSTEM, unit_id=small.village.id, on=date(2025, 7, 1))
    with pytest.raises(Stale):
        actions.rename_unit(actor=SYSTEM, unit_id=small.village.id, name="Tên mới", on=TODAY)


def test_old_papers_keep_the_old_name(small: Small) -> None:
    day = date(2025, 7, 1)
    actions.rename_unit(
        actor=SYSTEM, unit_id=small.ward.id, name="Ủy ban nhân dân phường Vị Thanh", on=day, ground="NQ"
    )
    assert queries.unit_as_of(small.ward.id, date(2024, 1, 1)).name == "Ủy ban nhân dân phường I"
    assert queries.unit_as_of(small.ward.id, day).name == "Ủy ban nhân dân phường Vị Thanh"
    assert queries.unit_as_of(small.ward.id, date(2020, 1, 1)).name == "Ủy ban nhân dân phường I"
    assert queries.unit(small.ward.id).name == "Ủy ban nhân dân phường Vị Thanh"
    entry = Entry.objects.get(act="orgs.rename_unit")
    assert entry.data["before"] == {"name": "Ủy ban nhân dân phường I"}


def test_a_change_dated_tomorrow_shows_tomorrow(small: Small) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.rename_unit(actor=SYSTEM, unit_id=small.ward.id, name="Tên mới", on=tomorrow)
    assert queries.unit(small.ward.id).name == "Ủy ban nhân dân phường I"
    assert actions.apply_due_changes(tomorrow) == 1
    assert queries.unit(small.ward.id).name == "Tên mới"
    assert actions.apply_due_changes(tomorrow) == 0


def test_an_old_code_still_leads_to_the_unit(small: Small) -> None:
    day = date(2025, 7, 1)
    actions.recode_unit(actor=SYSTEM, unit_id=small.ward.id, code="H92.07", on=day)
    assert queries.unit_by_code("H92.07").id == queries.unit_by_code("H30.41.21").id == small.ward.id
    assert queries.unit_by_code("H30.41.21", date(2023, 1, 1)).id == small.ward.id
    with pytest.raises(UnknownUnit):
        queries.unit_by_code("H30.41.21", day)


def test_moving_takes_everything_below_along(small: Small) -> None:
    actions.move_unit(actor=SYSTEM, unit_id=small.ward.id, parent_id=small.province.id, on=date(2025, 7, 1))
    ward, desk = queries.unit(small.ward.id), queries.unit(small.desk.id)
    assert ward.path.startswith("H30.")
    assert not ward.path.startswith("H30.41.2")
    assert desk.path.startswith(ward.path + ".")
    assert queries.one_stop_of(ward.id).id == desk.id


def test_a_unit_cannot_stand_under_itself(small: Small) -> None:
    with pytest.raises(Refusal) as refused:
        actions.move_unit(actor=SYSTEM, unit_id=small.district.id, parent_id=small.desk.id, on=TODAY)
    assert refused.value.code == "circle"


def test_a_change_must_come_after_what_holds(small: Small) -> None:
    with pytest.raises(Refusal) as refused:
        actions.rename_unit(actor=SYSTEM, unit_id=small.ward.id, name="x", on=FROM)
    assert refused.value.code == "too_early"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": "H30.41"}, "code_in_use"),
        ({"name": " "}, "incomplete"),
        ({"kind": "planet"}, "unknown_kind"),
    ],
)
def test_creating_refuses_what_cannot_be(small: Small, values: dict, code: str) -> None:
    given = {"code": "H30.99", "name": "Đơn vị", "kind": "other"} | values
    with pytest.raises(Refusal) as refused:
        actions.create_unit(actor=SYSTEM, parent_id=small.province.id, valid_from=FROM, **given)
    assert refused.value.code == code


def test_an_ordinary_editor_changes_only_below_their_own_unit(small: Small) -> None:
    actor = editor(small.district)
    actions.rename_unit(actor=actor, unit_id=small.ward.id, name="Tên mới", on=TODAY)
    with pytest.raises(Forbidden):
        actions.rename_unit(actor=actor, unit_id=small.department.id, name="Tên mới", on=TODAY)
    with pytest.raises(Forbidden):
        actions.move_unit(
            actor=actor, unit_id=small.ward.id, parent_id=small.province.id, on=TODAY + timedelta(days=1)
        )
    with pytest.raises(Forbidden):
        actions.create_post(actor=editor(small.district), unit_id=small.department.id, code="x", title="X")


def test_one_stop_and_reception(small: Small) -> None:
    assert queries.one_stop_of(small.ward.id).id == small.desk.id
    assert queries.one_stop_of(small.desk.id).id == small.desk.id
    assert queries.one_stop_of(small.department.id).id == small.centre.id
    assert queries.one_stop_of(small.justice.id).id == small.centre.id
    assert [u.id for u in queries.reception_units("31318")] == [small.desk.id, small.centre.id]
    assert [u.id for u in queries.reception_units(None)] == [small.centre.id]


def test_finding_communes_needs_no_marks(small: Small) -> None:
    assert [p.name for p in queries.find_communes("vi tan")] == ["Xã Vị Tân"]
    assert [p.name for p in queries.find_communes("phuong i")] == ["Phường I"]
    assert len(queries.find_communes("Vị Thanh")) == 2
    assert queries.find_communes("khong co") == []
    assert len(queries.find_communes("", limit=1)) == 1
    assert queries.full_territory_name("31318") == "Phường I, thành phố Vị Thanh, tỉnh Hậu Giang"
    assert queries.territory_name("00000") == "00000"


def test_finding_units(small: Small) -> None:
    assert [u.id for u in queries.find_units("moi truong")] == [small.department.id]
    assert {u.id for u in queries.find_units("", kind="centre")} == {small.centre.id, small.desk.id}


def test_answers_come_from_memory_until_something_changes(
    small: Small, settings, django_assert_num_queries
) -> None:
    settings.ORGS_CACHE_SECONDS = 60
    queries.forget()
    queries.directory()
    with django_assert_num_queries(0):
        queries.competent_unit("commune", None, "31318", TODAY)
        queries.one_stop_of(small.ward.id)
        queries.calendar_for(small.desk.path)
    settings.ORGS_CACHE_SECONDS = 0
    with django_assert_num_queries(1):
        queries.unit(small.ward.id)
    Unit.objects.filter(id=small.ward.id).update(name="Sửa thẳng trong bảng")
    assert queries.unit(small.ward.id).name == "Sửa thẳng trong bảng"


def test_posts(small: Small) -> None:
    post = actions.create_post(actor=SYSTEM, unit_id=small.ward.id, code="chair", title="Chủ tịch")
    with pytest.raises(Refusal) as refused:
        actions.create_post(actor=SYSTEM, unit_id=small.ward.id, code="chair", title="Chủ tịch khác")
    assert refused.value.code == "code_in_use"
    assert actions.rename_post(actor=SYSTEM, post_id=post.id, title="Chủ tịch UBND").title == "Chủ tịch UBND"
    assert not actions.close_post(actor=SYSTEM, post_id=post.id).active
    actions.close_post(actor=SYSTEM, post_id=post.id)
    assert Entry.objects.filter(act="orgs.close_post").count() == 1
    assert actions.reopen_post(actor=SYSTEM, post_id=post.id).active


def test_the_job_of_the_day_is_scheduled_and_harmless(small: Small) -> None:
    from tinhso.core.orgs.tasks import changes_of_the_day

    actions.rename_unit(actor=SYSTEM, unit_id=small.ward.id, name="Tên mới", on=timezone.localdate())
    changes_of_the_day(timestamp=0)
    assert queries.unit(small.ward.id).name == "Tên mới"
