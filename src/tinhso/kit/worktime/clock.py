"""The legal clock of one case or one task: a pure value, moved by functions that return a new one.

Laws that differ stay parameters: whether a supplement pauses (`resume`) or gives the full limit again
(`restart`, Decree 61/2018 art. 19.4), how early an extension must be announced, how many supplement
rounds the scoring of Decision 766 forgives. `due_original` is written once and never changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from .calendar import Calendar
from .counting import Exclusion, add, amount_between, amount_unit, between, local_minutes, push, spans_of
from .duration import Duration
from .errors import ClockError
from .ledger import Book, Entry

State = Literal["not_started", "running", "paused", "stopped"]

_STATES = {
    "not_started": "chưa chạy",
    "running": "đang chạy",
    "paused": "đang tạm dừng",
    "stopped": "đã dừng",
}
_KEPT = "Không hẹn sớm hơn ngày đã hẹn"


@dataclass(frozen=True, slots=True)
class Suspension:
    """A pause: `to` is None while it lasts. `legal_ground` cites the rule that allows it."""

    frm: datetime
    to: datetime | None
    reason: str
    legal_ground: str = ""


@dataclass(frozen=True, slots=True)
class Restart:
    """The full limit counted again from `at`."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    """The one new appointment. `after` is the number of suspensions there were before it: later
    ones move the new appointment too."""

    old_due: datetime
    new_due: datetime
    reason: str
    at: datetime | None = None
    after: int = 0


@dataclass(frozen=True, slots=True)
class Recount:
    """The due date counted again because the working calendar changed; `reason` says which change."""

    at: datetime
    old_due: datetime
    new_due: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One legal clock. `Clock()` is a clock that has not started: it has no due date.

    While paused `due_current` is the last due date known; the real one is computed on resuming.
    """

    state: State = "not_started"
    started_at: datetime | None = None
    duration: Duration | None = None
    cutoff: time | None = None
    due_original: datetime | None = None
    due_current: datetime | None = None
    ledger: tuple[Entry, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    restarts: tuple[Restart, ...] = ()
    extension: Extension | None = None
    recounts: tuple[Recount, ...] = ()
    stopped_at: datetime | None = None
    stop_reason: str = ""

    @property
    def last_at(self) -> datetime | None:
        """The latest moment at which something happened to this clock."""
        moments = [self.started_at, self.stopped_at, self.extension and self.extension.at]
        moments += [r.at for r in self.restarts[-1:]]
        moments += [r.at for r in self.recounts[-1:]]
        moments += [s.to or s.frm for s in self.suspensions[-1:]]
        return max((m for m in moments if m), default=None)


def start(calendar: Calendar, at: datetime, duration: Duration, *, cutoff: time | None = None) -> Clock:
    """Start a clock at the acceptance of a full and valid dossier."""
    due = add(calendar, at, duration, cutoff=cutoff)
    return Clock(
        state="running",
        started_at=at,
        duration=duration,
        cutoff=cutoff,
        due_original=due.at,
        due_current=due.at,
        ledger=due.ledger,
    )


def suspend(clock: Clock, at: datetime, reason: str, ground: str = "") -> Clock:
    """Pause a running clock. ClockError when it is not running or `at` is before its last event."""
    _require(clock, at, "running")
    return replace(
        clock, state="paused", suspensions=(*clock.suspensions, Suspension(at, None, reason, ground))
    )


def resume(clock: Clock, calendar: Calendar, at: datetime) -> Clock:
    """End the pause; what was left of the limit is left. Never gives an earlier due date."""
    _require(clock, at, "paused")
    return _recount(replace(_close_pause(clock, at), state="running"), calendar)


def restart(
    clock: Clock,
    calendar: Calendar,
    at: datetime,
    reason: str = "Hồ sơ đã được bổ sung đầy đủ",
) -> Clock:
    """Count the full limit again from `at` (Decree 61/2018 art. 19.4), from running or paused."""
    _require(clock, at, "running", "paused")
    restarted = replace(
        _close_pause(clock, at), state="running", restarts=(*clock.restarts, Restart(at, reason))
    )
    return _recount(restarted, calendar)


def extend(
    clock: Clock,
    calendar: Calendar,
    to: date | datetime | Duration,
    reason: str,
    *,
    at: datetime | None = None,
    notice_days: int = 1,
) -> Clock:
    """Give the one new appointment: a date (its closing), a moment, or a limit added to the due date.

    With `at`, the moment of the apology, it must come at least `notice_days` calendar days before the
    due date (Decree 61/2018 art. 19.9). ClockError on the second extension, on a closed date, and when
    the new due date is not later.
    """
    _require(clock, at, "running")
    old = clock.due_current
    if clock.extension is not None or old is None:
        raise ClockError("Hồ sơ chỉ được hẹn lại một lần.")
    if at and (calendar.local(old).date() - calendar.local(at).date()).days < notice_days:
        raise ClockError(f"Phải báo hẹn lại trước ngày hẹn trả ít nhất {notice_days} ngày.")
    new = _extended(clock, calendar, old, to)
    if new <= old:
        raise ClockError(f"Ngày hẹn mới phải sau ngày hẹn cũ ({calendar.local(old):%H:%M %d/%m/%Y}).")
    extension = Extension(old, new, reason, at, len(clock.suspensions))
    return _recount(replace(clock, extension=extension), calendar)


def recount(clock: Clock, calendar: Calendar, at: datetime, reason: str) -> Clock:
    """Count a running clock again with a calendar that changed, saying why. The due date only ever moves later:
    ClockError when the new calendar gives no later one."""
    _require(clock, at, "running")
    counted = _recount(clock, calendar)
    old, new = clock.due_current, counted.due_current
    if old is None or new is None or new <= old:
        raise ClockError("Lịch làm việc mới không làm ngày hẹn muộn hơn.")
    return replace(counted, recounts=(*clock.recounts, Recount(at, old, new, reason)))


def stop(clock: Clock, at: datetime, reason: str = "") -> Clock:
    """Stop for good: finished, refused, withdrawn. A pause ends with it."""
    _require(clock, at, "not_started", "running", "paused")
    return replace(_close_pause(clock, at), state="stopped", stopped_at=at, stop_reason=reason)


def remaining(clock: Clock, calendar: Calendar, at: datetime) -> int | None:
    """Working minutes left at `at`, negative when late; frozen while paused or stopped; None without due."""
    if clock.due_current is None:
        return None
    if clock.state == "paused":
        at = min(at, clock.suspensions[-1].frm)
    elif clock.stopped_at:
        at = min(at, clock.stopped_at)
    return between(calendar, at, clock.due_current)


def is_late(clock: Clock, at: datetime, *, original: bool = False) -> bool:
    """Whether the clock is past its current (or original) due date at `at`, or was when it stopped.

    A paused clock is judged at the moment it was paused.
    """
    due = clock.due_original if original else clock.due_current
    if due is None:
        return False
    if clock.state == "paused":
        at = min(at, clock.suspensions[-1].frm)
    return min(at, clock.stopped_at or at) > due


def scoring_elapsed(clock: Clock, calendar: Calendar, until: datetime, *, rounds: int | None = 1) -> int:
    """Working minutes from the start to `until` (or the stop) less the citizen's time.

    Decision 766 subtracts the first supplement round only (`rounds=1`; None subtracts all). Restarts do
    not matter here: scoring subtracts where the law begins again.
    """
    if clock.started_at is None:
        return 0
    end = min(until, clock.stopped_at or until)
    total = between(calendar, clock.started_at, end)
    for pause in clock.suspensions[:rounds]:
        if pause.frm < end:
            total -= between(calendar, pause.frm, min(pause.to or end, end))
    return total


def _require(clock: Clock, at: datetime | None, *states: State) -> None:
    if clock.state not in states:
        raise ClockError(f"Không thực hiện được: thời hạn {_STATES[clock.state]}.")
    if at is not None and at.tzinfo is None:
        raise ClockError("Thời điểm phải có múi giờ.")
    if at and clock.last_at and at < clock.last_at:
        raise ClockError(f"Thời điểm {at:%H:%M %d/%m/%Y} sớm hơn việc đã ghi trước đó.")


def _close_pause(clock: Clock, at: datetime) -> Clock:
    if clock.state != "paused":
        return clock
    return replace(clock, suspensions=(*clock.suspensions[:-1], replace(clock.suspensions[-1], to=at)))


def _extended(clock: Clock, calendar: Calendar, old: datetime, to: date | datetime | Duration) -> datetime:
    if isinstance(to, Duration):
        if to.unit == "same_day":
            raise ClockError('Không gia hạn theo "trong ngày".')
        return add(calendar, old, to).at
    in_days = clock.duration is None or clock.duration.unit != "working_hour"
    day = calendar.local(to).date() if isinstance(to, datetime) else to
    closing = calendar.closing(day)
    if closing is None:
        raise ClockError(
            f"Ngày {day:%d/%m/%Y} là ngày nghỉ ({calendar.reason(day)}). Hãy chọn ngày làm việc."
        )
    if in_days or not isinstance(to, datetime):
        return closing
    moment = calendar.local(to)
    if not any(begin < moment <= end for begin, end in calendar.day(day).sessions):
        raise ClockError(f"{moment:%H:%M} ngày {day:%d/%m/%Y} ngoài giờ làm việc.")
    return moment


def projected(clock: Clock, calendar: Calendar) -> datetime | None:
    """When the clock would be due if all its facts were counted with `calendar`; None while it does not run.

    Unlike a recount this may be earlier than the date promised: it answers what a change of calendar would
    do, and changes nothing.
    """
    return _counted(clock, calendar)[0] if clock.state == "running" else None


def _recount(clock: Clock, calendar: Calendar) -> Clock:
    """The due date and the whole ledger again; never earlier than what was promised."""
    if clock.due_current is None:
        raise ClockError("Thời hạn chưa bắt đầu.")
    at, ledger = _counted(clock, calendar)
    at, ledger = _later(at, ledger, clock.due_current, "kept", _KEPT)
    return replace(clock, due_current=at, ledger=ledger)


def _counted(clock: Clock, calendar: Calendar) -> tuple[datetime, tuple[Entry, ...]]:
    """The due date and the whole ledger from the facts the clock holds."""
    if clock.started_at is None or clock.duration is None or clock.due_current is None:
        raise ClockError("Thời hạn chưa bắt đầu.")
    pauses = tuple(Exclusion(s.frm, s.to, s.reason, s.legal_ground) for s in clock.suspensions if s.to)
    origin = clock.restarts[-1].at if clock.restarts else clock.started_at
    due = add(
        calendar,
        origin,
        clock.duration,
        cutoff=clock.cutoff,
        exclusions=[p for p in pauses if p.end > origin],
    )
    ledger = (*_voided(clock, calendar, origin, pauses), *due.ledger)
    at = due.at
    if clock.extension:
        moved = push(
            calendar,
            calendar.local(clock.extension.new_due),
            clock.duration.unit,
            spans_of(calendar, pauses[clock.extension.after :]),
        )
        at, ledger = _later(at, ledger, moved, "extension", clock.extension.reason)
    return at, ledger


def _later(
    at: datetime,
    ledger: tuple[Entry, ...],
    to: datetime,
    code: Literal["extension", "kept"],
    reason: str,
) -> tuple[datetime, tuple[Entry, ...]]:
    if to <= at:
        return at, ledger
    return to, (*ledger, Entry("extended", at, to, 0, "day", code, reason))


def _voided(clock: Clock, calendar: Calendar, until: datetime, pauses: tuple[Exclusion, ...]) -> list[Entry]:
    """The entries of the time before the last restart: lost work, and the pauses within it."""
    if not clock.restarts or clock.started_at is None or clock.duration is None:
        return []
    cursor, end = calendar.local(clock.started_at), calendar.local(until)
    book = Book(cursor)
    unit = amount_unit(clock.duration.unit)
    for begin, back, reason in (*spans_of(calendar, pauses), (end, end, "")):
        work = local_minutes(calendar, book.cursor, min(begin, end))
        book.add("voided", min(begin, end), "restart", clock.restarts[-1].reason, amount=work, unit="minute")
        lost = amount_between(calendar, book.cursor, min(back, end), unit)
        book.add("suspended", min(back, end), "suspension", reason, amount=lost, unit=unit)
    return list(book.entries())
