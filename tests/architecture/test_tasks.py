"""Background work: every task has a room's name, and what runs by the clock cannot pile up."""

from __future__ import annotations

from procrastinate.contrib.django import app


def _own() -> dict[str, object]:
    return {
        name: task for name, task in app.tasks.items() if not name.startswith(("builtin:", "procrastinate."))
    }


def test_tasks_are_named_after_their_room() -> None:
    foreign = [
        name
        for name, task in _own().items()
        if name.split(".")[0] not in task.func.__module__.split(".")  # type: ignore[attr-defined]
    ]
    assert _own()
    assert foreign == []


def test_what_runs_by_the_clock_waits_in_the_queue_once() -> None:
    """A worker that was away for an hour must not find sixty copies of the same task."""
    piling = [
        periodic.task.name
        for periodic in app.periodic_registry.periodic_tasks.values()
        if periodic.task.queueing_lock is None
    ]
    assert piling == []
