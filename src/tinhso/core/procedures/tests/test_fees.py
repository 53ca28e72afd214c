"""What is owed and why: tiers, resolutions by the day of filing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.procedures.fees import Fee, Rate, explain, fees_for, tiered_amount, with_rates
from tinhso.core.procedures.model import Situation, Tier, Tiered
from tinhso.core.procedures.tests.sample import DAY, TWO, charged, definition, example, fixed


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


@given(st.integers(0, 10**9), st.booleans())
def test_an_exempt_fee_is_never_owed(amount: int, exempt: bool) -> None:
    fee = Fee("a", "A", "phi", str(amount), "vì thế" if exempt else "")
    assert fee.owed == (0 if exempt else amount)
