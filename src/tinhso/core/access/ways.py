"""The ways to sign in beside name and password: rooms offer theirs, the sign-in page shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class SignInWay:
    """A way in. `title` and `hint` are Vietnamese message ids; `url_name` opens it and takes `?next=`.

    `place` is `main` for a way of its own, `help` for what somebody needs who cannot get in.
    """

    key: str
    title: str
    url_name: str
    hint: str = ""
    order: int = 50
    place: str = "main"
    offered: Callable[[], bool] = lambda: True


SIGN_IN_WAYS: Slot[SignInWay] = Slot("ways to sign in", SignInWay, lambda way: way.key)


def offered(place: str) -> list[SignInWay]:
    """What is offered now in a place of the sign-in page, in order."""
    return sorted(
        (w for w in SIGN_IN_WAYS if w.place == place and w.offered()), key=lambda w: (w.order, w.key)
    )
