"""Writing rows so that all of it can be taken back exactly: what was made is deleted, what was changed is restored.

For changes that somebody may want to revert as a whole (a reorganisation). What others built on since is never
overwritten: then `undo` refuses and says which row it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

Row = TypeVar("Row", bound=models.Model)
Entry = dict[str, Any]
AT_ONCE = 1_000


class JournalError(RuntimeError):
    """A row cannot be taken back: `why` is `changed`, `gone` or `used`."""

    def __init__(self, why: str, model: str, key: str) -> None:
        super().__init__(f"{model} {key}: {why}")
        self.why, self.model, self.key = why, model, key


class Journal:
    """Creates and changes rows in the caller's transaction, and keeps in `entries` (plain JSON) how to undo it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def create(self, row: Row) -> Row:
        self.create_all([row])
        return row

    def create_all(self, rows: Sequence[models.Model]) -> None:
        """Rows of one model."""
        if rows:
            _rows(type(rows[0])).bulk_create(rows, batch_size=AT_ONCE)
        self.entries += [{"model": row._meta.label, "id": str(row.pk)} for row in rows]

    def change(self, row: models.Model, **values: Any) -> None:
        self.change_all([(row, values)])

    def change_all(self, changes: Sequence[tuple[models.Model, dict[str, Any]]]) -> None:
        """Rows of one model; each is given with the fields that change, the same for all."""
        for row, values in changes:
            before = _texts(row, values)
            for name, value in values.items():
                setattr(row, name, value)
            self.entries.append(
                {
                    "model": row._meta.label,
                    "id": str(row.pk),
                    "before": before,
                    "after": _texts(row, values),
                }
            )
        if changes:
            rows, names = [row for row, _ in changes], list(changes[0][1])
            _rows(type(rows[0])).bulk_update(rows, names, batch_size=AT_ONCE)


def undo(
    entries: Sequence[Entry], *, last: Collection[str] = (), settle: Callable[[], object] = lambda: None
) -> int:
    """Take everything back, the last first, in the caller's transaction; how many rows. `JournalError` and nothing
    taken back when a row was changed or is used since.

    Rows of the models `last` (labels) are deleted at the end, after `settle`: others may still point at them until then.
    """
    back = list(reversed(entries))
    kept = [e for e in back if "before" not in e and e["model"] in last]
    with transaction.atomic():
        for entry in (e for e in back if "before" in e or e["model"] not in last):
            _take_back(entry)
        settle()
        for entry in kept:
            _take_back(entry)
    return len(back)


def _take_back(entry: Entry) -> None:
    model = apps.get_model(entry["model"])
    row = _rows(model).select_for_update(of=("self",)).filter(pk=entry["id"]).first()
    if row is None:
        raise JournalError("gone", entry["model"], entry["id"])
    if "before" in entry:
        _restore(row, entry)
    else:
        _delete(row, entry)


def _rows(model: type[models.Model]) -> models.Manager[Any]:
    return model._default_manager  # noqa: SLF001  the name Django documents


def _restore(row: models.Model, entry: Entry) -> None:
    if _texts(row, entry["after"]) != entry["after"]:
        raise JournalError("changed", entry["model"], entry["id"])
    for name, text in entry["before"].items():
        field: Any = row._meta.get_field(name)
        setattr(row, field.attname, None if text is None else field.to_python(text))
    row.save(update_fields=list(entry["before"]))


def _delete(row: models.Model, entry: Entry) -> None:
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, IntegrityError) as error:
        raise JournalError("used", entry["model"], entry["id"]) from error


def _texts(row: models.Model, names: Iterable[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in names:
        field: Any = row._meta.get_field(name)
        empty = field.value_from_object(row) is None
        found[name] = None if empty else field.value_to_string(row)
    return found
