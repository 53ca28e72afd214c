"""What can be allowed: every permission is registered here, so that a role cannot carry a misspelt one."""

from __future__ import annotations

from dataclasses import dataclass

from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class Permission:
    """A right a role may carry. `code` is `room.verb`, `title` the Vietnamese words for it.

    Pages for rights of `assurance` 2 alone ask for two factors (`route.needs`).
    """

    code: str
    title: str
    assurance: int = 1


PERMISSIONS: Slot[Permission] = Slot("permissions", Permission, lambda permission: permission.code)
