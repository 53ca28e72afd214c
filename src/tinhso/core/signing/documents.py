"""Making a paper ready: rendered, signed, sealed. Slow work, done before the transaction that issues it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from tinhso.core.signing.pki.authority import SignerRef
from tinhso.core.signing.render import qr_svg, render
from tinhso.core.signing.rules import new_code
from tinhso.core.signing.sign import Level, sign_pdf


@dataclass(frozen=True, slots=True)
class Prepared:
    """A finished paper with the code printed on it, not yet issued."""

    code: str
    pdf: bytes


def verify_url(code: str) -> str:
    """The address a QR code opens."""
    return f"{settings.SITE_URL}/v/{code}/"


def with_verification(data: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The template data with `verify_url` and `verify_qr` for this code."""
    url = verify_url(code)
    return {**data, "verify_url": url, "verify_qr": qr_svg(url)}


def prepare(
    source: Path | str,
    data: Mapping[str, Any],
    *,
    signer: SignerRef,
    agency: SignerRef | None = None,
    reason: str,
    location: str,
    code: str = "",
    level: Level = "B-LT",
) -> Prepared:
    """Render with a fresh code (or `code`), sign in the field "signer", then in the field "agency" when given.

    Call it outside a transaction: it asks the trust service. `RenderError`, `SigningError`, `TrustUnavailable`.
    """
    code = code or new_code()
    pdf = render(source, with_verification(data, code))
    pdf = sign_pdf(pdf, signer=signer, reason=reason, location=location, field_name="signer", level=level)
    if agency is not None:
        pdf = sign_pdf(pdf, signer=agency, reason=reason, location=location, field_name="agency", level=level)
    return Prepared(code, pdf)
