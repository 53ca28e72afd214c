"""How surely somebody signed in, and whether that is enough for what a program asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

#: Words of `core.access.assurance` and RFC 8176 by what they prove: knowing, having, being there. An officer who looked
#: at a card vouches for one.
_KNOWS = frozenset({"pwd", "pin", "officer"})
_HAS = frozenset({"otp", "rec", "sms", "hwk", "swk", "sc"})
_IS = frozenset({"fpt", "face", "user"})
NATIONAL = frozenset({"vneid"})


def level_of(amr: Iterable[str]) -> str:
    """`acr` of a sign-in: "3" by the national identity, "2" with two kinds of proof, else "1"."""
    methods = frozenset(amr)
    if methods & NATIONAL:
        return "3"
    kinds = sum(bool(methods & kind) for kind in (_KNOWS, _HAS, _IS))
    return "2" if kinds > 1 or "mfa" in methods else "1"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How and when the person at the browser signed in; `stay` is the session that began then."""

    stay: UUID
    at: datetime
    amr: tuple[str, ...]

    @property
    def acr(self) -> str:
        return level_of(self.amr)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a program asks of the sign-in. `level` is the least it accepts, `wished` what it would like;
    `asked_at` is when this very request first asked the person to sign in again."""

    level: str = "1"
    wished: str = ""
    max_age: int | None = None
    prompt: frozenset[str] = frozenset()
    asked_at: datetime | None = None


class Step(Enum):
    """What has to happen before the program gets its code."""

    GO = "go"
    SIGN_IN_AGAIN = "sign_in_again"
    STEP_UP = "step_up"
    REFUSE = "refuse"


def next_step(has: SignIn, wanted: Wanted, now: datetime, skew: timedelta) -> Step:
    """Whether the sign-in is fresh and sure enough; what the person already did for this request counts.

    Who was asked and still has less than the program only wished for goes on; less than it must have is refused.
    """
    fresh = wanted.asked_at is not None and has.at >= wanted.asked_at
    too_old = wanted.max_age is not None and has.at + timedelta(seconds=wanted.max_age) + skew < now
    if not fresh and (too_old or wanted.prompt & {"login", "select_account"}):
        return Step.SIGN_IN_AGAIN
    if has.acr < wanted.level:
        return Step.REFUSE if wanted.asked_at is not None and fresh else Step.STEP_UP
    if wanted.wished and has.acr < wanted.wished and wanted.asked_at is None:
        return Step.STEP_UP
    return Step.GO


def wished_level(acr_values: str) -> str:
    """The lowest level among those a program would take ("" when it names none we know)."""
    return min((v for v in acr_values.split() if v in ("1", "2", "3")), default="")


def whole_seconds(text: str | None) -> int | None:
    """`max_age` as sent; `ValueError` when it is no count of seconds."""
    if text is None or text == "":
        return None
    if not text.isascii() or not text.isdigit():
        raise ValueError("max_age")
    return min(int(text), 10**9)
