"""A reorganisation plan as its file says it: territories, levels, units, people, all from one day.

The file is YAML (`catalog/schema/reorganisation.schema.json`, `docs/howto/reorganise.md`). Units and territories are
named by the codes they have before the day; what begins on the day by its new code.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from tinhso.kit.yamlfile import Document, FaultsError, loads, validate


class Struct(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Read from the file as it stands there."""


class Origin(Struct, frozen=True):
    """A territory that goes into another: whole, or a `part` of it."""

    code: str
    part: bool = False


class Place(Struct, frozen=True, rename={"from_": "from"}):
    """A territory that begins on the day, or goes on under another name, and what went into it."""

    code: str
    name: str
    level: str
    parent: str = ""
    from_: tuple[Origin, ...] = ()


class LevelEnd(Struct, frozen=True):
    level: str
    done_by: str


class Target(Struct, frozen=True):
    """What units become: a new unit (`code` not in use), or one of them that goes on (`keep`), renamed if need be."""

    code: str = ""
    keep: str = ""
    name: str = ""
    kind: str = ""
    agency: str = ""
    under: str = ""
    territory: str = ""


class Rule(Struct, frozen=True):
    """One line of a division: cases of these territories, procedures or codes go to `unit`."""

    unit: str
    territories: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


class Op(Struct, frozen=True, tag_field="do"):
    """One step of the plan."""


class Merge(Op, frozen=True, tag="merge", rename={"from_": "from"}):
    """Several units become one, and their parts (one-stop, divisions) become its parts, by field."""

    from_: tuple[str, ...]
    into: Target


class Dissolve(Op, frozen=True, tag="dissolve"):
    """A unit with all its parts is no more, and each piece of its work goes where its territory belongs on the day,
    at `level`; what has no territory goes to `otherwise` ("" : somebody has to say)."""

    unit: str
    level: str
    otherwise: str = ""


class Divide(Op, frozen=True, tag="divide"):
    """A unit is no more; its work goes by rules, the first that fits, else to `otherwise`."""

    unit: str
    rules: tuple[Rule, ...]
    otherwise: str = ""


class Close(Op, frozen=True, tag="close"):
    """A unit with all its parts is no more; `to` does its work."""

    unit: str
    to: str


class Change(Op, frozen=True, tag="change"):
    """A unit goes on with another name, code, parent or territory."""

    unit: str
    name: str = ""
    code: str = ""
    under: str = ""
    territory: str = ""


class Create(Op, frozen=True, tag="create"):
    """A unit that begins on the day and continues none."""

    unit: Target


Step = Merge | Dissolve | Divide | Close | Change | Create


class Appointment(Struct, frozen=True):
    """That a person (by sign-in name) holds a post of a unit from the day."""

    person: str
    unit: str
    post: str


class People(Struct, frozen=True):
    """What becomes of those who held posts of closed units.

    `single` names posts only one may hold, each with the post the others get; `spread` lets people of dissolved
    units go to the units that take over their territory, evenly, in the order of names; otherwise somebody says.
    """

    single: dict[str, str] = {}
    spread: bool = False
    appointments: tuple[Appointment, ...] = ()


class Plan(Struct, frozen=True):
    """A whole plan. `on`: the first day of the new order; `decision`: the resolution it rests on."""

    name: str
    decision: str
    on: date
    territories: tuple[Place, ...] = ()
    levels: tuple[LevelEnd, ...] = ()
    units: tuple[Step, ...] = ()
    people: People = People()


def parse(text: str, name: str = "phương án") -> tuple[Plan, Document]:
    """The plan of a file; `FaultsError` with every fault, its line and what to do."""
    document = loads(text, name)
    schema = json.loads((Path(settings.CATALOG) / "schema" / "reorganisation.schema.json").read_text("utf-8"))
    faults = validate(document, schema)
    if faults:
        raise FaultsError(faults)
    try:
        return msgspec.convert(document.data, Plan), document
    except msgspec.ValidationError as error:
        raise FaultsError([document.fault((), f"Chưa đọc được phương án: {error}")]) from error


def source_of(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON, for keeping."""
    found: dict[str, Any] = msgspec.to_builtins(plan)
    return found


def load(source: dict[str, Any]) -> Plan:
    return msgspec.convert(source, Plan)
