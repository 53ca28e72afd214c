"""The seven printed forms of 03/2025/TT-VPCP: PDF/A, right paper size, one sheet for an ordinary case, a place to sign."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest

from tinhso.core.signing.render import qr_svg, render

OUTPUTS = Path(__file__).parent.parent / "outputs"
FORMS = [OUTPUTS / f"{sample.stem}.typ" for sample in sorted((OUTPUTS / "samples").glob("*.json"))]
A5, A4, A4_LANDSCAPE = (420, 595), (595, 842), (842, 595)
UNSIGNED = {"control_slip"}
#: Papers of the province's own; the others are forms of the circular.
OWN = {"vote_minutes", "opinions", "deemed"}


def sample(form: Path) -> dict:
    data = json.loads((OUTPUTS / "samples" / f"{form.stem}.json").read_text())
    return {**data, "verify_qr": qr_svg(data["verify_url"])}


def open_form(form: Path, data: dict) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(render(form, data)))


def test_all_seven_forms_and_the_receipt_of_fees_are_there():
    assert {f.stem for f in FORMS} - OWN == {
        "receipt",
        "supplement_request",
        "refusal",
        "apology",
        "stop_notice",
        "control_slip",
        "register",
        "fee_receipt",
    }


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.stem)
def test_a_form_prints_on_one_sheet_of_its_size(form: Path):
    with open_form(form, sample(form)) as pdf:
        assert "<pdfaid:part>2</pdfaid:part>" in pdf.Root.Metadata.read_bytes().decode()
        size = tuple(round(float(v)) for v in list(pdf.pages[0].MediaBox)[2:])
        assert size == (A4_LANDSCAPE if form.stem == "register" else A4 if form.stem in OWN else A5)
        assert len(pdf.pages) == (2 if form.stem == "register" else 1)
        fields = [str(f.T) for f in pdf.Root.AcroForm.Fields] if "/AcroForm" in pdf.Root else []
        assert ("signer" in fields) is (form.stem not in UNSIGNED)


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.stem)
def test_a_form_prints_without_what_may_be_missing(form: Path):
    """Everything a person may leave out is empty; the form leaves room for a hand."""
    data = sample(form)
    if "applicant" in data:
        data["applicant"] = dict.fromkeys(data["applicant"]) | {"full_name": "Đỗ Thị Ỷ"}
    optional = (
        "answer_by",
        "how",
        "clock_note",
        "go_to",
        "money_note",
        "appeal",
        "clause",
        "again",
        "contact",
        "fee_note",
    )
    for key in optional:
        if key in data:
            data[key] = None
    for key in ("papers", "fees", "ledger", "returned", "votes", "rounds"):
        if key in data:
            data[key] = []
    with open_form(form, data) as pdf:
        assert len(pdf.pages) >= 1


def test_a_long_receipt_goes_on_to_a_second_page():
    data = sample(OUTPUTS / "receipt.typ")
    data["papers"] = data["papers"] * 12
    with open_form(OUTPUTS / "receipt.typ", data) as pdf:
        assert len(pdf.pages) == 2


def test_an_online_receipt_needs_no_hand():
    assert render(OUTPUTS / "receipt.typ", {**sample(OUTPUTS / "receipt.typ"), "channel": "online"})
