"""Work that changes hands: who may be given a step, giving it, putting it back for everybody."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import away_on, people_with_role
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions import Done, perform
from tinhso.core.cases.rules.handover import ReleaseData
from tinhso.core.cases.rules.steps import AssignData
from tinhso.core.cases.state import Token
from tinhso.core.desk.queries import Row
from tinhso.core.orgs import queries as orgs
from tinhso.kit.dates import vi_date
from tinhso.kit.errors import Refusal

People = list[tuple[str, str]]


def people_for(unit_id: UUID, role: str) -> People:
    """Who may be given the work of a role at a unit: (person id, name) of its holders there, else at a part of it."""
    found = people_with_role(unit_id, role)
    if not found:
        for part in orgs.children_of(unit_id):
            found += people_with_role(part.id, role)
    return [(str(p.id), p.full_name) for p in found]


def assignees(token: Token) -> People:
    """Who may be given an open step."""
    return people_for(UUID(token.unit.id), token.role)


def assignees_marked(token: Token) -> People:
    """The same for choosing from: those who are away come last and say until when."""
    return marked(assignees(token))


def marked(people: People) -> People:
    """Names with "away until" for those who are, the others first; one query."""
    away = {str(person): absence for person, absence in away_on(UUID(i) for i, _ in people).items()}
    here = [pair for pair in people if pair[0] not in away]
    return here + [
        (i, gettext("%(name)s (vắng đến %(day)s)") % {"name": name, "day": vi_date(away[i].last_day)})
        for i, name in people
        if i in away
    ]


def assign_step(
    case_id: UUID,
    token: str,
    person_id: str,
    *,
    actor: Actor,
    expected_seq: int | None = None,
    reason: str = "",
) -> Done:
    """Give an open step to somebody who holds its role; refused for anybody else."""
    file = cases.open_case_by_id(case_id, actor=actor)
    step = file.state.token(token)
    if step is None:
        raise Refusal("step_gone", "Bước này đã được xử lý xong hoặc đã chuyển nơi khác. Hãy tải lại trang.")
    if not person_id:
        raise Refusal("nobody", "Hãy chọn người xử lý.", field="person_id")
    name = dict(assignees(step)).get(person_id)
    if name is None:
        raise Refusal("not_holder", "Người này không giữ vị trí làm bước này.", field="person_id")
    data = AssignData(token=token, person_id=person_id, person_name=name, reason=reason)
    return perform(case_id, "assign", data, actor=actor, expected_seq=expected_seq)


def release_step(case_id: UUID, token: str, reason: str, *, actor: Actor) -> Done:
    """Put an open step back for everybody who could do it."""
    return perform(case_id, "release", ReleaseData(token=token, reason=reason), actor=actor)


def give_task(row: Row, person_id: str, reason: str, *, actor: Actor) -> None:
    """The step behind a task to somebody."""
    assign_step(row.subject_id, row.token, person_id, actor=actor, reason=reason)


def release_task(row: Row, reason: str, *, actor: Actor) -> None:
    """The step behind a task back for everybody."""
    release_step(row.subject_id, row.token, reason, actor=actor)
