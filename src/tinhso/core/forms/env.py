"""What answers are judged against besides themselves: the day, the applicant, the channel, the names of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from tinhso.kit.text import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A territory or a unit that can be picked."""

    code: str
    name: str


class Places(Protocol):
    """Where names of territories and units come from. `kind` is `territory` or `unit`."""

    def find(self, kind: str, text: str, limit: int = 20) -> Sequence[Place]:
        """Places whose name contains the words of `text`, marks optional, best first."""

    def name(self, kind: str, code: str) -> str | None:
        """The full name, `""` for a code that does not exist, None when this source cannot tell."""


class NoPlaces:
    """No source of names: finds nothing and judges no code."""

    def find(self, kind: str, text: str, limit: int = 20) -> Sequence[Place]:
        return ()

    def name(self, kind: str, code: str) -> str | None:
        return None


class ListedPlaces:
    """Names from memory, for checking catalog examples without a database."""

    def __init__(self, territories: Mapping[str, str], units: Mapping[str, str] | None = None) -> None:
        self._names = {"territory": dict(territories), "unit": dict(units or {})}

    def find(self, kind: str, text: str, limit: int = 20) -> Sequence[Place]:
        words = fold(text).split()
        hits = (
            Place(c, n) for c, n in self._names[kind].items() if all(f" {w}" in f" {fold(n)}" for w in words)
        )
        return [p for p, _ in zip(hits, range(limit), strict=False)] if words else []

    def name(self, kind: str, code: str) -> str | None:
        return self._names[kind].get(code, "")


@dataclass(frozen=True, slots=True)
class Env:
    """Everything outside the answers. `extra` adds variables, such as `form` when a result form is filled in."""

    today: date
    applicant: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "online"
    variant: str = ""
    places: Places = field(default_factory=NoPlaces)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def variables(self) -> dict[str, Any]:
        """The variables of expressions; an applicant's unknown facts are null."""
        return {
            "applicant": {**dict.fromkeys(APPLICANT), **self.applicant},
            "channel": self.channel,
            "variant": self.variant,
            "today": self.today.isoformat(),
            **self.extra,
        }


APPLICANT = ("kind", "full_name", "birth", "sex", "identity", "phone", "email", "address", "territory")
