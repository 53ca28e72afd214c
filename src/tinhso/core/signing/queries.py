"""Finding issued documents."""

from __future__ import annotations

from tinhso.core.signing.models import IssuedDocument
from tinhso.core.signing.rules import read_code


def by_code(code: str) -> IssuedDocument | None:
    """The document with the code printed on it, however it was typed."""
    found = IssuedDocument.objects.select_related("file", "replaced_by").filter(code=read_code(code))
    return found.first()


def by_sha256(sha256: str) -> IssuedDocument | None:
    """The document whose file has this checksum; the latest, should one file stand for two."""
    found = IssuedDocument.objects.select_related("file", "replaced_by").filter(sha256=sha256)
    return found.order_by("-issued_at").first()


def of_case(case_code: str) -> list[IssuedDocument]:
    """All documents issued in a case, in order of time."""
    return list(
        IssuedDocument.objects.select_related("file").filter(case_code=case_code).order_by("issued_at")
    )
