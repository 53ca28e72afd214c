"""What is owed and why: tiers, resolutions by the day of filing, exemptions with their evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.cases.choices import Finance
from tinhso.core.cases.definition.model import Exemption, Situation, Tier, Tiered
from tinhso.core.cases.money import Fee
from tinhso.core.cases.rules.fees import Rate, explain, fees_for, tiered_amount, with_rates
from tinhso.core.cases.tests.money_cases import (
    DAY,
    TWO,
    charged,
    filed,
    fixed,
    owing,
    refused,
)
from tinhso.core.cases.tests.world import (
    CLERK,
    HEAD,
    MONDAY,
    World,
    definition,
    example,
)
from tinhso.core.forms.texts import Text

# Fees -----------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 50)), min_size=0, max_size=4),
    st.integers(0, 10_000),
    st.one_of(st.none(), st.integers(0, 300_000)),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(0, 9),
)
def test_tiers_grow_with_the_quantity_and_are_never_negative(
    steps: list[tuple[int, int]], last: int, cap: int | None, less: int, more: int, times: int
) -> None:
    bounds, tiers = 0, []
    for each, width in steps:
        bounds += width
        tiers.append(Tier(Decimal(each), bounds))
    tiered = Tiered("x", (*tiers, Tier(Decimal(last))), cap=None if cap is None else Decimal(cap))
    small, large = sorted((less, less + more))
    low, high = tiered_amount(tiered, small, times), tiered_amount(tiered, large, times)
    assert 0 <= low <= high
    assert cap is None or high <= cap * times
    assert tiered_amount(tiered, large, times) <= tiered_amount(tiered, large, times + 1)


def here(channel: str = "online", today: date = DAY) -> Situation:
    return Situation.of(definition(), example(), {}, channel, today)


def test_a_copy_costs_by_the_page_and_never_more_than_its_cap() -> None:
    """2,000 đồng a page, from page 3 on 1,000, at most 200,000 a copy: what the national portal prints for 2.000815."""
    rule = definition("2.000815").fees[0].tiered
    assert rule is not None
    assert [tiered_amount(rule, pages) for pages in (1, 2, 3, 500)] == [2000, 4000, 5000, 200_000]
    assert tiered_amount(rule, 3, 10) == 50_000


ONLINE_FREE = Rate("r1", "one", "23/2026/NQ-HĐND", DAY, channel="online", amount=Decimal(0))


@pytest.mark.parametrize(
    ("day", "channel", "amount", "rule"),
    [
        (DAY - timedelta(days=1), "online", "8000", ""),
        (DAY, "online", "0", "r1"),
        (DAY, "counter", "8000", ""),
    ],
)
def test_a_resolution_holds_from_its_day_for_its_channel(
    day: date, channel: str, amount: str, rule: str
) -> None:
    fee = fees_for(charged(*TWO), here(channel, day), day, (ONLINE_FREE,))[0]
    assert (fee.amount, fee.rule) == (amount, rule)
    if rule:
        assert "23/2026/NQ-HĐND" in " ".join(explain(fee))
        assert "08/08/2026" in " ".join(explain(fee))


def test_a_rate_for_the_channel_goes_before_one_for_all_and_percent_rounds_half_up() -> None:
    half = Rate("r2", "one", "NQ chung", DAY, percent=50)
    odd = charged(fixed("one", 8001))
    assert fees_for(odd, here("counter"), DAY, (half, ONLINE_FREE))[0].amount == "4001"
    assert fees_for(odd, here("online"), DAY, (half, ONLINE_FREE))[0].amount == "0"


def test_a_rate_that_ended_no_longer_holds() -> None:
    ended = replace(ONLINE_FREE, valid_to=DAY + timedelta(days=1))
    assert fees_for(charged(*TWO), here(), DAY + timedelta(days=1), (ended,))[0].amount == "8000"


def test_the_page_of_a_procedure_tells_the_amounts_of_the_day() -> None:
    told = with_rates(TWO[0], ("online", "counter"), DAY, (ONLINE_FREE,))
    assert (told.amount["online"], told.amount["counter"]) == (0, 8000)
    assert told.source == "23/2026/NQ-HĐND"


def test_hai_phong_filed_the_evening_before_accepted_after_keeps_the_old_rate() -> None:
    """Scenario 10: the day of filing decides, not the day of acceptance."""
    world = World(definition=charged(*TWO), rates=(ONLINE_FREE,))
    world.now = datetime(2026, 8, 7, 22, 30, tzinfo=MONDAY.tzinfo)
    world.file()
    world.now = datetime(2026, 8, 10, 9, 0, tzinfo=MONDAY.tzinfo)
    world.do("accept", CLERK)
    assert world.state.fees[0].amount == "8000"
    later = World(
        definition=charged(*TWO), rates=(ONLINE_FREE,), now=datetime(2026, 8, 8, 0, 0, tzinfo=MONDAY.tzinfo)
    )
    later.file()
    assert later.state.fees[0].amount == "0"
    assert later.state.fees[0].rule == "r1"


# Exemptions -----------------------------------------------------------------------------------------------------

PROVED = Exemption(
    "poor", Text("Hộ nghèo"), "form.child_name != null", "Nghị quyết 1/2026", paper="birth_proof"
)


def test_an_exemption_is_granted_at_acceptance_by_whom_with_its_paper() -> None:
    world = filed(fixed("one", 8000, exempt=(PROVED,)))
    assert world.state.fees[0].exempt == "Hộ nghèo"
    assert world.state.fees[0].exempt_by == ""
    world.do("accept", CLERK)
    fee = world.state.fees[0]
    name = definition().paper("birth_proof").name.vi  # type: ignore[union-attr]
    assert (fee.exempt_by, fee.exempt_paper, fee.owed) == (CLERK.name, name, 0)
    assert world.state.finance == Finance.NONE
    assert any("Nghị quyết 1/2026" in line for line in explain(fee))


def test_an_exemption_without_its_paper_is_not_granted() -> None:
    ground = replace(PROVED, paper="residence")
    world = filed(fixed("one", 8000, exempt=(ground,)))
    assert world.state.finance == Finance.NONE, "claimed at filing"
    world.do("accept", CLERK)
    assert world.state.fees[0].exempt == ""
    assert world.state.finance == Finance.UNPAID


def test_a_waiver_needs_its_ground_and_somebody_who_approves() -> None:
    world = owing()
    refused("no_right", world, "waive", CLERK, fees=["one"], reason="x", ground="y")
    assert (
        refused("required", world, "waive", HEAD, fees=["one"], reason="Hộ nghèo", ground=" ").field
        == "ground"
    )
    refused("nothing_chosen", world, "waive", HEAD, fees=["no"], reason="x", ground="y")
    world.do(
        "waive", HEAD, fees=["one", "two"], reason="Hộ nghèo", ground="NQ 5/2026", evidence="Sổ hộ nghèo 12"
    )
    fee = world.state.fees[0]
    assert (fee.exempt, fee.exempt_by, fee.exempt_paper) == ("Hộ nghèo", HEAD.name, "Sổ hộ nghèo 12")
    assert world.state.finance == Finance.NONE
    refused("nothing_owed", world, "waive", HEAD, fees=["one"], reason="x", ground="y")


def test_a_waiver_before_acceptance_survives_it_and_after_payment_makes_a_refund_due() -> None:
    world = filed()
    world.do("waive", HEAD, fees=["one"], reason="Hộ nghèo", ground="NQ")
    world.do("accept", CLERK)
    assert [f.owed for f in world.state.fees] == [0, 5000]
    world.do("collect", CLERK)
    world.do("waive", HEAD, fees=["two"], reason="Hộ nghèo", ground="NQ")
    assert world.state.finance == Finance.REFUND_DUE
    assert world.state.money.over == 5000


@given(st.integers(0, 10**9), st.booleans())
def test_an_exempt_fee_is_never_owed(amount: int, exempt: bool) -> None:
    fee = Fee("a", "A", "phi", str(amount), "vì thế" if exempt else "")
    assert fee.owed == (0 if exempt else amount)
