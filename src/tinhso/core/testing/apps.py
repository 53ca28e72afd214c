from __future__ import annotations

from tinhso.core.db.rooms import Room


class TestingConfig(Room):
    name = "tinhso.core.testing"
    label = "testing"
