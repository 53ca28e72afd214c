"""The public look-up of a case: its status and dates, never a name."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tinhso.core.cases.models import Case
from tinhso.core.cases.state import load_state
from tinhso.core.cases.versions import definition_of
from tinhso.kit.errors import NotFound
from tinhso.systems.onestop.rules.standing import places, working

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Tracked:
    """What anybody holding the receipt may know of a case. `places` are agency and step, wherever it is now."""

    code: str
    procedure: str
    status: int
    reception: str
    competent: str
    submitted_at: datetime
    accepted_at: datetime | None
    due: datetime | None
    paused: bool
    finished_at: datetime | None
    returned_at: datetime | None
    phone: str
    address: str
    places: tuple[tuple[str, str], ...] = ()

    @property
    def agencies(self) -> int:
        """How many agencies work on it now."""
        return len({unit for unit, _ in self.places})


def track(code: str, last_digits: str, *, lang: str) -> Tracked:
    """The case with that code whose applicant's number ends so; the same `NotFound` for a wrong code or wrong digits."""
    case = Case.objects.filter(code=code.strip().upper()).select_related("reception").first()
    state = load_state(case.state) if case else None
    number = state.applicant.identity if state and state.applicant else ""
    given = "".join(c for c in last_digits if c.isdigit())
    right = hmac.compare_digest(number[-DIGITS:].encode(), given.encode()) and len(given) == DIGITS
    if case is None or state is None or not right:
        raise NotFound(
            "no_case",
            _("Không tìm thấy hồ sơ khớp với mã và 4 số này. Hãy xem lại trên giấy tiếp nhận."),
            field="code",
        )
    definition = definition_of(case.version_id)
    found = working(places(state, definition, lang))
    return Tracked(
        case.code,
        definition.name.in_(lang),
        case.status,
        state.reception.name if state.reception else "",
        state.competent.name if state.competent else "",
        case.submitted_at,
        case.accepted_at,
        case.due_current,
        case.clock == "paused",
        case.finished_at,
        case.returned_at,
        case.reception.phone,
        case.reception.address,
        tuple(dict.fromkeys((p.unit, p.name) for p in found if p.kind not in ("ask_applicant", "pay"))),
    )
