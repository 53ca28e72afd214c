"""Moving open cases to another version: only by an act, only what can, exactly back, and nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.audit.models import Entry
from tinhso.core.cases import versions
from tinhso.core.cases.actions import perform, plans
from tinhso.core.cases.actions.plans import Unwatched
from tinhso.core.cases.models import Act, Case, PlannedCase, VersionPlan
from tinhso.core.cases.rebuild import differences
from tinhso.core.cases.rules.versions import digest
from tinhso.core.cases.tests.versions_world import (
    CODE,
    MONDAY,
    accepted,
    file_one,
    fresh,
    longer,
    new_words,
    next_version,
    one_question_more,
    renamed_step,
    state_of,
    step,
)
from tinhso.core.desk.models import Task
from tinhso.core.jobs import actions as jobs
from tinhso.core.jobs.models import Run
from tinhso.core.orgs.queries import forget
from tinhso.core.testing.province import small_province
from tinhso.kit.errors import Forbidden, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def province_of_module(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province((CODE,))
        transaction.set_rollback(True)


@pytest.fixture
def province(province_of_module, db):
    forget()
    versions.forget()
    yield province_of_module
    versions.forget()


@pytest.fixture
def admin(province):
    return province.actor(province.administrator)


def now_held():
    """What waits for the end of the transaction is checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def outcomes(plan):
    return Counter(PlannedCase.objects.filter(plan=plan).values_list("outcome", "reason"))


def planned(admin, **terms):
    plan = plans.make_plan(actor=admin, procedure=CODE, frm=1, to=2)
    if terms:
        plans.change_plan(
            actor=admin, plan_id=plan.id, steps=terms.get("steps", {}), recount=terms.get("recount", False)
        )
    plans.check(Unwatched(), plan.id)
    return plan


def open_task(case):
    return Task.objects.get(subject_id=case.id, closed_at__isnull=True)


# Following a publication ------------------------------------------------------------------------------------------


def test_after_new_words_open_cases_follow_by_an_act_and_ended_ones_stay(province):
    one, waiting, ended = accepted(province), file_one(province), file_one(province)
    perform(ended.id, "withdraw", {"reason": "Nhầm"}, actor=province.actor(province.citizen), now=MONDAY)
    before, task = digest(state_of(one)), open_task(one)
    version = next_version(new_words)
    plans.rebase_due()
    now_held()
    assert [fresh(c).version_id for c in (one, waiting)] == [version.id, version.id]
    assert fresh(ended).version_id != version.id
    act = Act.objects.filter(case=one).latest("seq")
    assert (act.kind, act.actor["system"]) == ("rebase", "versions")
    assert act.data["before"] == act.data["after"] == before == digest(state_of(one))
    assert act.facts["to"] == version.hash
    assert open_task(one).id == task.id
    assert list(differences()) == []


def test_what_follows_can_be_worked_on(province):
    case = accepted(province)
    next_version(new_words)
    plans.rebase_due()
    registrar = province.officer("civil_status_officer")
    perform(case.id, "complete", {"fields": {"book_number": "01", "registered_on": "2026-11-23"}}, actor=registrar,
            now=timezone.now() + timedelta(days=4))  # fmt: skip
    assert [t.step for t in state_of(case).tokens] == ["sign"]


@pytest.mark.parametrize("change", [longer, renamed_step, one_question_more])
def test_running_cases_keep_the_old_version_when_it_matters_and_new_ones_get_the_new_one(province, change):
    """one-stop.md section 13, scenario 9."""
    case = accepted(province)
    due = case.due_current
    version = next_version(change)
    assert not VersionPlan.objects.filter(to=version).exists()
    plans.rebase_due()
    assert (fresh(case).version_id == case.version_id, fresh(case).due_current) == (True, due)
    more = {"new_question": "x"} if change is one_question_more else {}
    assert file_one(province, at=timezone.now(), **more).version_id == version.id


