"""What higher rooms do at once when an account's password changes or the account closes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tinhso.core.orgs.policy import ActorLike
from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class AccountWatch:
    """`do(account_id, what, actor, keep)` runs in the act's own transaction; `what` is `password` or `closed`.

    `keep` is the session the person changes the password from.
    """

    key: str
    do: Callable[[UUID, str, ActorLike, UUID | None], None]


ACCOUNT_WATCHES: Slot[AccountWatch] = Slot("account watches", AccountWatch, lambda watch: watch.key)


def tell(account_id: UUID, what: str, actor: ActorLike, keep: UUID | None) -> None:
    """Let everybody who watches accounts act."""
    for watch in ACCOUNT_WATCHES:
        watch.do(account_id, what, actor, keep)
