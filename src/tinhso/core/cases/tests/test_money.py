"""Payments, void receipts and refunds as rules: by example, and as properties that hold for every history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.core.cases.choices import Finance, Status
from tinhso.core.cases.effects import fold, load_effects
from tinhso.core.cases.state import State, dump, load_state
from tinhso.core.cases.tests.money_cases import (
    CASHIER,
    OTHER_HEAD,
    owing,
    refused,
)
from tinhso.core.cases.tests.world import (
    CITIZEN,
    CLERK,
    HEAD,
    SYSTEM,
    World,
)
from tinhso.core.forms.texts import Text
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.tests.sample import TWO, charged
from tinhso.kit.errors import Refusal

# Money in -------------------------------------------------------------------------------------------------------


def test_parts_are_paid_one_after_the_other() -> None:
    world = owing()
    world.do("collect", CASHIER, amount="9000", how="cash", given="10000")
    assert world.state.finance == Finance.PARTLY
    assert [(line.fee, line.amount) for line in world.state.payments[0].lines] == [
        ("one", "8000"),
        ("two", "1000"),
    ]
    assert [bool(f.paid_at) for f in world.state.fees] == [True, False]
    refused("bad_amount", world, "collect", CASHIER, amount="4001")
    world.do("collect", CASHIER)
    assert world.state.finance == Finance.PAID
    assert world.state.payments[1].amount == "4000"
    refused("nothing_to_pay", world, "collect", CASHIER)


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "abc", "13001", "9" * 16, "²"])
def test_a_wrong_amount_is_not_taken(amount: str) -> None:
    refused("bad_amount", owing(), "collect", CASHIER, amount=amount)


def test_too_little_handed_over_is_said_before_the_receipt() -> None:
    assert refused("given_short", owing(), "collect", CASHIER, given="12999").field == "given"


def confirm(world: World, number: str, amount: int, **more: Any) -> State:
    return world.do(
        "payment_confirmed",
        SYSTEM,
        provider="gate",
        transaction=number,
        amount=str(amount),
        how="online",
        **more,
    )


def test_a_callback_twice_is_one_payment() -> None:
    """Scenario 11, first half."""
    world = owing()
    confirm(world, "T1", 13_000)
    refused(
        "known_payment", world, "payment_confirmed", SYSTEM, provider="gate", transaction="T1", amount="13000"
    )
    assert world.state.finance == Finance.PAID
    assert len(world.state.payments) == 1


def test_a_callback_after_the_stop_keeps_the_status_and_makes_a_refund_due() -> None:
    """Scenario 11, second half."""
    world = owing()
    world.do("withdraw", CITIZEN, reason="nhầm")
    world.do("approve_withdrawal", CLERK)
    assert world.state.finance == Finance.NONE
    confirm(world, "T1", 13_000)
    assert world.state.status == Status.STOPPED
    assert world.state.finance == Finance.REFUND_DUE
    assert world.state.money.over == 13_000


def test_money_meant_for_one_kind_pays_it_first_and_what_is_too_much_goes_back() -> None:
    world = owing()
    confirm(world, "T1", 5000, kinds=["phi"])
    assert [line.fee for line in world.state.payments[0].lines] == ["two"]
    confirm(world, "T2", 10_000, kinds=["le_phi"])
    assert world.state.money.over == 2000
    assert world.state.finance == Finance.REFUND_DUE


def test_only_the_system_confirms() -> None:
    refused("system_only", owing(), "payment_confirmed", HEAD, provider="g", transaction="t", amount="1")


def paying_definition() -> Definition:
    """The birth procedure with a step that waits for the money before the signature."""
    from tinhso.core.procedures.model import Next, Step

    steps = dict(charged(*TWO).steps)
    sign = next(s for s in steps.values() if s.do == "sign")
    for name, step in list(steps.items()):
        steps[name] = replace(
            step, next=tuple(Next("pay", n.when) if n.to == sign.id else n for n in step.next)
        )
    steps["pay"] = Step("pay", "pay", Text("Nộp tiền"), next=(Next(sign.id),))
    return replace(charged(*TWO), steps=steps)


def at_the_pay_step() -> World:
    world = World(definition=paying_definition())
    world.to_sign()
    assert world.state.at("pay")
    assert world.state.status == Status.FINANCIAL
    return world


def test_the_step_goes_on_when_all_is_paid_and_not_before() -> None:
    world = at_the_pay_step()
    assert world.state.clock.state == "paused"
    world.do("collect", CASHIER, amount="1000")
    assert world.state.status == Status.FINANCIAL
    confirm(world, "T", 12_000)
    assert world.state.status == Status.PROCESSING
    assert world.state.at("sign")
    assert world.state.clock.state == "running"


def test_a_waiver_of_the_rest_ends_the_waiting_too() -> None:
    world = at_the_pay_step()
    world.do("collect", CASHIER, fees=["one"])
    world.do("waive", HEAD, fees=["two"], reason="Hộ nghèo", ground="NQ")
    assert world.state.at("sign")
    assert world.state.finance == Finance.PAID


# Void and back --------------------------------------------------------------------------------------------------


def test_a_void_payment_counts_for_nothing_and_can_be_taken_again() -> None:
    world = owing()
    world.do("collect", CASHIER)
    key = world.state.payments[0].id
    assert refused("required", world, "void_payment", CASHIER, payment=key, reason="").field == "reason"
    refused("no_payment", world, "void_payment", CASHIER, payment="x", reason="nhầm")
    world.do("void_payment", CASHIER, payment=key, reason="ghi nhầm người")
    assert world.state.finance == Finance.UNPAID
    assert world.state.fees[0].paid_at is None
    assert world.state.payments[0].void == "ghi nhầm người"
    world.do("collect", CASHIER)
    assert world.state.finance == Finance.PAID
    refused("void_already", world, "void_payment", CASHIER, payment=key, reason="nữa")


def test_what_came_by_a_provider_is_never_void() -> None:
    world = owing()
    confirm(world, "T", 13_000)
    world.do("withdraw", CITIZEN, reason="x")
    refused("no_payment", world, "void_payment", CASHIER, payment=world.state.payments[0].id, reason="x")


def stopped_and_paid() -> World:
    world = owing()
    world.do("collect", CASHIER)
    world.do("withdraw", CITIZEN, reason="nhầm")
    world.do("approve_withdrawal", CLERK)
    return world


def test_withdrawal_with_refund_by_two_people() -> None:
    """Scenario 8: withdrawn while being worked on, stopped, the money goes back; after the result it is refused."""
    world = stopped_and_paid()
    assert (world.state.status, world.state.finance) == (Status.STOPPED, Finance.REFUND_DUE)
    world.do("refund", HEAD, reason="Rút hồ sơ", to="Nguyễn Thị Mai, 0123456789 VCB")
    refused("nothing_over", world, "refund", CASHIER, reason="nữa", to="x")
    refund = world.state.refunds[0]
    assert {(line.kind, line.amount) for line in refund.lines} == {("phi", "5000"), ("le_phi", "8000")}
    refused("two_people", world, "confirm_refund", HEAD, refund=refund.id)
    refused("no_right", world, "confirm_refund", CASHIER, refund=refund.id)
    world.do("confirm_refund", OTHER_HEAD, refund=refund.id, reference="UNC 12")
    assert world.state.finance == Finance.REFUNDED
    assert world.state.refunds[0].decided_by == OTHER_HEAD.name
    refused("no_refund", world, "confirm_refund", OTHER_HEAD, refund=refund.id)
    done = World(definition=charged(*TWO)).to_done()
    refused("wrong_status", done, "withdraw", CITIZEN, reason="x")


def test_a_rejected_refund_leaves_the_money_due() -> None:
    world = stopped_and_paid()
    world.do("refund", CASHIER, amount="5000", reason="Rút", to="Mai", how="cash")
    refused("required", world, "reject_refund", HEAD, reason=" ")
    world.do("reject_refund", HEAD, reason="sai số tiền")
    assert world.state.finance == Finance.REFUND_DUE
    world.do("refund", CASHIER, reason="Rút", to="Mai")
    assert world.state.refunds[-1].amount == "13000"


def test_part_back_and_the_rest_kept_on_a_ground() -> None:
    world = stopped_and_paid()
    world.do(
        "refund", CASHIER, amount="3000", reason="Rút", to="Mai", kept_ground="Đã thẩm định xong, điều 7"
    )
    world.do("confirm_refund", HEAD)
    assert world.state.finance == Finance.REFUNDED
    sums = world.state.money
    assert (sums.refunded, sums.kept, sums.held, sums.over) == (3000, 10_000, 0, 0)
    confirm(world, "late", 500)
    assert world.state.finance == Finance.REFUND_DUE


def test_a_refund_that_is_no_longer_owed_is_not_confirmed() -> None:
    world = owing()
    confirm(world, "T", 15_000)
    world.do("refund", CASHIER, reason="thừa", to="Mai")
    fees = tuple(msgspec.structs.replace(f, amount="9000") if f.id == "one" else f for f in world.state.fees)
    world.state = msgspec.structs.replace(world.state, fees=fees)
    refused("no_longer_over", world, "confirm_refund", HEAD)


# Old rows and properties ----------------------------------------------------------------------------------------


def test_states_of_before_are_read_and_counted() -> None:
    old = load_state(
        {
            "status": 4,
            "fees": [
                {
                    "id": "a",
                    "name": "A",
                    "kind": "phi",
                    "amount": "8000",
                    "paid_at": "2026-01-01T00:00:00+07:00",
                },
                {"id": "b", "name": "B", "kind": "phi", "amount": "2000"},
                {"id": "c", "name": "C", "kind": "phi", "amount": "700", "exempt": "nghèo"},
            ],
        }
    )
    assert old.finance == Finance.PARTLY
    assert (old.money.received, old.money.to_pay) == (8000, 2000)
    assert load_state(dump(old)) == old


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["collect", "confirm", "void", "waive", "refund", "confirm_refund", "reject", "withdraw", "stop"]
        ),
        st.integers(1, 15_000),
        st.integers(0, 3),
    ),
    max_size=14,
)


def _try(world: World, act: str, amount: int, n: int) -> None:
    payments = [p.id for p in world.state.payments] or ["none"]
    acts: dict[str, tuple[str, Any, dict[str, Any]]] = {
        "collect": ("collect", CASHIER, {"amount": str(amount)}),
        "confirm": (
            "payment_confirmed",
            SYSTEM,
            {"provider": "g", "transaction": f"T{n}", "amount": str(amount)},
        ),
        "void": ("void_payment", CASHIER, {"payment": payments[n % len(payments)], "reason": "nhầm"}),
        "waive": ("waive", HEAD, {"fees": [("one", "two")[n % 2]], "reason": "x", "ground": "y"}),
        "refund": ("refund", CASHIER, {"amount": str(amount), "reason": "x", "to": "y"}),
        "confirm_refund": ("confirm_refund", HEAD, {}),
        "reject": ("reject_refund", HEAD, {"reason": "x"}),
        "withdraw": ("withdraw", CITIZEN, {"reason": "x"}),
        "stop": ("approve_withdrawal", CLERK, {}),
    }
    name, actor, data = acts[act]
    try:
        world.do(name, actor, **data)
    except Refusal:
        return


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_the_finance_state_is_what_the_sums_say_whatever_happened(steps: list[tuple[str, int, int]]) -> None:
    world = owing()
    for act, amount, n in steps:
        _try(world, act, amount, n)
        state, sums = world.state, world.state.money
        received = sum(int(p.amount) for p in state.payments if not p.void)
        back = sum(int(r.amount) for r in state.refunds if r.state == "confirmed")
        owed = 0 if state.status == Status.STOPPED else sum(f.owed for f in state.fees)
        assert (sums.received, sums.refunded, sums.owed) == (received, back, owed)
        assert back <= received
        assert received - back == owed - sums.to_pay + sums.over
        assert state.finance == _said(received - back, owed, back)
        assert len({(p.provider, p.transaction) for p in state.payments if p.transaction}) == sum(
            bool(p.transaction) for p in state.payments
        )
        for payment in state.payments:
            assert sum(int(line.amount) for line in payment.lines) <= int(payment.amount)
    again = fold(State(), [e for effects in world.log for e in load_effects(dump(effects))])
    assert again == world.state


def _said(held: int, owed: int, back: int) -> Finance:
    if held > owed:
        return Finance.REFUND_DUE
    if owed == 0:
        return Finance.REFUNDED if back else Finance.NONE
    return Finance.PAID if held == owed else Finance.PARTLY if held else Finance.UNPAID