def test_a_publication_of_tomorrow_is_followed_tomorrow_and_a_replaced_one_never(province):
    case = accepted(province)
    tomorrow = timezone.localdate() + timedelta(days=1)
    version = next_version(new_words, valid_from=tomorrow)
    plans.rebase_due()
    assert fresh(case).version_id == case.version_id
    replaced = VersionPlan.objects.get(to=version)
    last = next_version(new_words, valid_from=tomorrow)
    plans.rebase_due(today=tomorrow)
    replaced.refresh_from_db()
    assert replaced.state == "dropped"
    assert fresh(case).version_id == last.id


# A version never changes by accident ------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["rebase", "migrate", "unmigrate"])
def test_nobody_names_the_acts_of_a_move(province, admin, act):
    case, version = accepted(province), next_version(longer)
    for actor in (
        admin,
        province.officer("civil_status_officer"),
        province.actor(province.citizen),
        plans.Move.of,
    ):
        data = {"plan": str(version.id)}
        with pytest.raises(Refusal) as caught:
            perform(
                case.id, act, data, actor=actor if isinstance(actor, Actor) else Actor(system="x", name="x")
            )
        assert caught.value.code in ("system_only", "by_plan_only")
    assert fresh(case).version_id == case.version_id


def test_the_database_refuses_a_version_that_no_act_changed(province):
    case, version = accepted(province), next_version(longer)
    with pytest.raises(IntegrityError, match="without an act"), transaction.atomic():
        Case.objects.filter(id=case.id).update(version_id=version.id)
        now_held()


def test_every_other_act_leaves_the_version(province):
    case = accepted(province)
    next_version(longer)
    perform(case.id, "note", {"text": "x"}, actor=province.officer("civil_status_officer"))
    assert fresh(case).version_id == case.version_id


# Plans --------------------------------------------------------------------------------------------------------------


def test_a_dry_run_says_who_can_move_and_why_not_and_changes_nothing(province, admin):
    working, new = accepted(province), file_one(province)
    next_version(renamed_step)
    before = [digest(state_of(c)) for c in (working, new)]
    plan = planned(admin)
    assert outcomes(plan) == {("can", ""): 1, ("cannot", "step_gone"): 1}
    assert (
        PlannedCase.objects.get(plan=plan, case=working).details[0][1] == "Thẩm định và soạn Giấy khai sinh"
    )
    assert [digest(state_of(c)) for c in (working, new)] == before
    plans.check(Unwatched(), plan.id)
    assert outcomes(plan).total() == 2


def test_a_step_led_elsewhere_becomes_the_task_of_those_who_do_it_there_with_its_date(province, admin):
    case = accepted(province)
    token, task = state_of(case).tokens[0], open_task(case)
    next_version(renamed_step)
    plan = planned(admin, steps={"draft": "prepare"})
    assert outcomes(plan) == {("can", ""): 1}
    plans.apply(Unwatched(), plan.id)
    now_held()
    moved = state_of(case).tokens[0]
    assert (moved.step, moved.role, moved.due_at) == ("prepare", "land_officer", token.due_at)
    task.refresh_from_db()
    assert task.outcome == "moved"
    assert (open_task(case).role, open_task(case).due_at) == ("land_officer", task.due_at)
    assert fresh(case).due_current == case.due_current
    assert outcomes(plan) == {("moved", ""): 1}
    assert list(differences()) == []
    act = Act.objects.filter(case=case).latest("seq")
    assert (act.kind, act.actor["person"]) == ("migrate", str(admin.person_id))


def test_what_is_not_answered_stays_and_is_listed(province, admin):
    case = accepted(province)
    next_version(one_question_more)
    plan = planned(admin)
    plans.apply(Unwatched(), plan.id)
    assert outcomes(plan) == {("stays", "unanswered"): 1}
    assert PlannedCase.objects.get(plan=plan).details == [["unanswered", "Câu hỏi mới"]]
    assert fresh(case).version_id == case.version_id


