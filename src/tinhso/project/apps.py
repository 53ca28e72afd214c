from __future__ import annotations

from django.apps import AppConfig

from tinhso.kit.slots import Slot


class ProjectConfig(AppConfig):
    """Last of all apps: once every room is wired, the slots close."""

    name = "tinhso.project"
    label = "project"

    def ready(self) -> None:
        Slot.freeze_all()
