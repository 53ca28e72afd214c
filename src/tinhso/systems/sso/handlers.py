"""What other rooms tell single sign-on."""

from __future__ import annotations

from uuid import UUID

from tinhso.contracts.signin import SessionEnded
from tinhso.systems.sso.actions import sessions


def end_session(event: SessionEnded, key: str) -> None:
    """A stay was ended: what it gave is over. Hearing it twice changes nothing."""
    sessions.end(ids=[UUID(event.session_id)], reason=event.reason, now=event.at)
