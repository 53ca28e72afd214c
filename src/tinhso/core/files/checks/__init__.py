"""Whether an upload may be taken: what it is, what it says it is, and what it would do when opened."""

from __future__ import annotations

from tinhso.core.files.checks.upload import DOCUMENTS, MAX_BYTES, PAPERS, Checked, check_upload

__all__ = ["DOCUMENTS", "MAX_BYTES", "PAPERS", "Checked", "check_upload"]
