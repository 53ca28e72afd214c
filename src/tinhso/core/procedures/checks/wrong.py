"""A fault and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault at a path in the file it is about."""

    path: Path
    message: str
