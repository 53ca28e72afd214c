"""How long somebody waits after failed sign-ins, and what one may hand on to another."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from tinhso.core.access.actor import Grant

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


# Handing on what a post allows ---------------------------------------------------------------------------------

#: Rights to administer the system are given by a post, never handed on.
NEVER_LENT = "console."
#: To do something for another one has to see it.
SEEING = "cases.see"
#: What a head may only arrange for others who could do it too: otherwise a head of division could give away the
#: signature of the head of department.
LEADING = frozenset({"cases.assign", "cases.approve", "cases.sign"})
#: Who was authorised to sign does not authorise others (Decree 30/2020/NĐ-CP art. 13.3).
NOT_PASSED_ON = frozenset({"cases.sign"})
DEPUTY = "phó "


def lendable(grants: Iterable[Grant]) -> frozenset[str]:
    """The permissions of a post's grants that may be handed to another."""
    return frozenset(p for g in grants for p in g.permissions if not p.startswith(NEVER_LENT))


def lent_grants(grants: Iterable[Grant], chosen: frozenset[str]) -> tuple[Grant, ...]:
    """What somebody who stands in may do: the post's grants, of these only the chosen permissions (none: all)."""
    found = []
    for grant in grants:
        kept = frozenset(p for p in grant.permissions if not p.startswith(NEVER_LENT))
        if chosen:
            kept &= chosen | {SEEING}
        if kept - ({SEEING} - chosen if chosen else set()):
            found.append(replace(grant, permissions=kept))
    return tuple(found)


def scopes_meet(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two delegations hand on some of the same; an empty scope is everything."""
    a, b = frozenset(one), frozenset(other)
    return not a or not b or bool(a & b)


def is_deputy(own_title: str) -> bool:
    return own_title.strip().lower().startswith(DEPUTY)


def signature_form(own_title: str) -> str:
    """How somebody signs for a head unless said otherwise: a deputy in the head's place, others as authorised."""
    return "kt" if is_deputy(own_title) else "tuq"
