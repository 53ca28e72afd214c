"""The acknowledgement of a filing: made when asked for, not issued; the receipt with its seal follows on acceptance."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe

from tinhso.core.cases.queries import CaseFile
from tinhso.core.signing.render import render
from tinhso.kit import worktime
from tinhso.systems.onestop.documents.results import OUTPUTS
from tinhso.systems.onestop.documents.words import (
    applicant,
    case_address,
    head,
    moment_text,
    procedure,
    unit_of,
)
from tinhso.systems.onestop.queries.citizen import expected_due


def qr(code: str) -> SafeString:
    """The QR code of a case's address as SVG that fills its box; made by us, of our own text."""
    address = case_address(code)["verify_url"]
    drawn = segno.make(address, error="m", micro=False)
    return mark_safe(drawn.svg_inline(omitsize=True, border=1))  # noqa: S308


def pdf(file: CaseFile) -> bytes:
    """The acknowledgement as PDF/A. `RenderError` names the template's line."""
    state = file.state
    unit = unit_of(state.reception)
    assert unit is not None and state.submitted_at is not None  # noqa: S101, PT018  a filed case has both
    expected, check = expected_due(file), state.at("receive")
    names = {p.id: p.name.vi for p in file.definition.papers}
    data = {
        **head(unit, state.submitted_at),
        **case_address(file.case.code),
        "case_code": file.case.code,
        "applicant": applicant(state),
        "procedure": procedure(file.definition),
        "sent_at": moment_text(state.submitted_at),
        "papers": [names.get(p.id, p.id) for p in state.papers if p.files],
        "check_by": moment_text(check.due_at) if check else "",
        "due_at": moment_text(expected.at) if expected else None,
        "why": worktime.explain(expected) if expected else [],
        "decides": state.competent.name if state.competent else "",
    }
    return render(OUTPUTS / "acknowledgement.typ", data)
