"""Why a question was not answered; each is a `Refusal`, so the asker can name a fallback for it."""

from __future__ import annotations

from tinhso.kit.errors import Refusal


class Unanswered(Refusal):
    """Nobody answered: no provider is installed, it is away, or it took too long. Asking again later may help."""

    status = 503
