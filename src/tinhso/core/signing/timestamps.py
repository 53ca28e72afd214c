"""RFC 3161 time stamps over a digest: that something existed at a moment, told by somebody else."""

from __future__ import annotations

import asyncio
from datetime import datetime

import requests
from asn1crypto import cms
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from tinhso.core.signing.errors import SigningError, TrustUnavailable
from tinhso.core.signing.keys import demonstration
from tinhso.core.signing.pki.service import utc_now
from tinhso.core.signing.sign import time_stamper
from tinhso.core.signing.verify import trust_roots

_SHA256 = 32


def timestamp(digest: bytes) -> bytes:
    """A token (DER) over a SHA-256 digest from the time-stamp authority; `TrustUnavailable` when it does not answer."""
    if len(digest) != _SHA256:
        raise ValueError("a SHA-256 digest has 32 bytes")
    try:
        return bytes(asyncio.run(time_stamper().async_timestamp(digest, "sha256")).dump())
    except (TimestampRequestError, requests.RequestException, ValueError) as error:
        raise TrustUnavailable(
            "trust_unavailable", _("Dịch vụ dấu thời gian chưa trả lời. Hệ thống sẽ thử lại.")
        ) from error


def verify_timestamp(token: bytes, digest: bytes) -> datetime:
    """The moment a token tells; `SigningError` when it is not over this digest or not from an authority we trust."""
    try:
        signed = cms.ContentInfo.load(token)["content"]
        crl = demonstration().root_list(utc_now())
        context = ValidationContext(trust_roots=trust_roots(), crls=[crl], revocation_mode="soft-fail")
        found = asyncio.run(validate_tst_signed_data(signed, context, lambda _algorithm: digest))
        status = TimestampSignatureStatus(**found)
    except (SignatureValidationError, ValueError, TypeError, KeyError) as error:
        raise _bad() from error
    if not (status.intact and status.valid and status.trusted):
        raise _bad()
    moment: datetime = status.timestamp
    return moment


def _bad() -> SigningError:
    return SigningError(
        "bad_timestamp", _("Dấu thời gian không đúng với nội dung, hoặc không do tổ chức tin cậy cấp.")
    )
