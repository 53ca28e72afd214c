"""Papers: PDF/A, every Vietnamese letter, errors with file and line, places for signatures."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest

from tinhso.core.signing.errors import RenderError
from tinhso.core.signing.render import qr_svg, render

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
HEAD = '#import "@local/decree30:1.0.0": *\n#let d = json(bytes(sys.inputs.data))\n'


def open_pdf(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def test_a_paper_is_pdf_a_and_says_its_language_and_title():
    with open_pdf(render(HEAD + '#show: official-page.with(title: "Giấy khai sinh")\nNội dung', {})) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in metadata
        assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
        assert "Giấy khai sinh" in metadata
        assert str(pdf.Root.Lang).startswith("vi")


@pytest.mark.parametrize("style", ["regular", "bold", "italic"])
def test_every_vietnamese_letter_has_a_glyph(style: str):
    wrap = {"regular": "#d.t", "bold": "*#d.t*", "italic": "_#d.t _"}[style]
    content = render(
        HEAD + '#show: official-page.with(title: "t")\n' + wrap, {"t": LETTERS + LETTERS.upper()}
    )
    with open_pdf(content) as pdf:
        fonts = pdf.pages[0].Resources.Font
        mapped = "".join(_mapped(fonts[name].ToUnicode.read_bytes().decode()) for name in list(fonts.keys()))
    missing = [c for c in LETTERS + LETTERS.upper() if c not in mapped]
    assert not missing, missing


def _mapped(cmap: str) -> str:
    """The characters a font's ToUnicode table names; a missing glyph has no entry of its own."""
    import re

    codes = re.findall(r"<[0-9a-fA-F]+> <((?:[0-9a-fA-F]{4})+)>", cmap)
    return "".join(bytes.fromhex(code).decode("utf-16-be") for code in codes)


def test_an_error_names_file_and_line(tmp_path: Path):
    source = tmp_path / "receipt.typ"
    source.write_text(HEAD + "\n#title-block(d.nothing)\n")
    with pytest.raises(RenderError, match=r"receipt\.typ:4:\d+: dictionary does not contain key \"nothing\""):
        render(source, {"name": "x"})


def test_a_changed_template_is_read_again(tmp_path: Path):
    source = tmp_path / "a.typ"
    source.write_text("one page")
    render(source, {})
    source.write_text("one\n#pagebreak()\ntwo")
    with open_pdf(render(source, {})) as pdf:
        assert len(pdf.pages) == 2


def test_text_of_people_is_never_read_as_markup():
    name = '#panic("no") *x* $y$ \\ @z <b> "q"'
    assert render(HEAD + '#show: official-page.with(title: "t")\n#field-line("Tên", d.name)', {"name": name})


def test_places_for_signatures_become_empty_fields(paper: bytes):
    with open_pdf(paper) as pdf:
        fields = {str(f.T): f for f in pdf.Root.AcroForm.Fields}
        assert set(fields) == {"signer", "agency"}
        page = [float(v) for v in pdf.pages[0].MediaBox]
        for field in fields.values():
            left, bottom, right, top = (float(v) for v in field.Rect)
            assert page[0] < left < right < page[2]
            assert page[1] < bottom < top < page[3]
            assert "/V" not in field
        assert float(fields["agency"].Rect[2]) <= float(fields["signer"].Rect[0])


def test_amounts_and_missing_values():
    body = '#show: official-page.with(title: "t")\n#assert.eq(money(d.a), "1.250.000 đồng")\n'
    body += '#assert.eq(money(-d.b), "-500 đồng")\n#assert.eq(money(none), "")\n#field-line("x", none)'
    assert render(HEAD + body, {"a": Decimal(1250000), "b": Decimal(500)})


def test_a_qr_code_is_a_picture_and_an_address_stays_text():
    body = '#show: official-page.with(title: "t")\n#verify-note(d.svg, d.url)\n#qr(d.url)'
    url = "https://tinhso.example/v/7KQM2XW9CHTRB4VN3Z/"
    assert render(HEAD + body, {"svg": qr_svg(url), "url": url})
