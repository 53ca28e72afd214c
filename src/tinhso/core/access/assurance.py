"""How sure it is who signed in: words for the ways (RFC 8176 and two of ours), levels, and who must have two factors.

Level 1 is something known or handed over; level 2 two factors of two kinds, a passkey that asked for finger, face or
PIN, or an electronic identity of level 2 (VNeID). An officer's one-time code is level 1: somebody looked at a card,
but a code can be overheard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tinhso.kit.yamlfile import Document

PASSWORD = "pwd"  # noqa: S105 - a word of RFC 8176
TOTP, RECOVERY = "otp", "rec"
KEY, VERIFIED = "hwk", "user"
VNEID, OFFICER = "vneid", "officer"
SECOND = frozenset({TOTP, RECOVERY, KEY})
#: What is worth a second look, such as changing factors, asks for a proof not older than this.
FRESH = timedelta(minutes=15)


def level(amr: Iterable[str]) -> int:
    """1 or 2 for the ways somebody proved who they are; 0 for none."""
    used = set(amr)
    if not used:
        return 0
    first = {PASSWORD, OFFICER} & used
    if VNEID in used or {KEY, VERIFIED} <= used or (first and SECOND & used):
        return 2
    return 1


@dataclass(frozen=True, slots=True)
class Duty:
    """From when a role must sign in with two factors, and from when its holders are told so."""

    role: str
    announced: date
    required: date


def duties(roles: Document) -> dict[str, Duty]:
    """The duties by role, as the catalogue's roles say."""
    found = {}
    for row in roles.data["roles"]:
        if said := row.get("second_factor"):
            found[row["id"]] = Duty(row["id"], _day(said["announced"]), _day(said["required"]))
    return found


def duty_of(held: Iterable[str], known: dict[str, Duty], on: date) -> tuple[Duty | None, bool]:
    """The duty that binds first among the roles held, and whether it is in force on a day; None when none is announced."""
    mine = [known[role] for role in held if role in known and known[role].announced <= on]
    if not mine:
        return None, False
    first = min(mine, key=lambda duty: (duty.required, duty.role))
    return first, first.required <= on


def is_fresh(signed_in_at: str, now: datetime) -> bool:
    """Whether the proof kept in a session (ISO time) is young enough for what is worth a second look."""
    try:
        return timedelta(0) <= now - datetime.fromisoformat(signed_in_at) <= FRESH
    except (TypeError, ValueError):
        return False


_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Zalo", "Zalo"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip


def device_words(agent: str) -> str:
    """ "Chrome, Windows" from what a browser says of itself; "" when nothing is recognised. A hint, never a proof."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system)))


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
