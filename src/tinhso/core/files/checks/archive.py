"""ZIP, Word and XML: nothing that unpacks without end, climbs out of its folder, or runs."""

from __future__ import annotations

import xml.parsers.expat
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from tinhso.core.files.errors import FileRefused

MAX_ENTRIES = 2_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_DEPTH = 200


def check_zip(file: BinaryIO) -> str:
    """ "docx" or "zip"; `FileRefused` when broken, locked, a bomb, or carrying programs."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
                raise FileRefused(
                    "zip_bomb",
                    _("Tệp nén mở ra quá lớn hoặc quá nhiều tệp nên không được nhận. Hãy nộp từng tệp."),
                )
            if any(e.flag_bits & 0x1 for e in entries):
                raise FileRefused("zip_locked", _("Tệp nén đang đặt mật khẩu. Hãy bỏ mật khẩu rồi nộp lại."))
            names = [e.filename for e in entries]
            if any(n.startswith("/") or ".." in n.split("/") for n in names):
                raise _broken()
            if "[Content_Types].xml" not in names:
                return "zip"
            if any(n.endswith("vbaProject.bin") for n in names):
                raise FileRefused(
                    "docx_macro", _("Tệp Word có mã lệnh (macro). Hãy lưu lại dạng .docx thường hoặc PDF.")
                )
            if "word/document.xml" in names:
                return "docx"
            return "zip"
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        raise _broken() from None


def check_xml(file: BinaryIO) -> None:
    """Well-formed, without a document type (entities could expand without end), not nested without end."""
    parser = xml.parsers.expat.ParserCreate()
    depth = 0

    def refuse_doctype(*_args: object) -> None:
        raise FileRefused(
            "xml_doctype", _("Tệp XML có khai báo DOCTYPE nên không được nhận. Hãy xuất lại tệp.")
        )

    def enter(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _broken()

    def leave(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    try:
        file.seek(0)
        parser.ParseFile(file)
    except xml.parsers.expat.ExpatError:
        raise _broken() from None


def _broken() -> FileRefused:
    return FileRefused(
        "archive_broken", _("Tệp bị hỏng, không mở được. Hãy mở thử trên máy của bạn rồi lưu lại.")
    )
