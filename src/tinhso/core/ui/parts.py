"""Small values the components render; a dict with the same keys works as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One answer of a summary list; `url` and `action` make the link "Sửa" at its end."""

    label: str
    value: Any = ""
    url: str = ""
    action: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened (`done`, `refused`), is happening (`now`, `waiting`) or comes (`next`)."""

    title: str
    at: datetime | None = None
    by: str = ""
    text: str = ""
    state: str = "done"
    url: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class TaskItem:
    """One line of a task list; `status` is `done`, `todo`, `optional`, `error` or `later` (cannot start yet)."""

    title: str
    url: str = ""
    status: str = "todo"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab or one filter in force: a link."""

    text: str
    url: str
    current: bool = False
    count: int | None = None
