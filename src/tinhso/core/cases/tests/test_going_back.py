"""Going back to a step takes back what follows from it, and nothing else."""

from __future__ import annotations

from tinhso.core.cases.tests.processes import ask, at_work, work
from tinhso.core.cases.tests.test_branches import COUNCIL, FORK, finish, member, steps
from tinhso.core.cases.tests.world import CHAIR, OTHER, REGISTRAR, officer


def test_going_back_in_one_branch_leaves_what_the_others_did():
    two = [{**FORK, "branches": ["a", "verify"]}, work("a", "c"), work("c", "fork"), ask("verify", "fork")]
    w = at_work(*two)
    finish(w, "a")
    w.do("answer", officer("civil_status_officer", OTHER), text="Đúng")
    token = next(t.id for t in w.state.tokens if t.step == "c")
    w.do("return_for_correction", REGISTRAR, token=token, reason="Sai", to_step="a")
    assert [o.void for o in w.state.opinions] == [False]
    assert set(steps(w)) == {"fork", "a"}


def test_going_back_to_a_vote_begins_it_anew():
    w = at_work(COUNCIL, work("again", "sign"))
    for number in (1, 2, 3):
        w.do("vote", member(number))
    w.do("return_for_correction", CHAIR, token=w.state.at("sign").id, reason="Thiếu", to_step="council")
    assert [v.void for v in w.state.votes] == [True] * 3
    w.do("vote", member(1))
    assert steps(w) == ["council"]


def test_going_back_to_a_fork_begins_its_branches_anew():
    w = at_work({**FORK, "branches": ["a", "verify"]}, work("a", "fork"), ask("verify", "fork"))
    finish(w, "a")
    w.do("answer", officer("civil_status_officer", OTHER), text="Đúng")
    w.do("return_for_correction", CHAIR, token=w.state.at("sign").id, reason="Sai", to_step="fork")
    assert [o.void for o in w.state.opinions] == [True]
    assert steps(w) == ["fork", "a", "verify"]
