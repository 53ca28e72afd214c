"""A reorganisation from the dry run to the proof, and back: cases, tasks, people, competence, old names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tinhso.core.access.queries import standing_of_person
from tinhso.core.cases.actions import perform
from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.policy import scope
from tinhso.core.cases.rebuild import differences
from tinhso.core.cases.state import load_state
from tinhso.core.desk.models import Task
from tinhso.core.events.dispatch import deliver_due
from tinhso.core.files.models import StoredFile
from tinhso.core.files.queries import content
from tinhso.core.jobs.actions import work
from tinhso.core.jobs.models import Run
from tinhso.core.jobs.runs import Steps
from tinhso.core.notify.models import Message
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.errors import NoCompetentUnit
from tinhso.core.orgs.models import Unit
from tinhso.core.reorganisation import actions
from tinhso.core.reorganisation.models import PlanState
from tinhso.core.reorganisation.queries import proof_lines
from tinhso.core.reorganisation.tests.world import administrator, done, plan_text, run_of, saved
from tinhso.core.reorganisation.work import apply
from tinhso.core.signing.verify import verify_pdf
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.systems.onestop.tests.staff_world import Staff

NEW = "H92.51"


def test_the_dry_run_says_what_goes_where_and_writes_nothing(province: SmallProvince) -> None:
    Staff.file(province).handed_over()
    Staff.file(province)
    units = Unit.objects.count()
    found = actions.try_out(actor=administrator(province), plan_id=saved(province).id)
    assert found.faults == []
    (cases,) = found.moves["cases"]
    assert (cases.frm, cases.to, cases.count) == ("H30.41.21", NEW, 2)
    assert found.ready, found.homeless
    assert Unit.objects.count() == units


def test_open_cases_go_on_at_the_new_unit_with_their_clock(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    before = staff.state
    row = done(province, saved(province))
    assert row.state == PlanState.DONE
    after = load_state(Case.objects.get(id=staff.case.id).state)
    new = orgs.unit_by_code(NEW)
    assert after.competent
    assert after.competent.id == str(new.id)
    assert after.reception
    assert orgs.unit_by_code(after.reception.code).parent_id == new.id
    assert after.clock == before.clock
    assert [t.due_at for t in after.tokens] == [t.due_at for t in before.tokens]
    (task,) = Task.objects.filter(subject_id=staff.case.id, closed_at__isnull=True)
    assert task.unit_id == new.id
    assert list(differences(100)) == []
    registrar = standing_of_person(province.holders["H30.41.21", "civil_status_officer"]).actor()
    assert (registrar.unit_id, registrar.has_role("civil_status_officer", new.path)) == (new.id, True)
    assert Case.objects.filter(scope(registrar), id=staff.case.id).exists()


def test_the_applicant_is_told_of_the_new_office(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    done(province, saved(province))
    deliver_due(500)
    (told,) = Message.objects.filter(title__contains="cơ quan mới")
    assert staff.case.code in told.title
    assert "Ủy ban nhân dân Phường Vị Tân" in told.body


def test_it_is_proved_and_the_report_is_sealed(province: SmallProvince) -> None:
    Staff.file(province).handed_over()
    row = done(province, saved(province))
    lines = proof_lines(row)
    assert {line.title for line in lines} >= {"Hồ sơ", "Người, tổ chức", "Việc đã làm với hồ sơ", "Tệp"}
    assert all(line.same for line in lines), lines
    assert row.proof["moved"] == {"cases": 1}
    assert row.proof["left"] == {"cases": 0}
    report = verify_pdf(content(StoredFile.objects.get(id=row.report_id)))
    assert report.verdict == "valid"


def test_competence_follows_the_day(province: SmallProvince) -> None:
    today = timezone.localdate()
    done(province, saved(province))
    eve = today - timedelta(days=1)
    assert orgs.competent_unit("commune", None, "31318", eve).code == "H30.41.21"
    assert orgs.competent_unit("commune", None, "31318", today).code == NEW
    assert orgs.competent_unit("district", "construction", "31333", today).code == NEW
    assert orgs.competent_unit("province", "justice", None, today).code == "H30.13"
    assert orgs.full_territory_name("31318", eve) == "Phường I, thành phố Vị Thanh, tỉnh Hậu Giang"
    assert orgs.full_territory_name("31333", today) == "Phường Vị Tân, thành phố Cần Thơ"
    with pytest.raises(NoCompetentUnit):
        orgs.competent_unit("commune", None, "99999", today)


def test_old_cases_are_seen_by_who_continues_their_unit_and_by_nobody_else(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    other = Staff.file(province)
    other.do("refuse_reception", "one_stop_clerk", reason="Không thuộc phạm vi", ground="Luật Hộ tịch")
    done(province, saved(province))
    clerk = standing_of_person(province.holders["H30.41.26.01", "one_stop_clerk"]).actor()
    assert set(Case.objects.filter(scope(clerk)).values_list("id", flat=True)) == {
        staff.case.id,
        other.case.id,
    }
    outsider = standing_of_person(province.holders["H30.12", "construction_officer"]).actor()
    assert not Case.objects.filter(scope(outsider)).exists()
    assert load_state(Case.objects.get(id=other.case.id).state).competent.name == "Ủy ban nhân dân Phường I"  # type: ignore[union-attr]


def test_only_one_holds_a_post_for_one(province: SmallProvince) -> None:
    done(province, saved(province))
    new = orgs.unit_by_code(NEW)
    chairs = [
        standing_of_person(province.holders[unit, "chair"]).actor()
        for unit in ("H30.41.21", "H30.41.26", "H30.41")
    ]
    assert [a.unit_id for a in chairs] == [new.id] * 3
    assert [a.has_role("chair", new.path) for a in chairs] == [True, False, False]


def test_taken_back_everything_is_as_it_was(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    before = staff.state
    units = list(Unit.objects.order_by("id").values("id", "code", "name", "path", "parent_id", "active"))
    row = done(province, saved(province))
    actions.revert(actor=administrator(province), plan_id=row.id)
    assert run_of(row).state == PlanState.REVERTED
    assert (
        list(Unit.objects.order_by("id").values("id", "code", "name", "path", "parent_id", "active")) == units
    )
    after = load_state(Case.objects.get(id=staff.case.id).state)
    assert (after.competent, after.reception, after.tokens) == (
        before.competent,
        before.reception,
        before.tokens,
    )
    assert standing_of_person(province.holders["H30.41", "chair"]).actor().unit_path == "H30.41"
    assert list(differences(100)) == []


def test_what_others_built_on_is_not_taken_back(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    row = done(province, saved(province))
    moved = Case.objects.get(id=staff.case.id)
    registrar = standing_of_person(province.holders["H30.41.21", "civil_status_officer"]).actor()
    perform(
        moved.id,
        "complete",
        {"fields": {"book_number": "01", "registered_on": str(timezone.localdate())}},
        actor=registrar,
    )
    actions.revert(actor=administrator(province), plan_id=row.id)
    row.refresh_from_db()
    work(row.run_id)  # type: ignore[arg-type]
    run = Run.objects.get(id=row.run_id)
    row.refresh_from_db()
    assert (run.state, row.state) == ("failed", PlanState.DONE)
    assert load_state(Case.objects.get(id=staff.case.id).state).competent.code == NEW  # type: ignore[union-attr]


def test_the_same_plan_is_kept_once_and_done_once(province: SmallProvince) -> None:
    row = saved(province)
    assert saved(province).id == row.id
    done(province, row)
    with pytest.raises(Refusal):
        actions.begin(actor=administrator(province), plan_id=row.id)


def test_ahead_of_its_day_the_order_is_written_and_nothing_moves(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    later = timezone.localdate() + timedelta(days=30)
    row = done(province, saved(province, plan_text(later)))
    assert row.state == PlanState.WAITING
    assert load_state(Case.objects.get(id=staff.case.id).state) == staff.state
    assert orgs.competent_unit("commune", None, "31318", timezone.localdate()).code == "H30.41.21"
    assert orgs.competent_unit("commune", None, "31318", later).code == NEW


def test_only_who_keeps_the_units_of_the_whole_province_may(province: SmallProvince) -> None:
    with pytest.raises(Forbidden):
        actions.save(actor=province.officer("chair"), text=plan_text())


def test_each_case_is_moved_once(province: SmallProvince) -> None:
    for _ in range(3):
        Staff.file(province).handed_over()
    row = done(province, saved(province))
    Run.objects.filter(id=row.run_id).update(state="running")
    apply(Steps(Run.objects.get(id=row.run_id)))
    assert Act.objects.filter(kind="reorganise").count() == 3
