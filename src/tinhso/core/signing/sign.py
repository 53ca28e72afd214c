"""Signing PDF: PAdES with time stamp and the evidence to check it years later, always as an addition at the end."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils import content
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError as PyhankoError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from tinhso.core.signing.errors import SigningError, TrustUnavailable
from tinhso.core.signing.keys import demonstration, signer_for
from tinhso.core.signing.pki.authority import SignerRef
from tinhso.core.signing.pki.service import certificate_of
from tinhso.core.signing.render import render

APPEARANCE = Path(__file__).parent / "typst" / "appearance.typ"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TIMEOUT = 5
# An answer is made after we began to sign, by a clock that may be ahead of ours; the library allows one second.
CLOCKS_APART = timedelta(minutes=5)
# Room for the signature in hexadecimal digits; a known size saves a trial signature and a trial time stamp.
RESERVED = 24 * 1024
_FILL = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MIN, margins=Margins.uniform(0))
Level = Literal["B-LT", "B-T", "B-B"]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a visible signature goes when the paper has no field for it: page from 0, points from the bottom left."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


class _Page(content.PdfContent):
    """The first page of a PDF held in memory, as the picture of a signature."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self.pdf = pdf

    def render(self) -> bytes:
        form = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.pdf)))
        self.resources.xobject["/Look"] = form
        left, bottom, right, top = form.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Look Do"


def sign_pdf(
    pdf: bytes,
    *,
    signer: SignerRef,
    reason: str,
    location: str,
    field_name: str = "signer",
    box: Box | None = None,
    level: Level = "B-LT",
) -> bytes:
    """The PDF with one more signature; the given bytes stay as they are, the signature follows them.

    A field `field_name` that the template left is filled, with the signer's name in it. Without one the
    signature goes to `box`, or is invisible. `level` is the PAdES level: "B-LT" (time stamp and revocation
    evidence inside), "B-T" (time stamp), "B-B" (neither; only when asked for). `TrustUnavailable` when the
    trust service does not answer: nothing is signed, try again. `SigningError` when the file cannot be signed.
    """
    now = datetime.now(tz=VIETNAM)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        place = _place(writer, field_name, box)
        worker = PdfSigner(
            _metadata(signer, reason, location, field_name, level),
            signer=signer_for(signer),
            timestamper=None if level == "B-B" else time_stamper(),
            stamp_style=_look(signer, place, now) if place else None,
            new_field_spec=_new_field(field_name, box) if _find(writer, field_name) is None else None,
        )
        return bytes(worker.sign_pdf(writer, bytes_reserved=RESERVED).getbuffer())
    except RevokedError as error:
        raise SigningError(
            "revoked", _("Chứng thư số của người ký đã bị thu hồi nên không ký được.")
        ) from error
    except (
        TimestampRequestError,
        ValidationError,
        PathError,
        SignatureValidationError,
        requests.RequestException,
    ) as e:
        raise _unavailable() from e
    except PyhankoError as error:
        if _means_no_evidence(error):
            raise _unavailable() from error
        raise SigningError("not_signable", _("Không ký được tệp này: %(why)s") % {"why": error}) from error
    except (PdfError, ValueError) as error:
        raise SigningError("not_pdf", _("Tệp không phải PDF lành lặn nên không ký được.")) from error


def _means_no_evidence(error: BaseException) -> bool:
    """Whether the library failed because the evidence could not be gathered; it wraps the cause."""
    causes: list[BaseException | None] = [error.__cause__, error.__context__]
    return any(isinstance(c, ValidationError | PathError | TimestampRequestError | OSError) for c in causes)


def _unavailable() -> TrustUnavailable:
    return TrustUnavailable(
        "trust_unavailable",
        _(
            "Dịch vụ chứng thực (dấu thời gian, trạng thái chứng thư) chưa trả lời nên chưa ký được. Hệ thống sẽ thử lại."
        ),
    )


def _metadata(
    signer: SignerRef, reason: str, location: str, field_name: str, level: Level
) -> PdfSignatureMetadata:
    evidence: dict[str, Any] = {}
    if level == "B-LT":
        evidence = {
            "embed_validation_info": True,
            "validation_context": ValidationContext(
                trust_roots=[certificate_of(demonstration().root)],
                other_certs=[certificate_of(demonstration().duty)],
                allow_fetching=True,
                fetcher_backend=RequestsFetcherBackend(per_request_timeout=TIMEOUT),
                revocation_mode="hard-fail",
                time_tolerance=CLOCKS_APART,
            ),
        }
    return PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        location=location,
        name=signer.name,
        **evidence,
    )


def time_stamper() -> RequestsHTTPTimeStamper:
    """The client of the time-stamp authority; it remembers the authority's certificates between signatures."""
    return _time_stamper_at(f"{settings.TRUST_URL}/tsa")


@lru_cache(maxsize=4)
def _time_stamper_at(url: str) -> RequestsHTTPTimeStamper:
    return RequestsHTTPTimeStamper(url, timeout=TIMEOUT)


def _find(writer: IncrementalPdfFileWriter, field_name: str) -> Any:
    """The widget of the field, or None; `SigningError` when the field already holds a signature."""
    for name, value, reference in enumerate_sig_fields(writer):
        if name == field_name:
            if value is not None:
                raise SigningError("already_signed", _("Chỗ ký này đã có chữ ký."))
            return reference.get_object()
    return None


def _place(writer: IncrementalPdfFileWriter, field_name: str, box: Box | None) -> tuple[float, float] | None:
    """Width and height of the visible signature in points; None when it is invisible."""
    widget = _find(writer, field_name)
    if widget is not None and "/Rect" in widget:
        left, bottom, right, top = (float(v) for v in widget["/Rect"])
    elif box is not None:
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
    else:
        return None
    width, height = abs(right - left), abs(top - bottom)
    return (width, height) if width > 1 and height > 1 else None


def _new_field(field_name: str, box: Box | None) -> SigFieldSpec:
    if box is None:
        return SigFieldSpec(field_name)
    edges = (round(box.left), round(box.bottom), round(box.right), round(box.top))
    return SigFieldSpec(field_name, on_page=box.page, box=edges)


def _look(signer: SignerRef, place: tuple[float, float], now: datetime) -> StaticStampStyle:
    """The visible signature: who, which agency, when in Vietnam time."""
    width, height = place
    when = now.strftime("%d/%m/%Y %H:%M:%S %z")
    lines = [
        ["Ký bởi", signer.name],
        ["Cơ quan", signer.organisation],
        ["Thời gian", f"{when[:-2]}:{when[-2:]}"],
    ]
    if signer.kind == "agency":
        lines = [["", signer.name], ["", lines[2][1]]]
    page = render(APPEARANCE, {"width": width, "height": height, "kind": signer.kind, "lines": lines})
    return StaticStampStyle(
        background=_Page(page), background_layout=_FILL, border_width=0, background_opacity=1.0
    )
