"""Clock values as JSON and back, without loss of value."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_data(value: Any) -> Any:
    """A Clock, Due, Duration or Entry as plain dicts, lists and strings (for a JSON column)."""
    return msgspec.to_builtins(value)


def from_data(cls: type[T], data: Any) -> T:
    """Back from `to_data`. Times come with a fixed offset; they equal the ones given."""
    return msgspec.convert(data, cls)


def to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def from_json(cls: type[T], text: str | bytes) -> T:
    """Back from `to_json`. Raises msgspec.ValidationError when the text is not such a value."""
    return msgspec.json.decode(text, type=cls)
