"""What happens to cases, as other rooms hear of it. Ids are text; times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """An act was done on a case. `status` is the national number after it; `act` the kind of act.

    One event for every act, so that a reader who keeps order by `seq` needs no other. `holders_changed`: other
    people or units have to do with the case than before.
    """

    case_id: str
    case_code: str
    seq: int
    act: str
    at: datetime
    status: int
    status_before: int
    procedure: str
    procedure_name: str
    applicant_id: str
    filer_id: str
    reception_id: str
    competent_id: str
    due_current: datetime | None = None
    holders_changed: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class SubcaseEnded:
    """A case filed for a step of another one is over; `parent_id` is the case that waits for its result."""

    case_id: str
    parent_id: str
    token: str
    status: int
    version: int = 1


@dataclass(frozen=True, slots=True)
class ProcedureChanged:
    """A procedure's catalogue entry changed, or a version of it was published. What holds now stands in its row."""

    procedure: str
    version: int = 1
