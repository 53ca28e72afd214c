from __future__ import annotations

from tinhso.core.db import rooms


class TestingConfig(rooms.Room):
    name = "tinhso.core.testing"
    label = "testing"
