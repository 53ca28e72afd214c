"""Cases under the birth procedure in a database, and further versions of it, for tests of moving cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.actions import file_case, perform
from tinhso.core.cases.actions.publish import publish
from tinhso.core.cases.models import Case, ProcedureVersion
from tinhso.core.cases.state import Party, State, load_state
from tinhso.core.cases.tests.world import ZONE
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.tests.sample import BIRTH, CATALOG, ROLES, example
from tinhso.core.testing.province import SmallProvince

CODE = "1.001193"
TODAY = timezone.localdate()
#: A Monday morning at least a week ago: cases filed then have a version that was replaced today.
_DAY = TODAY - timedelta(days=TODAY.weekday() + 7)
MONDAY = datetime(_DAY.year, _DAY.month, _DAY.day, 9, 0, tzinfo=ZONE).astimezone(UTC)
SYSTEM = system_actor("test")
Source = dict[str, Any]


@cache
def _source() -> str:
    return json.dumps(Catalog(CATALOG, ROLES).source(BIRTH))


def step(source: Source, name: str) -> dict[str, Any]:
    return next(s for s in source["procedure"]["process"] if s["id"] == name)


def next_version(change: Callable[[Source], object], valid_from: date = TODAY) -> ProcedureVersion:
    """Publish the birth procedure with a change of its source."""
    source = json.loads(_source())
    latest = ProcedureVersion.objects.filter(procedure_id=CODE).order_by("-number").first()
    if latest is not None:
        source = deepcopy(latest.source)
    change(source)
    return publish(source, actor=SYSTEM, valid_from=valid_from).version


def new_words(source: Source) -> None:
    """A change that nobody's case depends on."""
    source["procedure"]["keywords"].append(f"từ khóa {uuid4()}")
    step(source, "draft")["name"] = {"vi": "Thẩm định, soạn thảo"}


def renamed_step(source: Source) -> None:
    """The drafting step has another id and another person does it."""
    draft = step(source, "draft")
    draft["id"], draft["by"] = "prepare", "land_officer @ competent"
    step(source, "receive")["next"] = [
        {**n, "to": "prepare"} if n["to"] == "draft" else n for n in _listed(step(source, "receive")["next"])
    ]


def _listed(following: Any) -> list[dict[str, Any]]:
    items = [following] if isinstance(following, str) else following
    return [{"to": n} if isinstance(n, str) else dict(n) for n in items]


def longer(source: Source) -> None:
    """Every case gets five working days."""
    for variant in source["procedure"]["variants"]:
        variant["time"] = "15 working days"
        variant.pop("cutoff", None)


def one_question_more(source: Source) -> None:
    """A question that has to be answered."""
    field = {"id": "new_question", "type": "text", "label": {"vi": "Câu hỏi mới"}, "required": True}
    source["form"]["pages"][0]["fields"].append(field)


def file_one(province: SmallProvince, *, at: datetime = MONDAY, **answers: Any) -> Case:
    """A birth declared at the counter of Phường I."""
    citizen = province.actor(province.citizen)
    party = Party(id=str(citizen.person_id), kind="person", full_name=citizen.name, territory="31318")
    home = {"detail": "Số 12 đường Nguyễn Huệ", "territory": "31318"}
    born = f"{_DAY - timedelta(days=5)}"
    given = (
        example()
        | {"child_birth": born, "notice_date": born, "residence": home, "birth_address": home}
        | answers
    )
    clerk = province.officer("one_stop_clerk")
    done = file_case(
        procedure=CODE, applicant=party, answers=given, papers=(), channel="counter", key=str(uuid4()), actor=clerk,
        now=at,
    )  # fmt: skip
    return done.case


def accepted(province: SmallProvince, *, at: datetime = MONDAY) -> Case:
    """Filed, accepted and handed over to the registrar."""
    case, clerk = file_one(province, at=at), province.officer("one_stop_clerk")
    every = [p["id"] for p in case.version.source["procedure"]["papers"]]
    perform(case.id, "accept", {"shown": every}, actor=clerk, now=at)
    perform(case.id, "hand_over", actor=clerk, now=at + timedelta(minutes=5))
    return fresh(case)


def fresh(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def state_of(case: Case) -> State:
    return load_state(fresh(case).state)
