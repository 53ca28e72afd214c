"""Small files made on the spot: good ones, and the bad ones people and attackers send."""

from __future__ import annotations

import io
import zipfile
import zlib

import pikepdf
from PIL import Image


def pdf(pages: int = 1, prepare=None, **save) -> bytes:
    """A PDF with empty pages; `prepare(document)` may change it."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(200, 200))
    if prepare is not None:
        prepare(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def pdf_with_script() -> bytes:
    def prepare(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )

    return pdf(prepare=prepare)


def pdf_with_hidden_launch() -> bytes:
    """The action stands deep inside an annotation, in an array in a dictionary."""

    def prepare(document: pikepdf.Pdf) -> None:
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            A=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D="x", Next=pikepdf.Array([launch])),
        )
        document.pages[0].obj.Annots = pikepdf.Array([note])

    return pdf(prepare=prepare)


def pdf_with_program() -> bytes:
    def prepare(document: pikepdf.Pdf) -> None:
        stream = document.make_stream(b"MZ\x90\x00" + b"\0" * 100)
        stream.Type = pikepdf.Name.EmbeddedFile
        document.Root.Names = pikepdf.Dictionary(
            EmbeddedFiles=pikepdf.Dictionary(
                Names=pikepdf.Array([pikepdf.String("a.exe"), pikepdf.Dictionary(EF=stream)])
            )
        )

    return pdf(prepare=prepare)


def pdf_bomb(size: int = 400 * 1024 * 1024) -> bytes:
    """Half a megabyte that expands to 400 MB."""
    squeeze = zlib.compressobj(9)
    block = b"\0" * (1 << 20)
    packed = b"".join(squeeze.compress(block) for _ in range(size >> 20)) + squeeze.flush()

    def prepare(document: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(document, packed, Filter=pikepdf.Name.FlateDecode)
        document.pages[0].obj.Contents = document.make_indirect(stream)

    return pdf(prepare=prepare, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def pdf_nested_filters() -> bytes:
    data = b"\0" * (1 << 20)
    for _ in range(3):
        data = zlib.compress(data, 9)

    def prepare(document: pikepdf.Pdf) -> None:
        names = pikepdf.Array([pikepdf.Name.FlateDecode] * 3)
        document.pages[0].obj.Contents = document.make_indirect(pikepdf.Stream(document, data, Filter=names))

    return pdf(prepare=prepare, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("L" if size[0] > 1000 else "RGB", size).save(out, kind)
    return out.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(extra: dict[str, bytes] | None = None) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **(extra or {})})
