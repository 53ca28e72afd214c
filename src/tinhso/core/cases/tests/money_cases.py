"""Cases that owe money, without a database, and the people around them."""

from __future__ import annotations

from typing import Any

import pytest

from tinhso.core.cases.tests.world import CENTRE, CLERK, World, officer
from tinhso.core.procedures.model import FeeRule
from tinhso.core.procedures.tests.sample import TWO, charged
from tinhso.kit.errors import Refusal

CASHIER = officer("cashier", CENTRE)
OTHER_HEAD = officer("centre_head", CENTRE, number=2)


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
