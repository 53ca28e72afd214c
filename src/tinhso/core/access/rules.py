"""How long somebody waits after failed sign-ins."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime, timedelta

#: Wrong tries one may make from one place for one account before waiting.
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
#: Failures from one address for any accounts, within `FORGET_AFTER`, before that address waits.
ADDRESS_TRIES = 100
ADDRESS_WAIT = timedelta(minutes=1)
#: New accounts from one address within `FORGET_AFTER`; a counter helps many people from one machine.
ADDRESS_REGISTRATIONS = 30
FORGET_AFTER = timedelta(hours=1)


def wait_after(failures: int) -> timedelta:
    """Waiting time after so many failures for one account from one address: none for the first five, then
    30 s doubling up to 15 min. An account is never locked for other addresses, so nobody can lock others out."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_WAIT * int(2 ** min(failures - FREE_TRIES, 10)), LONGEST_WAIT)


def wait_of_address(failures: int) -> timedelta:
    """Waiting time of an address that keeps failing with many accounts."""
    return ADDRESS_WAIT if failures >= ADDRESS_TRIES else timedelta(0)


def minutes_left(until: datetime, now: datetime) -> int:
    """Whole minutes to wait, at least one, for the message."""
    return max(1, -int((now - until).total_seconds() // 60))


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 an IPv6 subscriber gets; the text itself when neither."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def client_address(remote: str, forwarded: str, trusted: frozenset[str]) -> str:
    """The visitor's address: the last one our own proxy noted, if the request came through it."""
    if remote in trusted and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return remote


def holds_on(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Whether a post is held on a day; `valid_to` is the first day it is not."""
    return valid_from <= day and (valid_to is None or day < valid_to)
