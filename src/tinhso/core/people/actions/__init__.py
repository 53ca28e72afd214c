"""The only writes to persons, their numbers, mandates and accounts."""

from __future__ import annotations

from tinhso.core.people.actions.accounts import (
    change_password,
    checked_password,
    create_account,
    note_sign_in,
    renew_password,
    set_active,
    set_language,
    set_password,
)
from tinhso.core.people.actions.bulk import Newcomer, add_accounts, add_numbers, add_people, keep_up
from tinhso.core.people.actions.mandates import end_mandate, find_or_create_child, record_mandate
from tinhso.core.people.actions.persons import (
    Particulars,
    add_identity,
    find_or_create_from_card,
    find_or_create_person,
    update_contact,
)

__all__ = [
    "Newcomer",
    "Particulars",
    "add_accounts",
    "add_identity",
    "add_numbers",
    "add_people",
    "change_password",
    "checked_password",
    "create_account",
    "end_mandate",
    "find_or_create_child",
    "find_or_create_from_card",
    "find_or_create_person",
    "keep_up",
    "note_sign_in",
    "record_mandate",
    "renew_password",
    "set_active",
    "set_language",
    "set_password",
    "update_contact",
]
