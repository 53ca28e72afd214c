"""What citizens read: for whom they may file, their drafts and cases."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.models import Case
from tinhso.core.cases.queries import CaseFile
from tinhso.core.db.paging import Page
from tinhso.core.forms import queries as drafts
from tinhso.core.forms.models import Draft
from tinhso.core.orgs import queries as orgs
from tinhso.core.people import queries as people
from tinhso.core.people.models import Person
from tinhso.core.procedures.model import Definition
from tinhso.kit import worktime

ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody one may file for: `value` is what the page sends, `label` how the page names them."""

    value: str
    label: str
    hint: str = ""


def home_territory(actor: Actor) -> str:
    """The code of the commune a signed-in person lives in, "" when unknown."""
    if actor.person_id is None:
        return ""
    return Person.objects.filter(id=actor.person_id).values_list("territory_code", flat=True).first() or ""


def principals(actor: Actor, definition: Definition) -> list[Principal]:
    """For whom a person may file this procedure today: oneself, and everybody represented of a fitting kind."""
    assert actor.person_id is not None  # noqa: S101  the page is for people who signed in
    found = []
    if "person" in definition.applicants:
        found.append(Principal("me", _("Cho tôi"), actor.name))
    for mandate in people.principals_of(actor.person_id, timezone.localdate()):
        who = mandate.principal
        if who.kind in definition.applicants:
            hint = _("Sinh năm %(year)s") % {"year": who.birth[:4]} if who.birth else ""
            found.append(Principal(str(who.id), relation_words(mandate.kind) % {"name": who.full_name}, hint))
    return found


def relation_words(kind: str) -> str:
    """How a page names somebody represented, with a place for the name."""
    return {
        "parent": _("Cho con tôi: %(name)s"),
        "guardian": _("Cho người tôi giám hộ: %(name)s"),
        "authorised": _("Cho người đã ủy quyền cho tôi: %(name)s"),
        "representative": _("Cho tổ chức tôi đại diện: %(name)s"),
    }[kind]


def open_drafts(actor: Actor, code: str = "") -> list[Draft]:
    """The online drafts a person has not sent, latest first; of one procedure when a code is given."""
    found = [d for d in drafts.open_drafts(actor) if d.channel == ONLINE and d.owner_id == actor.person_id]
    return [d for d in found if not code or d.code == code]


def filings(actor: Actor) -> list[Draft]:
    """The filings a person has begun; drafts that answer a supplement belong to their cases."""
    return [d for d in open_drafts(actor) if ":" not in d.code]


def my_cases(actor: Actor, cursor: str = "") -> Page[Case]:
    """The cases a person filed or that were filed for them, latest first."""
    return cases.my_cases(actor, cursor=cursor)


def code_of_key(key: str, actor: Actor) -> str:
    """The code of the case a draft became, "" when it became none or another person's."""
    found = Case.objects.filter(key=key).values_list("code", "applicant_id", "filer_id").first()
    if found is None or actor.person_id not in found[1:]:
        return ""
    return str(found[0])


def is_own(code: str, actor: Actor) -> bool:
    """Whether a case is one's own, as its applicant or as whoever filed it."""
    parties = Case.objects.filter(code=code).values_list("applicant_id", "filer_id").first()
    return parties is not None and actor.person_id in parties


def expected_due(file: CaseFile) -> worktime.Due | None:
    """The appointment if a case just filed were accepted when it was sent; None once it has a real one."""
    state = file.state
    if state.clock.started_at is not None or state.competent is None or state.submitted_at is None:
        return None
    variant = file.definition.variant(state.variant)
    calendar = orgs.calendar_for(state.competent.path)
    return worktime.add(calendar, state.submitted_at, variant.time, cutoff=variant.cutoff)


def is_principal(value: str, offered: list[Principal]) -> UUID | None:
    """The person chosen in the list, None for oneself; `ValueError` when the value is not in the list."""
    if value not in {p.value for p in offered}:
        raise ValueError(value)
    return None if value == "me" else UUID(value)
