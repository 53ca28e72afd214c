"""Whose a procedure is: dated answers, what changes next, dossiers that take the same way, rules that point nowhere."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.core.access.actor import system_actor
from tinhso.core.cases import versions
from tinhso.core.cases.actions import file_case, perform
from tinhso.core.cases.actions.publish import publish
from tinhso.core.cases.competence import competence
from tinhso.core.cases.models import Act, ProcedureVersion
from tinhso.core.cases.rebuild import rebuilt
from tinhso.core.cases.state import PaperState, Party, dump
from tinhso.core.cases.versions import definition_of
from tinhso.core.orgs import actions as orgs
from tinhso.core.orgs import queries as units
from tinhso.core.procedures.build import build
from tinhso.core.procedures.coverage import gaps
from tinhso.core.procedures.tests.sample import example
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.kit.errors import NotFound, Refusal

BIRTH, SYSTEM = "1.001193", system_actor("test")
DAY = date(2026, 11, 23)
WARD, VILLAGE = "31318", "31333"


@pytest.fixture(scope="module")
def province_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province((BIRTH,))
        transaction.set_rollback(True)


@pytest.fixture
def province(province_of_module: SmallProvince, db: None) -> SmallProvince:
    units.forget()
    versions.forget()
    return province_of_module


def ask(on: date = DAY, place: str = WARD, applicant: str = "person", channel: str = "online"):
    return competence(BIRTH, on, place, applicant, channel)


def source(**procedure: Any) -> dict[str, Any]:
    """The stored source of the birth procedure, with other content."""
    made = copy.deepcopy(ProcedureVersion.objects.get(procedure_id=BIRTH, number=1).source)
    made["procedure"] |= procedure
    return made


def republish(first: date, **procedure: Any) -> None:
    publish(source(**procedure), actor=SYSTEM, valid_from=first)


def test_the_answer_names_both_units_the_rule_the_law_the_fee_and_the_times(province):
    answer = ask()
    assert answer.held.decides.name == "Ủy ban nhân dân Phường I"
    assert answer.held.receives.name == "Bộ phận Một cửa Phường I"
    assert (answer.held.version, answer.held.rule) == (1, 1)
    assert ("Nghị định 87/2020/NĐ-CP", "") in answer.held.legal
    assert [v.id for v in answer.held.times] == ["abandoned", "verify", "review", "normal"]
    assert answer.place_name.startswith("Phường I,")
    assert (answer.since, answer.until, answer.next) == (date(2026, 7, 1), None, None)
    assert answer.anywhere


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"on": date(2025, 1, 1)}, "no_version"),
        ({"place": ""}, "no_place"),
        ({"place": "99999"}, "no_competent_unit"),
        ({"applicant": "ghost"}, "wrong_applicant"),
        ({"channel": "pigeon"}, "channel_closed"),
    ],
)
def test_a_question_without_answer_is_refused_with_a_sentence(province, question, code):
    with pytest.raises(Refusal) as refused:
        ask(**question)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_an_unknown_procedure_has_no_answer(province):
    with pytest.raises(NotFound):
        competence("9.999999", DAY, WARD, "person", "online")


def test_a_rename_to_come_is_told_with_its_date_and_the_old_name_stays_for_old_days(province):
    on = date(2027, 3, 1)
    orgs.rename_unit(actor=SYSTEM, unit_id=province.commune.id, name="Ủy ban nhân dân Phường Vị Thanh", on=on)
    answer = ask()
    assert answer.until == answer.next.on == on
    assert [(d.what, d.after) for d in answer.next.differences] == [
        ("decides", "Ủy ban nhân dân Phường Vị Thanh")
    ]
    later = ask(on)
    assert (later.held.decides.name, later.since, later.next) == ("Ủy ban nhân dân Phường Vị Thanh", on, None)


def test_a_merger_sends_the_old_place_to_the_unit_that_continues(province):
    on = date(2027, 1, 1)
    ward, village = province.commune, province.units["H30.41.26"]
    parts = ((f"H30.41.21.{n}", province.units[f"H30.41.26.{n}"]) for n in ("01", "02"))
    for code, successor in (*parts, ("H30.41.21", village)):
        orgs.close_unit(
            actor=SYSTEM,
            unit_id=province.units[code].id,
            on=on,
            ground="NQ 12/2026",
            successor_id=successor.id,
        )
    answer = ask()
    assert answer.held.decides.id == str(ward.id)
    assert {d.what: d.after for d in answer.next.differences} == {
        "decides": "Ủy ban nhân dân Xã Vị Tân",
        "receives": "Bộ phận Một cửa Xã Vị Tân",
    }
    assert ask(on).held.decides.id == str(village.id)
    assert [u.id for u in units.continued_by(village.id)] == [village.id, ward.id]
    assert units.continued_by(ward.id) == [ward]
    assert units.unit_by_code("H30.41.21").id == ward.id


def test_a_new_version_is_told_by_what_it_changes(province):
    on = date(2027, 3, 1)
    times = source()["procedure"]["variants"]
    times[-1] = {**times[-1], "time": "2 working days", "cutoff": None}
    republish(on, valid=[on.isoformat(), None], variants=times, legal=[{"name": "Luật Hộ tịch 03/2026/QH16"}])
    answer = ask()
    assert {d.what for d in answer.next.differences} == {"times", "ground", "version"}
    assert answer.next.then.times[-1].time.text() == "2 ngày làm việc"
    assert answer.until == on
    assert ask(on).since == on


def test_a_rule_with_an_end_gives_way_to_the_next_and_both_grounds_are_named(province):
    on = date(2027, 1, 1)
    place = "form.residence.territory"
    rules = [
        {
            "level": "commune",
            "place": place,
            "text": {"vi": "xã"},
            "ground": "Luật A, Điều 1",
            "valid": [None, "2027-01-01"],
        },
        {
            "level": "province",
            "agency": "justice",
            "text": {"vi": "Sở"},
            "ground": "Luật B, Điều 2",
            "valid": ["2027-01-01", None],
        },
    ]
    republish(date(2026, 11, 1), valid=["2026-11-01", None], competence=rules)
    before, after = ask(), ask(on)
    assert (before.held.ground, before.rule.level, before.until) == ("Luật A, Điều 1", "commune", on)
    assert (after.held.ground, after.held.rule) == ("Luật B, Điều 2", 2)
    assert after.held.decides.name == "Sở Tư pháp"
    assert after.held.receives.name == "Trung tâm Phục vụ hành chính công tỉnh"
    assert {d.what for d in before.next.differences} == {"decides", "receives", "ground"}
    assert ask(on, place="").held.decides.name == "Sở Tư pháp"


def test_the_end_of_the_last_version_is_told_as_no_answer(province):
    republish(date(2026, 11, 1), valid=["2026-11-01", "2027-02-01"])
    change = ask().next
    assert (change.on, change.then, change.differences[0].what) == (date(2027, 2, 1), None, "refused")


def _file(province: SmallProvince, **more: Any):
    person = province.citizen.person
    party = Party(id=str(person.id), kind="person", full_name=person.full_name, territory=WARD)
    answers = {
        **example(),
        **{n: {"detail": "Số 12", "territory": WARD} for n in ("residence", "birth_address")},
    }
    return file_case(
        procedure=BIRTH, applicant=party, answers=answers, papers=(PaperState(id="birth_proof", shown=True),),
        channel="counter", key=str(uuid4()), actor=province.officer("one_stop_clerk"), filer_id=person.id,
        now=datetime(2026, 11, 23, 9, tzinfo=units.calendar_by_code("standard").zone), **more,
    )  # fmt: skip


def test_a_dossier_takes_the_way_the_answer_told_and_keeps_the_rule_as_evidence(province):
    answer, done = ask(channel="counter"), _file(province)
    assert (str(done.case.competent_id), str(done.case.reception_id)) == (
        answer.held.decides.id,
        answer.held.receives.id,
    )
    assert Act.objects.get(case=done.case, seq=1).facts["competence"] == {"rule": 1, "level": "commune"}


def test_filed_at_any_centre_it_still_goes_to_the_competent_commune(province):
    away = province.units["H30.41.26.01"]
    done = _file(province, reception_id=away.id, return_unit_id=province.units["H30.01"].id)
    assert (done.case.reception_id, done.case.competent_id) == (away.id, province.commune.id)
    assert done.case.code.startswith(away.code + "-")
    assert done.state.hands_out.code == "H30.01"


def test_what_is_no_centre_neither_receives_nor_hands_out(province):
    for choice in ("reception_id", "return_unit_id"):
        with pytest.raises(Refusal) as refused:
            _file(province, **{choice: province.commune.id})
        assert refused.value.code == "not_a_centre"
    orgs.close_unit(actor=SYSTEM, unit_id=province.units["H30.41.26.01"].id, on=date(2026, 11, 1))
    with pytest.raises(Refusal, match="23/11/2026"):
        _file(province, reception_id=province.units["H30.41.26.01"].id)


def test_the_law_on_competence_names_units_that_exist(province):
    assert gaps(definition_of(ProcedureVersion.objects.get(procedure_id=BIRTH).id), DAY) == []


def test_a_rule_that_points_nowhere_is_shown_by_verification(province):
    rules = [
        {"level": "district", "agency": "health", "place": "form.residence.territory", "text": {"vi": "x"}}
    ]
    found = gaps(build(source(competence=rules)), DAY)
    assert [(g.rule, g.on, g.level, g.agency, g.count) for g in found] == [(1, DAY, "district", "health", 2)]
    assert str(found[0]) == (
        "Quy định thẩm quyền thứ 1: từ ngày 23/11/2026 không có cơ quan cấp huyện, lĩnh vực “health”, "
        "phụ trách Phường I; Xã Vị Tân."
    )


def test_a_unit_that_closes_without_successor_leaves_a_gap_from_its_day(province):
    on = date(2027, 1, 1)
    for code in ("H30.41.26.01", "H30.41.26.02", "H30.41.26"):
        orgs.close_unit(actor=SYSTEM, unit_id=province.units[code].id, on=on)
    found = gaps(definition_of(ProcedureVersion.objects.get(procedure_id=BIRTH).id), DAY)
    assert [(g.on, g.names) for g in found] == [(on, ("Xã Vị Tân",))]
    assert ask(place=VILLAGE).next.then is None
    with pytest.raises(Refusal, match="cấp xã nào phụ trách Xã Vị Tân"):
        ask(on, place=VILLAGE)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(1, 400), min_size=1, max_size=4, unique=True), asked=st.integers(0, 420))
def test_between_its_dates_the_answer_never_changes(province, days, asked):
    """On every day from `since` to the day before `until` the same is held; on `until` something else."""
    start = date(2026, 8, 1).toordinal()
    with transaction.atomic():
        for number, day in enumerate(sorted(days)):
            orgs.rename_unit(
                actor=SYSTEM,
                unit_id=province.commune.id,
                name=f"Ủy ban nhân dân số {number}",
                on=date.fromordinal(start + day),
            )
        answer = ask(date.fromordinal(start + asked))
        first = answer.since.toordinal()
        last = answer.until.toordinal() - 1 if answer.until else start + 450
        assert first <= start + asked <= last
        assert all(ask(date.fromordinal(n)).held == answer.held for n in (first, (first + last) // 2, last))
        if answer.until:
            assert ask(answer.until).held != answer.held
        transaction.set_rollback(True)
    units.forget()


def test_a_clock_that_went_backwards_neither_counts_nor_writes(province):
    done = _file(province)
    clerk, at = province.officer("one_stop_clerk"), done.case.submitted_at
    with pytest.raises(Refusal, match="kiểm tra đồng hồ máy chủ") as refused:
        perform(done.case.id, "accept", {}, actor=clerk, now=at - timedelta(hours=1))
    assert refused.value.code == "clock_back"
    assert Act.objects.filter(case=done.case).count() == 1
    after = perform(done.case.id, "accept", {}, actor=clerk, now=at - timedelta(seconds=30))
    assert after.state.accepted_at == at  # machines a little apart: never before the act before
    assert after.state.acted_at == at
    assert dump(rebuilt(done.case.id)[0]) == dump(after.state)
