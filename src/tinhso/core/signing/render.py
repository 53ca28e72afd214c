"""Papers from Typst templates: PDF/A with empty signature fields where the template left room.

A Typst compiler keeps the fonts and the compiled library, so one is kept per template and thread:
the first paper of a kind takes longer than the following ones.
"""

from __future__ import annotations

import io
import json
import tempfile
import threading
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import pikepdf
import segno
import typst

from tinhso.core.signing.errors import RenderError

PACKAGES = Path(__file__).parent / "typst" / "packages"
_thread = threading.local()
_KEPT = 64
Standard = Literal["a-2b", "a-2a", "a-2u", "a-3b", "ua-1", "1.7"]
# PDF/A wants every annotation to be printed (ISO 19005-2, 6.3.2).
_PRINT = 4


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts()


def _compiler(source: Path) -> typst.Compiler:
    """The compiler of one template file; the oldest is dropped when a thread has used many."""
    kept: dict[tuple[str, int], typst.Compiler] = _thread.__dict__.setdefault("kept", {})
    key = (str(source), source.stat().st_mtime_ns)
    if key not in kept:
        if len(kept) >= _KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = typst.Compiler(source, root=source.parent, font_paths=_fonts(), package_path=PACKAGES)
    return kept[key]


def _plain(value: object) -> object:
    """What JSON does not know: amounts become numbers, everything else its text (dates as ISO)."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def render(source: Path | str, data: Mapping[str, Any], *, standard: Standard = "a-2b") -> bytes:
    """A PDF of one paper.

    `source` is the path of a `.typ` file, or Typst source as text. The template reads `data` with
    `json(bytes(sys.inputs.data))`. `standard` is a PDF standard known to Typst. Every
    `signature-place` of the template becomes an empty signature field. `RenderError` names file and line.
    """
    if isinstance(source, str):
        with tempfile.TemporaryDirectory(prefix="tinhso-typst-") as folder:
            path = Path(folder) / "mau-in.typ"
            path.write_text(source)
            return _compile(
                path, typst.Compiler(path, font_paths=_fonts(), package_path=PACKAGES), data, standard
            )
    return _compile(source, _compiler(source.resolve()), data, standard)


def _compile(source: Path, compiler: typst.Compiler, data: Mapping[str, Any], standard: Standard) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False, default=_plain)}
    try:
        pdf = cast(bytes, compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=[standard]))
        places = json.loads(compiler.query("<signature-place>", field="value"))
    except typst.TypstError as error:
        raise RenderError(_explain(source.name, error)) from error
    return _with_fields(pdf, places) if places else pdf


def _explain(name: str, error: typst.TypstError) -> str:
    """`file:line:column: message`, taken from the arrow line of Typst's own report, with its hints."""
    arrows = (line.split("─", 1)[1].strip() for line in error.diagnostic.splitlines() if "┌─" in line)
    hints = "".join(f" ({hint})" for hint in error.hints)
    return f"{next(arrows, name)}: {error.message}{hints}"


def _with_fields(pdf: bytes, places: list[dict[str, Any]]) -> bytes:
    """Add one empty, named, invisible signature field per place; coordinates of Typst count from the top left.

    The paper is not signed yet, so rewriting the file here harms nothing. Every later change is incremental.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fields = pikepdf.Array()
        for place in places:
            page = document.pages[place["page"] - 1]
            top = place["page-height"] - place["y"]
            box = [place["x"], top - place["height"], place["x"] + place["width"], top]
            empty = document.make_stream(b"")
            empty.Type, empty.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            empty.BBox = pikepdf.Array([0, 0, box[2] - box[0], box[3] - box[1]])
            field = document.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Widget,
                    FT=pikepdf.Name.Sig,
                    T=pikepdf.String(place["field"]),
                    Rect=pikepdf.Array([round(v, 2) for v in box]),
                    P=page.obj,
                    F=_PRINT,
                    AP=pikepdf.Dictionary(N=empty),
                )
            )
            fields.append(field)
            page.obj.Annots = pikepdf.Array([*page.obj.get("/Annots", []), field])
        document.Root.AcroForm = document.make_indirect(pikepdf.Dictionary(Fields=fields, SigFlags=1))
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def qr_svg(text: str) -> str:
    """A QR code as SVG text for a template, with medium error correction (a folded paper still reads)."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()
