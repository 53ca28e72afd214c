"""What can go wrong with papers and signatures, each with a sentence for the person."""

from __future__ import annotations

from tinhso.kit.errors import Refusal


class RenderError(RuntimeError):
    """A template that does not compile; the message names file and line as `receipt.typ:12:4: ...`."""


class SigningError(Refusal):
    """A signature that cannot be made or a file that cannot be signed."""

    status = 422


class TrustUnavailable(SigningError):  # noqa: N818 - named for the state, as callers say it
    """The time-stamp or revocation service does not answer. Nothing was signed; try again later."""

    status = 503
