"""The only writes to sign-ins, roles and holdings, delegations and absences."""

from __future__ import annotations

from tinhso.core.access.actions.absence import end_absence, record_absence
from tinhso.core.access.actions.delegation import Terms, delegate, pass_on, revoke
from tinhso.core.access.actions.joining import Joining, appoint_many
from tinhso.core.access.actions.office import (
    appoint,
    assign_role,
    count_try,
    end_holding,
    register_citizen,
    remove_role,
    sign_in,
)

__all__ = [
    "Joining",
    "Terms",
    "appoint",
    "appoint_many",
    "assign_role",
    "count_try",
    "delegate",
    "end_absence",
    "end_holding",
    "pass_on",
    "record_absence",
    "register_citizen",
    "remove_role",
    "revoke",
    "sign_in",
]