def test_dates_stay_unless_the_plan_says_otherwise_and_are_told_either_way(province, admin):
    case = accepted(province)
    next_version(longer)
    plan = planned(admin)
    row = PlannedCase.objects.get(plan=plan)
    assert row.due_now == case.due_current
    assert row.due_then > row.due_now
    plans.apply(Unwatched(), plan.id)
    assert fresh(case).due_current == case.due_current
    assert PlannedCase.objects.get(plan=plan).due_then == row.due_then
    plans.revert(Unwatched(), plan.id)
    plans.change_plan(actor=admin, plan_id=plan.id, steps={}, recount=True)
    plans.check(Unwatched(), plan.id)
    plans.apply(Unwatched(), plan.id)
    now_held()
    assert fresh(case).due_current == row.due_then
    assert fresh(case).due_original == case.due_original


def test_a_shorter_limit_never_brings_a_promised_date_nearer(province, admin):
    next_version(longer, valid_from=MONDAY.date() - timedelta(days=1))
    case = accepted(province)
    next_version(lambda s: [v.__setitem__("time", "1 working days") for v in s["procedure"]["variants"]])
    plan = plans.make_plan(actor=admin, procedure=CODE, frm=2, to=3)
    plans.change_plan(actor=admin, plan_id=plan.id, steps={}, recount=True)
    plans.check(Unwatched(), plan.id)
    plans.apply(Unwatched(), plan.id)
    assert outcomes(plan) == {("moved", ""): 1}
    assert fresh(case).due_current == case.due_current


def test_taken_back_the_state_is_what_it_was_and_what_was_acted_on_stays(province, admin):
    case, touched = accepted(province), accepted(province)
    before, task = digest(state_of(case)), open_task(case)
    next_version(renamed_step)
    plan = planned(admin, steps={"draft": "prepare"})
    plans.apply(Unwatched(), plan.id)
    assert digest(state_of(case)) != before
    perform(touched.id, "note", {"text": "x"}, actor=province.officer("one_stop_clerk"))
    plans.revert(Unwatched(), plan.id)
    now_held()
    assert outcomes(plan) == {("back", ""): 1, ("not_back", "acted_since"): 1}
    assert (digest(state_of(case)), fresh(case).version_id) == (before, case.version_id)
    assert fresh(touched).version_id != touched.version_id
    again = open_task(case)
    assert (again.token, again.role, again.due_at) == (task.token, task.role, task.due_at)
    acts = Act.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    assert list(acts)[-2:] == ["migrate", "unmigrate"]
    assert list(differences()) == []
    plans.revert(Unwatched(), plan.id)
    assert Act.objects.filter(case=case).count() == len(acts)


class Killed(Unwatched):
    """Progress of work that dies in the middle of its second group, before that is committed."""

    def __init__(self) -> None:
        self.steps = 0

    def step(self, *, cursor, done=1, failed=0):
        self.steps += 1
        if self.steps == 2:
            raise RuntimeError("killed")
        super().step(cursor=cursor, done=done, failed=failed)


@pytest.mark.parametrize("begun_anew", [True, False])
def test_killed_half_way_nothing_is_doubled_and_nothing_lost(province, admin, monkeypatch, begun_anew):
    cases = [accepted(province) for _ in range(5)]
    monkeypatch.setattr(plans, "GROUP", 2)
    next_version(renamed_step)
    plan = planned(admin, steps={"draft": "prepare"})
    dying = Killed()
    with pytest.raises(RuntimeError, match="killed"):
        plans.apply(dying, plan.id)
    assert outcomes(plan) == {("moved", ""): 2, ("can", ""): 3}
    going_on = Unwatched()
    going_on.cursor = None if begun_anew else dying.cursor
    plans.apply(going_on, plan.id)
    assert outcomes(plan) == {("moved", ""): 5}
    assert [Act.objects.filter(case=c, kind="migrate").count() for c in cases] == [1] * 5
    plans.apply(Unwatched(), plan.id)
    assert Act.objects.filter(kind="migrate").count() == 5
    with pytest.raises(RuntimeError, match="killed"):
        plans.revert(Killed(), plan.id)
    plans.revert(Unwatched(), plan.id)
    assert outcomes(plan) == {("back", ""): 5}
    assert Act.objects.filter(kind="unmigrate").count() == 5
    assert list(differences()) == []


