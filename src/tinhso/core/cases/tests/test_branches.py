"""Several steps at once: forks and joins, rounds of opinions, committees, two people, going back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import fold
from tinhso.core.cases.state import State, UnitRef
from tinhso.core.cases.tests.processes import ask, at_work, process, work
from tinhso.core.cases.tests.test_engine import refused
from tinhso.core.cases.tests.world import (
    CHAIR,
    CITIZEN,
    CLERK,
    COMMUNE,
    OTHER,
    REGISTRAR,
    SYSTEM,
    World,
    officer,
)
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.shape import waiting

FORK = {"id": "fork", "do": "parallel", "name": "Làm song song", "branches": ["a", "b", "c"], "next": "sign"}
THREE = [work("a", "fork"), work("b", "fork"), work("c", "fork")]


def fork(**more):
    return [{**FORK, **more}, *THREE]


def steps(world: World) -> list[str]:
    return [t.step for t in world.state.tokens]


def finish(world: World, step: str) -> None:
    token = next(t for t in world.state.tokens if t.step == step)
    world.do("complete", REGISTRAR, token=token.id)


def test_branches_are_open_side_by_side_and_the_case_waits_for_all():
    w = at_work(*fork())
    assert steps(w) == ["fork", "a", "b", "c"]
    finish(w, "b")
    finish(w, "a")
    assert steps(w) == ["fork", "c"]
    finish(w, "c")
    assert steps(w) == ["sign"]


@pytest.mark.parametrize(("join", "finished"), [("any", 1), (2, 2), ("all", 3)])
def test_as_many_branches_as_are_needed(join, finished):
    w = at_work(*fork(join=join))
    for name in ("c", "a", "b")[:finished]:
        assert "sign" not in steps(w)
        finish(w, name)
    assert steps(w) == ["sign"]
    left = [v.step for v in w.state.visits if v.outcome == "not_needed"]
    assert len(left) == 3 - finished


def test_on_paper_the_branches_follow_one_another():
    w = at_work(*fork(in_turn="channel != 'online'"), channel="counter")
    for name in ("a", "b", "c"):
        assert steps(w) == ["fork", name]
        finish(w, name)
    assert steps(w) == ["sign"]


def test_each_branch_in_turn_gets_its_own_time_when_it_begins():
    w = at_work(*fork(in_turn="true"))
    first = w.state.at("work").due_at
    w.pass_time(hours=3)
    finish(w, "a")
    assert w.state.at("work").due_at > first


def test_only_the_branches_that_apply_are_opened():
    only = [{"to": "a", "when": "channel == 'online'"}, {"to": "b", "when": "channel == 'post'"}, {"to": "c"}]
    w = at_work(*fork(branches=only))
    assert steps(w) == ["fork", "a", "c"]


def test_a_fork_with_no_branch_that_applies_is_passed():
    none = [{"to": n, "when": "channel == 'post'"} for n in "abc"]
    assert steps(at_work(*fork(branches=none))) == ["sign"]


def test_forks_inside_forks():
    inner = {"id": "inner", "do": "parallel", "name": "Trong", "branches": ["x", "y"], "next": "fork"}
    w = at_work(
        {**FORK, "branches": ["inner", "c"]}, inner, work("x", "inner"), work("y", "inner"), work("c", "fork")
    )
    assert set(steps(w)) == {"fork", "inner", "x", "y", "c"}
    finish(w, "x")
    finish(w, "y")
    assert steps(w) == ["fork", "c"]
    finish(w, "c")
    assert steps(w) == ["sign"]


def test_a_supplement_parks_the_branches_and_brings_them_back():
    w = at_work(*fork())
    finish(w, "a")
    w.do("ask_supplement", REGISTRAR, items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}])
    assert steps(w) == ["fork"]
    w.pass_time(days=3)
    w.do("supplement", CITIZEN, papers=[{"id": "birth_proof", "files": ["g"]}])
    finish(w, "b")
    finish(w, "c")
    assert steps(w) == ["sign"]


def test_a_withdrawal_that_is_refused_brings_the_branches_back():
    w = at_work(*fork())
    w.do("withdraw", CITIZEN, reason="Nhầm")
    assert set(steps(w)) == {"fork", "withdrawal"}
    w.do("reject_withdrawal", CLERK, reason="Đã duyệt xong")
    for name in "abc":
        finish(w, name)
    assert steps(w) == ["sign"]


ROUND = {
    "id": "round", "do": "consult", "by": "civil_status_officer @ asked", "within": "3 working days",
    "name": "Lấy ý kiến", "unit": "['p','q','r']", "question": "?",
    "next": [{"when": "case.opinions.round.disagreed > 0", "to": "again"}, {"to": "sign"}],
}  # fmt: skip
UNITS = tuple(
    UnitRef(id=f"00000000-0000-7000-8000-00000000001{n}", code=f"H30.1{n}", name=f"Sở {n}", path=f"h30.s{n}")
    for n in range(3)
)


class Asking(World):
    """A world in which three departments are asked."""

    def facts(self, actor):
        from dataclasses import replace

        found = super().facts(actor)
        calendar = found.calendars[COMMUNE.id]
        return replace(
            found,
            asked_units={"round": UNITS},
            calendars={**found.calendars, **{u.id: calendar for u in UNITS}},
        )


def asking(**more) -> Asking:
    w = Asking(definition=process({**ROUND, **more}, work("again", "sign")))
    w.file()
    w.do("accept", CLERK)
    w.do("hand_over", CLERK)
    return w


def give(world: World, unit: UnitRef, *, agrees: bool = True) -> None:
    token = next(t for t in world.state.tokens if t.unit == unit)
    world.do("answer", officer("civil_status_officer", unit), token=token.id, agrees=agrees, text="Ý kiến")


def test_three_departments_are_asked_at_once_each_with_its_own_deadline():
    w = asking()
    asked = [t for t in w.state.tokens if t.do == "ask_unit"]
    assert [t.unit for t in asked] == list(UNITS)
    assert all(t.due_at for t in asked)
    for unit in UNITS:
        give(w, unit)
    assert steps(w) == ["sign"]


def test_an_opinion_against_takes_the_other_way():
    w = asking()
    give(w, UNITS[0])
    give(w, UNITS[1], agrees=False)
    give(w, UNITS[2])
    assert steps(w) == ["again"]


def test_a_quorum_is_enough():
    w = asking(join=2)
    give(w, UNITS[2])
    give(w, UNITS[0])
    assert steps(w) == ["sign"]
    with refused("step_gone"):
        w.do("answer", officer("civil_status_officer", UNITS[1]), token="gone", text="Muộn")


def test_silence_counts_as_consent_only_where_the_definition_says_so():
    w = asking(silence="consent")
    give(w, UNITS[0], agrees=False)
    w.now = w.state.at("ask_unit").due_at
    w.do("wake", SYSTEM)
    assert [(o.agrees, o.silent) for o in w.state.opinions] == [(False, False), (True, True), (True, True)]
    assert steps(w)[0] == "again"

    w = asking()
    w.now = w.state.at("ask_unit").due_at
    w.do("wake", SYSTEM)
    assert w.state.opinions == ()
    assert w.state.at("late").role == "chair"  # the lead agency's head is told (art. 19.5)


def test_who_was_asked_for_nobody_is_passed_and_an_unknown_unit_is_refused():
    class Nobody(Asking):
        def facts(self, actor):
            from dataclasses import replace

            return replace(super().facts(actor), asked_units={"round": ()})

    class Unknown(Asking):
        def facts(self, actor):
            from dataclasses import replace

            return replace(super().facts(actor), asked_units={})

    for kind in (Nobody, Unknown):
        w = kind(definition=process(ROUND, work("again", "sign")))
        w.file()
        w.do("accept", CLERK)
        if kind is Nobody:
            w.do("hand_over", CLERK)
            assert steps(w) == ["sign"]
        else:
            with refused("no_unit_to_ask"):
                w.do("hand_over", CLERK)


COUNCIL = {
    "id": "council", "do": "vote", "by": "civil_status_officer @ competent", "within": "2 working days",
    "name": "Hội đồng", "need": 3, "members": 5,
    "next": [{"when": "case.votes.council.passed", "to": "sign"}, {"to": "again"}],
}  # fmt: skip


def member(number: int):
    return officer("civil_status_officer", number=number)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=5, max_size=5))
def test_a_committee_decides_as_soon_as_it_is_decided(votes):
    w = at_work(COUNCIL, work("again", "sign"))
    cast = []
    for number, agrees in enumerate(votes):
        if "council" not in steps(w):
            break
        assert cast.count(True) < 3
        assert cast.count(False) <= 2
        w.do("vote", member(number), agrees=agrees, text="" if agrees else "Chưa đủ")
        cast.append(agrees)
    assert steps(w) == ["sign" if votes.count(True) >= 3 else "again"]


def test_a_member_votes_once_and_nobody_votes_for_another():
    w = at_work(COUNCIL, work("again", "sign"))
    w.do("vote", member(1))
    with refused("voted"):
        w.do("vote", member(1))
    with refused("other_role"):
        w.do("vote", CHAIR)  # may assign the work, may not vote in the members' place
    with refused("required"):
        w.do("vote", member(2), agrees=False)


def test_what_takes_two_people_takes_two_different_people():
    w = at_work(work("weigh", "sign", two_people=True))
    with refused("no_first"):
        w.do("second", member(2))
    w.do("complete", member(1))
    assert steps(w) == ["weigh"]
    with refused("same_person"):
        w.do("second", member(1))
    with refused("awaits_second"):
        w.do("complete", member(2))
    w.do("second", member(2), agrees=False, reason="Số liệu sai")
    assert w.state.correction == "Số liệu sai"
    w.do("complete", member(1))
    w.do("second", member(2))
    assert steps(w) == ["sign"]


def test_going_back_takes_back_what_the_later_steps_brought():
    w = at_work(work("first", "verify"), ask("verify", "again"), work("again", "sign"))
    w.do("complete", REGISTRAR)
    w.do("answer", officer("civil_status_officer", OTHER), text="Đúng")
    w.do("complete", REGISTRAR)
    token = w.state.at("sign").id
    with refused("not_earlier"):
        w.do("return_for_correction", CHAIR, token=token, reason="Sai", to_step="receive")
    w.do("return_for_correction", CHAIR, token=token, reason="Thiếu căn cứ", to_step="first")
    assert steps(w) == ["first"]
    assert [o.void for o in w.state.opinions] == [True]
    assert w.state.correction == "Thiếu căn cứ"


def test_a_branch_is_not_left_by_going_back():
    w = at_work(work("first", "fork"), *fork())
    w.do("complete", REGISTRAR)
    token = next(t.id for t in w.state.tokens if t.step == "a")
    with refused("not_earlier"):
        w.do("return_for_correction", REGISTRAR, token=token, reason="Sai", to_step="first")


def test_time_that_does_not_count_stops_the_clock_while_its_step_is_open():
    w = at_work(work("post", "check", not_counted="Nghị định X Điều 5: niêm yết"), work("check", "sign"))
    assert w.state.clock.state == "paused"
    due = w.state.clock.due_current
    w.pass_time(days=7)
    w.do("complete", REGISTRAR)
    assert (w.state.clock.state, w.state.clock.due_current > due) == ("running", True)


@pytest.mark.parametrize(
    ("steps_", "said"),
    [
        ([{**FORK, "branches": ["a"]}, work("a", "fork")], "ít nhất hai nhánh"),
        ([{**FORK, "branches": ["a", "b"]}, work("a", "fork"), work("b", "sign")], "không quay về"),
        ([{**FORK, "branches": ["a", "b"]}, work("a", "b"), work("b", "fork")], "hai nhánh"),
        ([{**FORK, "branches": ["a", "b"]}, work("a", "fork"), work("b", "return")], "kết thúc hồ sơ"),
        ([{**COUNCIL, "need": 6}, work("again", "sign")], "chỉ có 5 người"),
        ([*fork(join=0)], "Ghi “all”"),
        ([work("x", "b"), *fork()], "Không đi thẳng vào"),
    ],
)
def test_a_process_that_cannot_work_is_found(steps_, said):
    assert any(said in w.message for w in waiting(process(*steps_))), [
        w.message for w in waiting(process(*steps_))
    ]


def shapes(draw) -> Definition:
    """A random process: a row of steps, forks and rounds, nested up to three deep."""
    number = 0

    def part(depth: int, back: str) -> list:
        nonlocal number
        number += 1
        name = f"s{number}"
        if depth < 3 and draw(st.booleans()):
            found, firsts = [], []
            for _ in range(draw(st.integers(2, 3))):
                inner = part(depth + 1, name)
                firsts.append(inner[0]["id"])
                found += inner
            join = draw(st.sampled_from(["all", "any", 2]))
            turn = {"in_turn": "true"} if draw(st.booleans()) else {}
            return [
                {
                    "id": name,
                    "do": "parallel",
                    "name": name,
                    "branches": firsts,
                    "join": join,
                    "next": back,
                    **turn,
                },
                *found,
            ]
        return [work(name, back)]

    return process(*part(0, "sign"))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_every_sound_process_comes_to_its_end_in_any_order(data):
    definition = shapes(data.draw)
    assert list(waiting(definition)) == []
    w = World(definition=definition)
    w.file()
    w.do("accept", CLERK)
    w.do("hand_over", CLERK)
    for _ in range(200):
        open_ = [t for t in w.state.tokens if t.do == "work"]
        if not open_:
            break
        token = data.draw(st.sampled_from(open_))
        w.do("complete", REGISTRAR, token=token.id)
        assert all(not t.parent or w.state.token(t.parent) for t in w.state.tokens)
    assert steps(w) == ["sign"]
    replayed = State()
    for effects in w.log:
        replayed = fold(replayed, effects)
    assert replayed == w.state
    assert w.state.status == Status.PROCESSING
