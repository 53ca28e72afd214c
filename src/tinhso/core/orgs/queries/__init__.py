"""Reading units, territories and calendars; all answers come from the kept `Directory`."""

from __future__ import annotations

from tinhso.core.orgs.queries.calendars import (
    calendar_by_code,
    calendar_code_for,
    calendar_for,
    days_of,
    units_keeping,
    work_calendar,
    work_calendars,
)
from tinhso.core.orgs.queries.directory import Directory, directory, forget
from tinhso.core.orgs.queries.territories import (
    Place,
    communes_of,
    find_communes,
    full_territory_name,
    territory,
    territory_at_level,
    territory_name,
)
from tinhso.core.orgs.queries.units import (
    UnitOnDay,
    centres_on,
    children_of,
    competent_unit,
    continued_by,
    days_of_change,
    find_units,
    one_stop_of,
    reception_units,
    successors_of,
    unit,
    unit_as_of,
    unit_by_code,
    unit_by_path,
)

__all__ = [
    "Directory",
    "Place",
    "UnitOnDay",
    "calendar_by_code",
    "calendar_code_for",
    "calendar_for",
    "centres_on",
    "children_of",
    "communes_of",
    "competent_unit",
    "continued_by",
    "days_of",
    "days_of_change",
    "directory",
    "find_communes",
    "find_units",
    "forget",
    "full_territory_name",
    "one_stop_of",
    "reception_units",
    "successors_of",
    "territory",
    "territory_at_level",
    "territory_name",
    "unit",
    "unit_as_of",
    "unit_by_code",
    "unit_by_path",
    "units_keeping",
    "work_calendar",
    "work_calendars",
]
