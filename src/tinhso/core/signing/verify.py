"""Checking signatures in a PDF, and saying in plain words what was found.

A signature counts at the moment it was made: the time stamp tells that moment, and the evidence stored in
the file (certificates, OCSP answers, revocation lists) tells whether the signer's certificate was good then.
The check therefore needs no network for papers with that evidence inside.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from asn1crypto import x509
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from tinhso.core.signing.keys import demonstration
from tinhso.core.signing.pki.service import certificate_of
from tinhso.core.signing.sign import CLOCKS_APART, TIMEOUT

log = logging.getLogger(__name__)
Verdict = Literal["valid", "unsigned", "changed", "untrusted"]
Revocation = Literal["good", "revoked", "unknown"]


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature. `covers_all` is False when something else than evidence or further signatures follows it."""

    field_name: str
    signer: str
    title: str
    organisation: str
    issuer: str
    signed_at: datetime | None
    timestamped: bool
    intact: bool
    covers_all: bool
    changed_after: bool
    trusted: bool
    revocation: Revocation
    level: str
    sentences: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return self.intact and self.trusted and not self.changed_after


@dataclass(frozen=True, slots=True)
class Report:
    """The whole file. `summary` is one Vietnamese sentence for the verdict."""

    verdict: Verdict
    summary: str
    signatures: tuple[SignatureReport, ...] = field(default=())


def trust_roots() -> list[x509.Certificate]:
    """The roots we trust: the demonstration root and those listed in `settings.TRUSTED_ROOTS` (PEM or DER files)."""
    from pyhanko.keys import load_certs_from_pemder

    paths: Sequence[str | Path] = getattr(settings, "TRUSTED_ROOTS", ())
    return [certificate_of(demonstration().root), *load_certs_from_pemder([str(p) for p in paths])]


