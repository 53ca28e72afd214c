"""Cases that a ministry's system handles: copied here to be seen and counted, never worked on."""

from __future__ import annotations

from datetime import UTC, datetime

from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import ClockSet, EffectUnion, Filed, Mirrored, Noted, StatusSet
from tinhso.core.cases.state import Party, State, UnitRef
from tinhso.core.procedures.model import Definition
from tinhso.kit.worktime import Clock


class MirrorData(ActData, frozen=True):
    """What the other system says of its case at `event_at`, its own time; later news win whatever comes first."""

    event_at: datetime = datetime.min.replace(tzinfo=UTC)
    status: int = 0
    due: datetime | None = None
    note: str = ""
    source: str = ""
    applicant: Party | None = None
    channel: str = "online"
    reception: UnitRef | None = None
    competent: UnitRef | None = None


def mirror(definition: Definition, state: State, data: MirrorData, facts: Facts) -> list[EffectUnion]:
    """Take over the news. What is older than what is known stands in the file and changes nothing.

    The same news told twice is refused, so that a message delivered twice leaves no trace.
    """
    if data.status not in set(Status):
        raise refuse("bad_status", "Trạng thái phải là mã từ 1 đến 10.", field="status")
    if data.event_at.tzinfo is None:
        raise refuse("no_zone", "Thời điểm phải có múi giờ.", field="event_at")
    if data.event_at in state.mirrored:
        raise refuse("known", "Thông báo này đã được ghi nhận.")
    effects: list[EffectUnion] = []
    if not state.source:
        effects.append(_filed(data))
    effects.append(Mirrored(source=data.source or state.source, event_at=data.event_at))
    if data.note:
        effects.append(Noted(text=data.note[:4000]))
    if state.mirrored and data.event_at < max(state.mirrored):
        return effects
    effects.append(ClockSet(clock=_clock(state, data)))
    return [*effects, StatusSet(status=data.status, at=data.event_at)]


def _filed(data: MirrorData) -> EffectUnion:
    if data.applicant is None or data.reception is None or data.competent is None or not data.source:
        raise refuse("incomplete", "Bản sao hồ sơ cần có hệ thống nguồn, người nộp và cơ quan.")
    return Filed(
        applicant=data.applicant,
        filer_id="",
        channel=data.channel,
        reception=data.reception,
        competent=data.competent,
        at=data.event_at,
    )


def _clock(state: State, data: MirrorData) -> Clock:
    """The other system's promise as it says it; we do not count for it."""
    status = Status(data.status)
    due = data.due or state.clock.due_current
    first = min(filter(None, (state.clock.due_original, due)), default=None)
    if status.is_finished:
        return Clock(
            state="stopped",
            started_at=state.clock.started_at,
            due_original=first,
            due_current=due,
            stopped_at=data.event_at,
        )
    started = state.clock.started_at or (data.event_at if status != Status.NEW else None)
    running = "not_started" if started is None else "running"
    waits = status in (Status.SUPPLEMENT, Status.FINANCIAL)
    return Clock(
        state="paused" if waits and started else running,  # type: ignore[arg-type]
        started_at=started,
        due_original=first,
        due_current=due,
    )
