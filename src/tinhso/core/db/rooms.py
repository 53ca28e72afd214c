"""The Django app of one room: loads the room's `wiring` at start, so that a broken registration stops the start."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class Room(AppConfig):
    """An app whose `wiring` module registers everything the room offers; a missing module is fine, a broken one is not."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if find_spec(f"{self.name}.wiring") is not None:
            import_module(f"{self.name}.wiring")
