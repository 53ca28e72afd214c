"""Cases that owe money, without a database, and the people around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tinhso.core.cases.definition.model import Definition, FeeRule
from tinhso.core.cases.tests.world import (
    CENTRE,
    CLERK,
    World,
    definition,
    officer,
)
from tinhso.core.forms.texts import Text
from tinhso.kit.errors import Refusal

CASHIER = officer("cashier", CENTRE)
OTHER_HEAD = officer("centre_head", CENTRE, number=2)
DAY = date(2026, 8, 8)


def charged(*fees: FeeRule) -> Definition:
    """The birth procedure with other fees."""
    return replace(definition(), fees=fees)


def fixed(name: str, amount: int, kind: str = "le_phi", **more: Any) -> FeeRule:
    return FeeRule(
        name, Text(name), kind, dict.fromkeys(("online", "counter", "post"), Decimal(amount)), **more
    )


TWO = (fixed("one", 8000), fixed("two", 5000, "phi"))


def filed(*fees: FeeRule, channel: str = "online") -> World:
    world = World(definition=charged(*(fees or TWO)))
    world.file(channel=channel)
    return world


def owing() -> World:
    """A case being worked on that owes 13.000 đồng."""
    world = filed()
    world.do("accept", CLERK)
    world.do("hand_over", CLERK)
    return world


def refused(code: str, world: World, act: str, actor: Any, **data: Any) -> Refusal:
    before = world.state
    with pytest.raises(Refusal) as caught:
        world.do(act, actor, **data)
    assert caught.value.code == code, caught.value.message
    assert world.state == before
    return caught.value
