"""The acts on many cases that take more than the engine: signing asks the trust service, assigning knows the posts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.bulk import BulkAct, BulkField, require_unmoved
from tinhso.core.cases.models import Act
from tinhso.core.cases.policy import fitting_data
from tinhso.systems.onestop.actions.handover import assign_step, assignees
from tinhso.systems.onestop.actions.staff import sign_result

#: A person signs at most this many results in one go; more would hide what is being signed.
MOST_AT_ONCE = 200
PURPOSE = "Làm một việc cho nhiều hồ sơ"


def sign_one(case_id: UUID, seen: int | None, values: dict[str, Any], actor: Actor) -> str:
    """Sign the result of one case; one that is signed already says so, so that a broken run can go on."""
    file = cases.open_case_by_id(case_id, actor=actor, purpose=PURPOSE)
    if file.state.result is not None:
        return f"Đã ký trước đó, số {file.state.number}"
    if seen is not None:
        own = Act.objects.filter(case_id=case_id, seq__gt=seen, kind="number").count()
        require_unmoved(file.state.seq - own, seen)  # the number a broken try reserved is no change
    kind = ACTS.get("sign")
    token = fitting_data(kind, kind.data(), file.definition, file.state, actor).token
    return f"Đã ký, số {sign_result(case_id, token, actor=actor).state.number}"


def assign_one(case_id: UUID, seen: int | None, values: dict[str, Any], actor: Actor) -> str:
    """Give the open step of one case to the person chosen for all, if they hold its role."""
    file = cases.open_case_by_id(case_id, actor=actor, purpose=PURPOSE)
    require_unmoved(file.state.seq, seen)
    kind, person = ACTS.get("assign"), values["person_id"]
    data = fitting_data(kind, kind.data(), file.definition, file.state, actor)
    open_here = [t.id for t in file.state.tokens if person in dict(assignees(t))]
    token = data.token if data.token in open_here or not open_here else open_here[0]
    done = assign_step(case_id, token, person, actor=actor)
    step = done.state.token(token)
    return f"Đã phân công cho {step.person_name}" if step else "Đã phân công"


SIGN = BulkAct("sign", "Đã ký", one=sign_one, apart=True, most=MOST_AT_ONCE)
ASSIGN = BulkAct("assign", "Đã phân công", (BulkField("person_id", "Người xử lý", "person"),), one=assign_one)
