"""Putting a task in the queue by its name, so that actions need not import the tasks that call them."""

from __future__ import annotations

from procrastinate.contrib.django import app


def defer(task: str, **arguments: str | int) -> None:
    """Queue a task of some room's `tasks.py` in the caller's transaction; it runs after the commit, at least once.

    `TaskNotFound` when no room has a task of that name.
    """
    app.configure_task(task, allow_unknown=False).defer(**arguments)
