"""PDF: opened under limits, and refused when it would act on its own.

A PDF is read by people's own programs, later, on government machines. So nothing that runs is taken:
no scripts, no launches, no forms that send themselves, no embedded programs.
"""

from __future__ import annotations

import re
import zlib
from typing import Any, BinaryIO

import pikepdf
import pikepdf.settings
from django.utils.translation import gettext as _

from tinhso.core.files.errors import FileRefused

MAX_PAGES = 500
MAX_OBJECTS = 200_000
MAX_EXPANDED = 200 * 1024 * 1024
MAX_STREAM = 100 * 1024 * 1024
MAX_PIXELS = 120_000_000
MAX_FILTERS = 2
MAX_DEPTH = 20
_STREAM = re.compile(rb"stream\r?\n")
_ACTIVE = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute", "/GoToE"}
_ACTIVE_KEYS = ("/JS", "/XFA", "/RichMediaContent")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")

# qpdf's own bounds hold for the whole process; they cover what is expanded while a file is opened.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MAX_STREAM,
    run_length_max_memory=MAX_STREAM,
    png_max_memory=MAX_STREAM,
    tiff_max_memory=MAX_STREAM,
    dct_max_memory=MAX_STREAM,
    max_stream_filters=MAX_FILTERS,
    parser_max_nesting=100,
    doc_max_warnings=200,
)


def check_pdf(file: BinaryIO) -> int:
    """The number of pages of a PDF that is safe to keep; `FileRefused` otherwise."""
    _measure(file)
    file.seek(0)
    try:
        with pikepdf.open(file, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise _locked()
            _look_through(pdf)
            return _count_pages(pdf)
    except pikepdf.PasswordError:
        raise _locked() from None
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        raise _broken() from None


def _count_pages(pdf: pikepdf.Pdf) -> int:
    count = len(pdf.pages)
    if count == 0:
        raise _broken()
    if count > MAX_PAGES:
        raise FileRefused(
            "pdf_too_long",
            _("Tệp PDF có %(n)s trang, nhiều hơn mức %(max)s trang. Hãy tách thành nhiều tệp.")
            % {"n": count, "max": MAX_PAGES},
        )
    return count


def _measure(file: BinaryIO) -> None:
    """Expand every compressed stream of the raw file under a bound, before anything else reads it.

    A small file may hold gigabytes of zeros; a reader that opens it first has already lost.
    """
    file.seek(0)
    raw = file.read()
    total = 0
    for mark in _STREAM.finditer(raw):
        start = mark.end()
        if raw[start : start + 1] not in (
            b"\x78",
            b"\x48",
            b"\x58",
            b"\x68",
            b"\x08",
            b"\x18",
            b"\x28",
            b"\x38",
        ):
            continue
        total += _expanded(raw, start, min(MAX_STREAM, MAX_EXPANDED - total))


def _expanded(raw: bytes, start: int, bound: int) -> int:
    """How many bytes one zlib stream expands to; `FileRefused` past `bound`. Damage ends the count."""
    inflate, size, at = zlib.decompressobj(), 0, start
    pending = raw[at : at + 65536]
    try:
        while pending and not inflate.eof:
            size += len(inflate.decompress(pending, 1 << 20))
            if size > bound:
                raise _bomb()
            pending = inflate.unconsumed_tail
            if not pending:
                at += 65536
                pending = raw[at : at + 65536]
    except zlib.error:
        pass
    return size


def _look_through(pdf: pikepdf.Pdf) -> None:
    if len(pdf.objects) > MAX_OBJECTS:
        raise _bomb()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            _look_at(item, depth=0)


def _look_at(item: Any, depth: int) -> None:
    """One dictionary and those directly inside it; indirect ones come round by themselves."""
    if depth > MAX_DEPTH:
        raise _bomb()
    if str(item.get("/S", "")) in _ACTIVE or any(key in item for key in _ACTIVE_KEYS):
        raise FileRefused(
            "pdf_active",
            _(
                "Tệp PDF chứa mã lệnh tự chạy nên không được nhận. Hãy in lại ra PDF (chọn “In”, “Lưu thành PDF”) rồi nộp."
            ),
        )
    if isinstance(item, pikepdf.Stream):
        _look_at_stream(item)
    for value in item.values() if isinstance(item, pikepdf.Dictionary | pikepdf.Stream) else item:
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            _look_at_nested(value, depth + 1)


def _look_at_nested(value: Any, depth: int) -> None:
    if isinstance(value, pikepdf.Dictionary):
        _look_at(value, depth)
        return
    if depth > MAX_DEPTH:
        raise _bomb()
    for inner in value:
        if isinstance(inner, pikepdf.Dictionary | pikepdf.Array) and not inner.is_indirect:
            _look_at_nested(inner, depth + 1)


def _look_at_stream(stream: pikepdf.Stream) -> None:
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array) and len(filters) > MAX_FILTERS:
        raise _bomb()
    if stream.get("/Subtype") == pikepdf.Name.Image:
        width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
        if width * height > MAX_PIXELS:
            raise _bomb()
    if stream.get("/Type") == pikepdf.Name.EmbeddedFile and stream.read_bytes()[:4].startswith(_PROGRAMS):
        raise FileRefused(
            "pdf_program",
            _("Tệp PDF đính kèm một chương trình nên không được nhận. Hãy bỏ tệp đính kèm rồi nộp lại."),
        )


def _locked() -> FileRefused:
    return FileRefused(
        "pdf_locked",
        _("Tệp PDF đang đặt mật khẩu. Hãy bỏ mật khẩu (in lại ra PDF) rồi nộp, để cán bộ đọc được."),
    )


def _broken() -> FileRefused:
    return FileRefused(
        "pdf_broken",
        _("Tệp PDF bị hỏng, không mở được. Hãy mở thử trên máy của bạn, lưu hoặc quét lại rồi nộp."),
    )


def _bomb() -> FileRefused:
    return FileRefused(
        "pdf_bomb",
        _(
            "Tệp PDF có cấu trúc bất thường, mở ra sẽ rất lớn nên không được nhận. Hãy in hoặc quét lại ra PDF rồi nộp."
        ),
    )
