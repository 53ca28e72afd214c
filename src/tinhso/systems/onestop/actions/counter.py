"""Taking a dossier from somebody who stands at the counter: filed and accepted in one go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from tinhso.core.access.actor import Actor
from tinhso.core.cases.actions import Done, file_case, perform
from tinhso.core.cases.actions.links import Mends, tie_correction
from tinhso.core.cases.choices import Channel, Status
from tinhso.core.cases.rules.reception import AcceptData
from tinhso.core.cases.state import PaperState
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import UnitKind
from tinhso.core.people import queries as people
from tinhso.kit.errors import Forbidden
from tinhso.systems.onestop.queries.filing import party_of


def centre_of(actor: Actor) -> UUID:
    """The centre the actor receives for: the unit of the post, when it is a one-stop; `Forbidden` otherwise."""
    unit = orgs.directory().units.get(actor.unit_id) if actor.unit_id else None
    while unit is not None and unit.kind != UnitKind.CENTRE:
        unit = unit.parent
    if unit is None or not actor.may("cases.receive", unit.path):
        raise Forbidden("no_centre", "Vị trí công tác của bạn không thuộc bộ phận một cửa nào.")
    return unit.id


def receive_at_counter(
    *,
    person_id: UUID,
    procedure: str,
    answers: dict[str, Any],
    papers: tuple[PaperState, ...],
    key: str,
    actor: Actor,
    accept: bool,
    return_how: str = "counter",
    return_address: str = "",
    return_unit_id: UUID | None = None,
    channel: str = Channel.COUNTER,
    mends: Mends | None = None,
) -> Done:
    """File a dossier for somebody present and, with `accept`, accept it: both or nothing.

    The same `key` again gives the first case. With `mends` it is the correction of another case. Raises a `Refusal` that says what is missing.
    """
    centre, applicant = centre_of(actor), party_of(people.person(person_id))
    with transaction.atomic():
        done = file_case(
            procedure=procedure,
            applicant=applicant,
            answers=answers,
            papers=papers,
            channel=channel,
            key=key,
            actor=actor,
            reception_id=centre,
            return_how=return_how,
            return_address=return_address,
            return_unit_id=return_unit_id,
        )
        if mends is not None:
            done = tie_correction(done, mends, actor=actor)
        if accept and done.state.status == Status.NEW:
            done = perform(done.case.id, "accept", AcceptData(), actor=actor)
    return done
