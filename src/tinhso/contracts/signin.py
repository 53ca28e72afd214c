"""What happens at the door, as other rooms hear of it. Ids are text; times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in. `known_device`: the account had signed in from this browser before, or never before at all."""

    account_id: str
    person_id: str
    session_id: str
    at: datetime
    amr: list[str]
    device: str
    network: str
    known_device: bool
    version: int = 1


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """A stay was ended before its time: `reason` is `signed_out`, `ended`, `password`, `closed` or `factors`."""

    account_id: str
    session_id: str
    reason: str
    at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class SecurityChanged:
    """How somebody signs in was changed; `what` is the act of the log, such as `access.add_totp`."""

    account_id: str
    person_id: str
    what: str
    at: datetime
    version: int = 1
