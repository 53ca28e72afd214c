"""What the verification page says about a document we issued."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from django.core.cache import cache

from tinhso.core.files import queries as files
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.signing.verify import Report, verify_pdf

# Checking signatures takes a quarter of a second; many people open the code of one notice.
_KEPT_SECONDS = 600
Outcome = Literal["valid", "replaced", "revoked", "changed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome, and the report on the signatures of the stored file (None when the file itself differs)."""

    outcome: Outcome
    report: Report | None


def check_issued(document: IssuedDocument) -> Finding:
    """Whether the paper still holds, and whether the file we keep is the one that was signed.

    The bytes are read and hashed every time; only the report on signatures of equal bytes is kept a while.
    """
    try:
        content = files.content(document.file)
    except FileNotFoundError:
        return Finding("changed", None)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        return Finding("changed", None)
    key = f"signing:report:{document.sha256}"
    report: Report | None = cache.get(key)
    if report is None:
        report = verify_pdf(content)
        if report.verdict == "valid":
            cache.set(key, report, _KEPT_SECONDS)
    if document.state != IssuedState.VALID:
        return Finding("replaced" if document.state == IssuedState.REPLACED else "revoked", report)
    return Finding("valid" if report.verdict == "valid" else "changed", report)
