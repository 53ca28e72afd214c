"""Tables of systems do not reach into one another, and every room is found by its own app class."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tinhso.core.db.rooms import Room

SYSTEMS = "tinhso.systems."
CORE = "tinhso.core."


def _relations() -> Iterator[tuple[type[models.Model], type[models.Model]]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and isinstance(field.related_model, type):
                yield model, field.related_model


def _system(model: type[models.Model]) -> str:
    name = model.__module__
    return name.removeprefix(SYSTEMS).split(".")[0] if name.startswith(SYSTEMS) else ""


def test_no_relation_between_two_systems() -> None:
    across = [
        f"{a._meta.label} -> {b._meta.label}"
        for a, b in _relations()
        if _system(a) and _system(b) and _system(a) != _system(b)
    ]
    assert across == []


def test_no_table_of_the_core_knows_a_system() -> None:
    up = [
        f"{a._meta.label} -> {b._meta.label}"
        for a, b in _relations()
        if a.__module__.startswith(CORE) and _system(b)
    ]
    assert up == []


def test_every_room_is_a_room() -> None:
    """An app module that names two app classes is loaded as a plain one, and its wiring silently does not run."""
    plain = [
        c.name
        for c in apps.get_app_configs()
        if c.name.startswith(("tinhso.core.", SYSTEMS)) and not isinstance(c, Room)
    ]
    assert plain == []


def test_ids_sort_by_time_or_are_named_by_the_law() -> None:
    """No table hands out guessable numbers in addresses: automatic integers are for rows nobody addresses."""
    unaddressed = {"audit.Entry", "cases.Act", "cases.CasePaper", "events.Delivery", "jobs.Item"}
    numbered = {
        m._meta.label
        for m in apps.get_models()
        if m.__module__.startswith("tinhso.") and isinstance(m._meta.pk, models.AutoField)
    }
    assert numbered <= unaddressed
