"""Small processes for the tests of branches, votes, automatic steps: the birth procedure with other steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tinhso.core.cases.tests.world import CLERK, World
from tinhso.core.forms.texts import Text
from tinhso.core.procedures.build import build_steps
from tinhso.core.procedures.model import Deemed, Definition
from tinhso.core.procedures.tests.sample import definition
from tinhso.kit.worktime import Duration

#: The beginning and the end every process shares.
HEAD = {"id": "receive", "do": "receive", "by": "one_stop_clerk @ reception", "within": "2 hours"}
TAIL = [
    {"id": "sign", "do": "sign", "by": "chair @ competent", "within": "1 hours", "name": "Ký", "document": "x", "next": "return"},
    {"id": "return", "do": "deliver", "by": "one_stop_clerk @ reception", "within": "1 hours", "name": "Trả"},
]  # fmt: skip


def work(name: str, to: str, **more: Any) -> dict[str, Any]:
    """A step of the registrar's."""
    step = {
        "id": name,
        "do": "work",
        "by": "civil_status_officer @ competent",
        "within": "4 hours",
        "name": name,
    }
    return {**step, "next": to, **more}


def ask(name: str, to: str, **more: Any) -> dict[str, Any]:
    """A question to another unit."""
    step = {
        "id": name, "do": "ask_unit", "by": "civil_status_officer @ asked", "within": "2 working days",
        "name": name, "unit": "'x'", "question": "?", "next": to,
    }  # fmt: skip
    return {**step, **more}


def process(*steps: dict[str, Any], time: str = "10 working days", deemed: str = "") -> Definition:
    """The birth procedure with these steps between reception and signature."""
    specs = [{**HEAD, "next": steps[0]["id"]}, *steps, *TAIL]
    base = definition()
    variant = replace(base.variants[-1], time=Duration.parse(time), cutoff=None)
    rule = Deemed(deemed, Text("Coi như chấp thuận", ""), "Luật X Điều 1") if deemed else None
    marks = str((specs, time, deemed))
    return replace(
        base, hash=marks, steps=build_steps(specs), first="receive", variants=(variant,), deemed=rule
    )


def at_work(*steps: dict[str, Any], channel: str = "online", **options: Any) -> World:
    """A case of such a process, handed over to the deciding unit."""
    world = World(definition=process(*steps, **options))
    world.file(channel=channel)
    world.do("accept", CLERK, shown=["identity", "residence"] if channel == "counter" else [])
    world.do("hand_over", CLERK)
    return world
