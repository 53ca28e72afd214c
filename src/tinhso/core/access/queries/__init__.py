"""The only reads of standings, delegations and absences."""

from __future__ import annotations

from tinhso.core.access.queries.absences import (
    absence,
    absences_of_units,
    away_on,
    my_absences,
    stood_in_for,
)
from tinhso.core.access.queries.delegations import (
    delegation,
    delegation_of_file,
    delegations_of_units,
    given_by_me,
    held_by_me,
    in_force,
    lent_since,
    past_of_mine,
)
from tinhso.core.access.queries.giving import Giving
from tinhso.core.access.queries.security import (
    Factors,
    Stay,
    factors_of,
    passkeys_of,
    second_factor_duty,
    stays_of,
)
from tinhso.core.access.queries.staff import Colleague, colleagues, find_colleagues
from tinhso.core.access.queries.standing import (
    HeldPost,
    Standing,
    actor_for_account,
    actor_for_person,
    held_on,
    holders,
    open_posts,
    people_with_role,
    posts_of_unit,
    posts_with_role,
    standing_of_account,
    standing_of_person,
    standing_of_session,
    unit_holding,
    units_with_role,
)
from tinhso.core.access.queries.whocan import Can, who_can

__all__ = [
    "Can",
    "Colleague",
    "Factors",
    "Giving",
    "HeldPost",
    "Standing",
    "Stay",
    "absence",
    "absences_of_units",
    "actor_for_account",
    "actor_for_person",
    "away_on",
    "colleagues",
    "delegation",
    "delegation_of_file",
    "delegations_of_units",
    "factors_of",
    "find_colleagues",
    "given_by_me",
    "held_by_me",
    "held_on",
    "holders",
    "in_force",
    "lent_since",
    "my_absences",
    "open_posts",
    "passkeys_of",
    "past_of_mine",
    "people_with_role",
    "posts_of_unit",
    "posts_with_role",
    "second_factor_duty",
    "standing_of_account",
    "standing_of_person",
    "standing_of_session",
    "stays_of",
    "stood_in_for",
    "unit_holding",
    "units_with_role",
    "who_can",
]
