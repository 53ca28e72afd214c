"""What an action answers when it cannot be done: a sentence for the person, a code for programs."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  an answer, not a fault
    """An act was refused and nothing changed.

    `code` is stable and for programs, `message` is a full sentence for the person who asked, `ground`
    names the rule or law it rests on, `field` the form field it is about.
    """

    status = 409

    def __init__(
        self, code: str, message: str, status: int | None = None, ground: str = "", field: str | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.ground, self.field = code, message, ground, field
        if status is not None:
            self.status = status


class NotFound(Refusal):
    """The thing asked for does not exist, or this person may not know that it does."""

    status = 404


class Forbidden(Refusal):
    """The person is known and may not do this."""

    status = 403


class Stale(Refusal):
    """Somebody else changed the thing since the person saw it."""

    status = 409
