"""The person behind an act: who, in which post, of which unit, with which permissions.

An `Actor` is a value made once per request or job and passed to every query and action; nothing
below the views looks at the request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission set over a unit: `permissions` hold at `path`, and below it when `below`."""

    role: str
    unit_id: UUID
    path: str
    below: bool
    permissions: frozenset[str]

    def covers(self, path: str) -> bool:
        return path == self.path or (self.below and path.startswith(self.path + "."))


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts. `person_id` is None for the system itself and for visitors."""

    person_id: UUID | None = None
    account_id: UUID | None = None
    name: str = ""
    post_id: UUID | None = None
    post_title: str = ""
    unit_id: UUID | None = None
    unit_path: str = ""
    grants: tuple[Grant, ...] = ()
    system: str = ""
    on_behalf_of: UUID | None = None
    channel: str = "web"
    request_id: str = field(default="", compare=False)

    @property
    def is_staff(self) -> bool:
        return bool(self.grants)

    @property
    def is_known(self) -> bool:
        return self.person_id is not None

    def may(self, permission: str, path: str | None = None) -> bool:
        """Whether a permission is held, at the unit with `path` when one is given."""
        return bool(self.system) or any(
            permission in g.permissions and (path is None or g.covers(path)) for g in self.grants
        )

    def has_role(self, role: str, path: str) -> bool:
        return any(g.role == role and g.covers(path) for g in self.grants)

    def paths(self, permission: str) -> tuple[tuple[str, bool], ...]:
        """The (path, also below) pairs where a permission holds; the scope of every list."""
        return tuple((g.path, g.below) for g in self.grants if permission in g.permissions)


VISITOR = Actor()


def system_actor(name: str) -> Actor:
    """The actor of timers, handlers and commands; audited under `name`."""
    return Actor(system=name, name="Hệ thống", channel="system")
