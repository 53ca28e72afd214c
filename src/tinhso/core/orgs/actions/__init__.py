"""The only writes to units, posts and calendars."""

from __future__ import annotations

from tinhso.core.orgs.actions.calendars import (
    add_public_holidays,
    assign_calendar,
    create_calendar,
    remove_calendar_day,
    set_calendar_day,
    set_weekly,
)
from tinhso.core.orgs.actions.posts import close_post, create_post, rename_post, reopen_post
from tinhso.core.orgs.actions.units import (
    apply_due_changes,
    close_unit,
    create_unit,
    move_unit,
    recode_unit,
    rename_unit,
    update_unit_contact,
)

__all__ = [
    "add_public_holidays",
    "apply_due_changes",
    "assign_calendar",
    "close_post",
    "close_unit",
    "create_calendar",
    "create_post",
    "create_unit",
    "move_unit",
    "recode_unit",
    "remove_calendar_day",
    "rename_post",
    "rename_unit",
    "reopen_post",
    "set_calendar_day",
    "set_weekly",
    "update_unit_contact",
]
