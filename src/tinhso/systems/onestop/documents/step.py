"""A printed form of a case as a step of its process: `do: document`, `document: receipt`."""

from __future__ import annotations

from typing import Any

from tinhso.core.cases.automatic import ENGINE, Call
from tinhso.core.cases.rules.automatic import enter_automatic
from tinhso.core.procedures.steps import StepKind
from tinhso.systems.onestop.documents.making import make_document

DOCUMENT_STEP = StepKind(
    "document",
    "Lập văn bản",
    "Lập văn bản khi hệ thống không lập được",
    enter=enter_automatic,
    needs=("document",),
    background=True,
)


def make_paper_of_step(call: Call) -> dict[str, Any]:
    """Make the form named by the step, sealed; the reply names its public code and its file.

    A form is made once per round, so a second run finds the first one's paper. While the trust service is
    away `TrustUnavailable` lets the engine try again; a form the case cannot have goes to a person.
    """
    made = make_document(call.case.id, str(call.step.options["document"]), actor=ENGINE)
    return {"fields": {"code": made.code, "document": str(made.file_id)}}
