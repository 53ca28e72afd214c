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
class OnBehalf:
    """For whom somebody acts: a citizen by mandate (`person_id` and name), or the holder of a post by delegation.

    `title` is the title of the post acted for, `form` how the law has such a signature headed (`kt`, `tuq`, `q`).
    """

    person_id: UUID
    name: str = ""
    title: str = ""
    post_id: UUID | None = None
    delegation_id: UUID | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts. `person_id` is None for the system itself and for visitors.

    Under a delegation `post_*` are the actor's own post, while `unit_*` and `grants` are those of the post acted for.
    """

    person_id: UUID | None = None
    account_id: UUID | None = None
    name: str = ""
    post_id: UUID | None = None
    post_title: str = ""
    unit_id: UUID | None = None
    unit_path: str = ""
    grants: tuple[Grant, ...] = ()
    system: str = ""
    on_behalf_of: OnBehalf | None = None
    channel: str = "web"
    request_id: str = field(default="", compare=False)

    @property
    def is_staff(self) -> bool:
        return bool(self.grants)

    @property
    def is_known(self) -> bool:
        return self.person_id is not None

    @property
    def stands_for(self) -> OnBehalf | None:
        """The holder of the post acted for by delegation, if the actor acts so; a citizen's mandate does not count."""
        return self.on_behalf_of if self.on_behalf_of and self.on_behalf_of.delegation_id else None

    @property
    def standing_key(self) -> UUID | None:
        """What chooses this standing again: the delegation, else the post. Long work keeps it (`Standing.actor`)."""
        lent = self.stands_for
        return lent.delegation_id if lent else self.post_id

    @property
    def desk_name(self) -> tuple[str, str]:
        """Whose desk the work lies on: (person id, name) of the one acted for by delegation, else of the actor."""
        lent = self.stands_for
        if lent:
            return str(lent.person_id), lent.name
        return str(self.person_id or ""), self.name

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
