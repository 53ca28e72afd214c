from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.access import rules

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (9, 480), (10, 900), (500, 900)]
)
def test_waiting_grows_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert rules.wait_after(failures) == timedelta(seconds=seconds)


@given(st.integers(0, 10_000))
def test_more_failures_never_wait_less(failures: int) -> None:
    assert rules.wait_after(failures) <= rules.wait_after(failures + 1)
    assert rules.wait_of_address(failures) <= rules.wait_of_address(failures + 1)


def test_messages_say_at_least_a_minute() -> None:
    assert rules.minutes_left(NOW + timedelta(seconds=5), NOW) == 1
    assert rules.minutes_left(NOW + timedelta(seconds=61), NOW) == 2
    assert rules.minutes_left(NOW, NOW) == 1


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("socket", "socket"),
    ],
)
def test_one_place(address: str, place: str) -> None:
    assert rules.network_of(address) == place


def test_only_our_own_proxy_is_believed() -> None:
    ours = frozenset({"127.0.0.1"})
    assert rules.client_address("127.0.0.1", "198.51.100.1, 203.0.113.7", ours) == "203.0.113.7"
    assert rules.client_address("198.51.100.9", "203.0.113.7", ours) == "198.51.100.9"
    assert rules.client_address("127.0.0.1", "", ours) == "127.0.0.1"


def test_a_post_is_held_to_the_day_before_its_end() -> None:
    assert rules.holds_on(date(2026, 1, 1), None, date(2026, 1, 1))
    assert not rules.holds_on(date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1))
