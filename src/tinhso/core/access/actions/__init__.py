"""The only writes to sign-ins, roles and holdings, delegations and absences."""

from __future__ import annotations

from tinhso.core.access.actions.absence import end_absence, record_absence
from tinhso.core.access.actions.delegation import Terms, delegate, pass_on, revoke
from tinhso.core.access.actions.factors import (
    LETTERS,
    add_totp,
    clear_factors,
    make_recovery_codes,
    new_secret,
    prove_code,
    remove_totp,
    reset_factors,
    secret_address,
    tell_change,
)
from tinhso.core.access.actions.guessing import Guess, count_try
from tinhso.core.access.actions.joining import Joining, appoint_many
from tinhso.core.access.actions.keys import (
    add_passkey,
    note_passkey,
    passkey_named,
    remove_passkey,
    rename_passkey,
)
from tinhso.core.access.actions.leaving import end_holding_at, leave, move
from tinhso.core.access.actions.office import (
    appoint,
    assign_role,
    end_holding,
    register_citizen,
    remove_role,
    sign_in,
)
from tinhso.core.access.actions.sessions import (
    begin_session,
    end_other_sessions,
    end_session,
    end_sessions_of,
    note_use,
    raise_session,
)

__all__ = [
    "LETTERS",
    "Guess",
    "Joining",
    "Terms",
    "add_passkey",
    "add_totp",
    "appoint",
    "appoint_many",
    "assign_role",
    "begin_session",
    "clear_factors",
    "count_try",
    "delegate",
    "end_absence",
    "end_holding",
    "end_holding_at",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "leave",
    "make_recovery_codes",
    "move",
    "new_secret",
    "note_passkey",
    "note_use",
    "pass_on",
    "passkey_named",
    "prove_code",
    "raise_session",
    "record_absence",
    "register_citizen",
    "remove_passkey",
    "remove_role",
    "remove_totp",
    "rename_passkey",
    "reset_factors",
    "revoke",
    "secret_address",
    "sign_in",
    "tell_change",
]
