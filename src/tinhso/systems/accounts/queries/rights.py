"""Who may see and do what, answered by the rules that check it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.permissions import PERMISSIONS
from tinhso.core.access.policy import HEADS
from tinhso.core.access.queries import Can, HeldPost, standing_of_person, who_can
from tinhso.core.cases import policy as cases
from tinhso.core.cases.models import Case
from tinhso.core.cases.policy import Judged
from tinhso.core.cases.state import State, load_state
from tinhso.core.cases.versions import definition_of
from tinhso.core.console.policy import AUDIT
from tinhso.core.orgs.models import Unit
from tinhso.core.people import queries as people
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import Forbidden, NotFound

#: Who keeps people, watches over them or leads them may know who may do what at a unit.
ASKS = (MANAGE, AUDIT, HEADS)


def of_unit(unit: Unit, permission: str, *, actor: Actor) -> list[Can]:
    """Everybody who has a permission at a unit. `Forbidden` outside the reader's units."""
    if not any(actor.may(p, unit.path) for p in ASKS):
        raise Forbidden("outside", _("Đơn vị này ngoài phạm vi bạn được xem quyền."))
    if permission not in PERMISSIONS:
        raise NotFound("unknown_permission", _("Không có quyền này."))
    return who_can(permission, unit.path)


@dataclass(frozen=True, slots=True)
class CaseRights:
    """A case without what it is about: its code, the units it concerns, who may see it."""

    case: Case
    state: State
    seers: list[Can]


def of_case(code: str, *, actor: Actor) -> CaseRights:
    """Who may open a case: for who may open it, and for who asks about rights at one of its units. `NotFound` for others,
    whether or not it exists. Nothing of the applicant is told."""
    case = Case.objects.filter(code=code).first()
    if case is not None:
        state = load_state(case.state)
        asks = any(actor.may(p, path) for p in ASKS for path in cases.paths_of(state))
        if asks or cases.may_see(actor, case, state):
            return CaseRights(case, state, cases.who_may_see(state))
    raise NotFound("no_case", _("Không tìm thấy hồ sơ này. Hãy kiểm tra lại mã hồ sơ."))


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person may do with a case in one standing."""

    post: HeldPost | None
    sees: bool
    acts: list[Judged]


def person_on_case(person_id: UUID, found: CaseRights) -> tuple[str, list[Answer]]:
    """Somebody's name, and for each standing they may choose what the rules say of every act on the case."""
    standing = standing_of_person(person_id)
    definition = definition_of(found.case.version_id)
    answers = []
    for post in standing.choices:
        actor = standing.actor(post.key)
        judged = cases.judge_acts(actor, definition, found.state)
        answers.append(Answer(post, cases.may_see(actor, found.case, found.state), judged))
    return people.person(person_id).full_name, answers


def permission_choices() -> list[tuple[str, str]]:
    """Every permission with its words."""
    return sorted((p.code, p.title) for p in PERMISSIONS)