def verify_pdf(pdf: bytes, *, at: datetime | None = None) -> Report:
    """Check every signature of a PDF.

    `at` stands in for the moment of signing where a signature carries no time stamp (default: now). Bytes
    that are not a PDF give the verdict "changed" when they carry signatures that cannot be read, otherwise
    "unsigned"; nothing is raised for what people upload.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        embedded = list(reader.embedded_regular_signatures)
        found = tuple(_check(reader, one, at) for one in embedded)
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        log.info("unreadable PDF given for verification: %s", error, exc_info=True)
        return _unreadable(pdf)
    return _judge(found, _tail(pdf))


def _unreadable(pdf: bytes) -> Report:
    if b"/ByteRange" in pdf:
        return Report(
            "changed", _("Tệp có chữ ký số nhưng cấu trúc bị hỏng hoặc đã bị sửa. Không nên tin tệp này.")
        )
    return Report("unsigned", _("Tệp không phải PDF có chữ ký số."))


def _tail(pdf: bytes) -> bool:
    """Whether something stands behind the last end mark of the PDF: no reader shows it, no signature covers it."""
    return bool(pdf[pdf.rfind(b"%%EOF") + 5 :].strip(b"\r\n \x00")) if b"%%EOF" in pdf else True


def _judge(found: tuple[SignatureReport, ...], tail: bool) -> Report:
    if not found:
        return Report(
            "unsigned", _("Tệp này không có chữ ký số, nên không thể biết ai cấp và có bị sửa hay không.")
        )
    if tail or any(not s.intact or s.changed_after for s in found):
        return Report("changed", _("Nội dung tệp đã bị thay đổi sau khi ký. Không nên tin tệp này."), found)
    if not all(s.trusted for s in found):
        return Report(
            "untrusted",
            _("Tệp còn nguyên vẹn, nhưng chưa xác minh được người ký là ai. Không nên tin tệp này."),
            found,
        )
    return Report("valid", _("Chữ ký hợp lệ: đúng người ký và nội dung không bị thay đổi từ khi ký."), found)


def _check(reader: PdfFileReader, one: EmbeddedPdfSignature, at: datetime | None) -> SignatureReport:
    """One signature against the evidence in the file, at the moment of its time stamp."""
    evidence = _evidence(reader)
    stamped = _stamp_time(one)
    moment = stamped or at
    contexts = _contexts(evidence, moment)
    status = _status(one, contexts)
    return _report(one, status, stamped, evidence is not None)


def _evidence(reader: PdfFileReader) -> DocumentSecurityStore | None:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None


def _stamp_time(one: EmbeddedPdfSignature) -> datetime | None:
    """The time the attached time stamp tells; whether it can be trusted is checked with the signature."""
    token = next(
        find_cms_attribute_iter(one.signer_info["unsigned_attrs"], "signature_time_stamp_token"), None
    )
    if token is None:
        return None
    told = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    return told if isinstance(told, datetime) else None


def _contexts(
    evidence: DocumentSecurityStore | None, moment: datetime | None
) -> tuple[ValidationContext, ...]:
    """Two equal contexts, for the signer and for the time stamp, each used once.

    With evidence and a moment nothing is fetched. Without, the services are asked for what holds now.
    """

    def one() -> ValidationContext:
        kept: dict[str, Any] = {
            "trust_roots": trust_roots(),
            "other_certs": [certificate_of(demonstration().duty)],
            "revocation_mode": "hard-fail",
            "time_tolerance": CLOCKS_APART,
        }
        if evidence is not None and moment is not None:
            return evidence.as_validation_context({**kept, "moment": moment, "best_signature_time": moment})
        backend = RequestsFetcherBackend(per_request_timeout=TIMEOUT)
        return ValidationContext(**kept, allow_fetching=True, fetcher_backend=backend)

    return one(), one()


def _status(one: EmbeddedPdfSignature, contexts: tuple[ValidationContext, ...]) -> PdfSignatureStatus | None:
    try:
        return validate_pdf_signature(
            one, signer_validation_context=contexts[0], ts_validation_context=contexts[1]
        )
    except SignatureValidationError as error:
        log.info("signature %s: %s", one.field_name, error)
        return None


def _revocation(status: PdfSignatureStatus | None) -> Revocation:
    if status is None:
        return "unknown"
    if status.revocation_details is not None:
        return "revoked"
    return "good" if status.trusted else "unknown"


def _report(
    one: EmbeddedPdfSignature,
    status: PdfSignatureStatus | None,
    stamped: datetime | None,
    with_evidence: bool,
) -> SignatureReport:
    names = one.signer_cert.subject.native
    intact = status is not None and status.intact and status.valid
    changed = status is None or not _only_additions(status)
    stamp = status.timestamp_validity if status is not None else None
    stamp_good = stamp is not None and stamp.intact and stamp.valid and stamp.trusted
    trusted = status is not None and status.trusted and (stamped is None or stamp_good)
    report = SignatureReport(
        field_name=one.field_name,
        signer=str(names.get("common_name", "")),
        title=str(names.get("title", "")),
        organisation=str(names.get("organization_name", "")),
        issuer=str(one.signer_cert.issuer.native.get("common_name", "")),
        signed_at=stamped if stamp_good else one.self_reported_timestamp,
        timestamped=stamp_good,
        intact=intact,
        covers_all=status is not None and not changed,
        changed_after=changed,
        trusted=trusted,
        revocation=_revocation(status),
        level="B-LT" if stamp_good and with_evidence else "B-T" if stamp_good else "B-B",
    )
    return replace(report, sentences=tuple(_sentences(report)))


def _only_additions(status: PdfSignatureStatus) -> bool:
    """Whether everything after the signature is evidence, a further signature, or nothing."""
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    level = status.modification_level
    return level is not None and level <= ModificationLevel.FORM_FILLING and status.docmdp_ok is not False


def _sentences(s: SignatureReport) -> list[str]:
    """What was found about one signature, one plain sentence per finding."""
    who = ", ".join(
        part for part in (s.signer, s.title, s.organisation if s.organisation != s.signer else "") if part
    )
    said = [_("Người ký: %(who)s.") % {"who": who}]
    if s.signed_at is not None:
        when = date_format(timezone.localtime(s.signed_at), "H:i:s d/m/Y")
        said.append(
            _("Ký lúc %(when)s, có dấu thời gian của tổ chức chứng thực.") % {"when": when}
            if s.timestamped
            else _("Ký lúc %(when)s theo đồng hồ của người ký, không có dấu thời gian.") % {"when": when}
        )
    said.append(
        _("Nội dung được ký còn nguyên vẹn.")
        if s.intact
        else _("Nội dung được ký đã bị sửa, chữ ký không còn đúng.")
    )
    if s.intact and s.changed_after:
        said.append(_("Sau khi ký, tệp đã bị sửa thêm."))
    if s.revocation == "revoked":
        said.append(_("Chứng thư của người ký đã bị thu hồi."))
    elif s.trusted:
        said.append(_("Chứng thư do %(issuer)s cấp và còn hiệu lực khi ký.") % {"issuer": s.issuer})
    else:
        said.append(
            _("Chưa xác minh được chứng thư của người ký (%(issuer)s).") % {"issuer": s.issuer or "?"}
        )
    return said
