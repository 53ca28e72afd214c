"""The papers of a case: the seven printed forms of Circular 03/2025/TT-VPCP, and the results."""

from __future__ import annotations

from tinhso.systems.onestop.documents.making import (
    ISSUED_KINDS,
    TITLES,
    available,
    current_document,
    decided_by_time,
    is_inner,
    make_document,
    make_receipts,
    print_document,
    print_now,
    revoke_receipts,
)
from tinhso.systems.onestop.documents.results import Signing, has_draft, preview_result, render_result

__all__ = [
    "ISSUED_KINDS",
    "TITLES",
    "Signing",
    "available",
    "current_document",
    "decided_by_time",
    "has_draft",
    "is_inner",
    "make_document",
    "make_receipts",
    "preview_result",
    "print_document",
    "print_now",
    "render_result",
    "revoke_receipts",
]