def test_somebody_who_acts_in_between_is_judged_as_things_stand_then(province, admin):
    case = accepted(province)
    next_version(lambda s: step(s, "sign").__setitem__("by", "land_officer @ competent"))
    plan = planned(admin)
    perform(case.id, "withdraw", {"reason": "x"}, actor=province.actor(province.citizen))
    plans.apply(Unwatched(), plan.id)
    assert [t.do for t in state_of(case).tokens] == ["withdrawal"]
    assert fresh(case).version_id != case.version_id


def test_a_case_whose_last_act_lies_ahead_of_the_clock_stays_and_hinders_no_other(province, admin):
    ahead, other = accepted(province), accepted(province)
    next_version(longer)
    plan = planned(admin)
    later = timezone.now() + timedelta(days=3)
    perform(ahead.id, "note", {"text": "x"}, actor=province.officer("one_stop_clerk"), now=later)
    plans.apply(Unwatched(), plan.id)
    assert outcomes(plan) == {("stays", "refused"): 1, ("moved", ""): 1}
    assert fresh(other).version_id != other.version_id


def test_only_who_publishes_plans_and_only_in_order(province, admin):
    accepted(province)
    next_version(renamed_step)
    registrar = province.officer("civil_status_officer")
    with pytest.raises(Forbidden):
        plans.make_plan(actor=registrar, procedure=CODE, frm=1, to=2)
    for frm, to in ((1, 1), (1, 9)):
        with pytest.raises(Refusal):
            plans.make_plan(actor=admin, procedure=CODE, frm=frm, to=to)
    plan = plans.make_plan(actor=admin, procedure=CODE, frm=1, to=2)
    for door in (plans.start_check, plans.start_apply, plans.start_revert):
        with pytest.raises(Forbidden):
            door(actor=registrar, plan_id=plan.id)
    with pytest.raises(Forbidden):
        plans.change_plan(actor=registrar, plan_id=plan.id, steps={}, recount=True)
    with pytest.raises(Refusal, match="chạy thử"):
        plans.start_apply(actor=admin, plan_id=plan.id)
    with pytest.raises(Refusal, match="bước"):
        plans.change_plan(actor=admin, plan_id=plan.id, steps={"draft": "nowhere"}, recount=False)
    run = plans.start_check(actor=admin, plan_id=plan.id)
    with pytest.raises(Refusal, match="đang chạy"):
        plans.start_check(actor=admin, plan_id=plan.id)
    jobs.work(run.id)
    plans.start_apply(actor=admin, plan_id=plan.id)
    acts = set(Entry.objects.filter(object_kind="version_plan").values_list("act", flat=True))
    assert acts == {"cases.plan_make", plans.CHECK, plans.APPLY}


def test_a_plan_for_a_version_of_tomorrow_may_be_tried_but_not_applied(province, admin):
    accepted(province)
    next_version(longer, valid_from=timezone.localdate() + timedelta(days=1))
    plan = planned(admin)
    with pytest.raises(Refusal, match="có hiệu lực từ"):
        plans.start_apply(actor=admin, plan_id=plan.id)


def test_stopped_by_its_owner_it_goes_on_where_it_was(province, admin, monkeypatch):
    cases = [accepted(province) for _ in range(3)]
    monkeypatch.setattr(plans, "GROUP", 1)
    next_version(longer)
    plan = planned(admin)
    run = plans.start_apply(actor=admin, plan_id=plan.id)
    real = plans.waiting_cases

    def stopping(version_id, after):
        if after == str(cases[0].id):
            jobs.cancel(run.id, actor=admin)
        return real(version_id, after)

    monkeypatch.setattr(plans, "waiting_cases", stopping)
    jobs.work(run.id)
    assert Run.objects.get(id=run.id).state == "cancelled"
    assert [fresh(c).version_id == c.version_id for c in cases] == [False, True, True]
    monkeypatch.setattr(plans, "waiting_cases", real)
    jobs.resume(run.id, actor=admin)
    jobs.work(run.id)
    found = Run.objects.get(id=run.id)
    assert (found.state, found.done, found.failed) == ("done", 3, 0)
    assert all(fresh(c).version_id != c.version_id for c in cases)
