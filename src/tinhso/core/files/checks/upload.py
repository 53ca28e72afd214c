"""The one door for uploads."""

from __future__ import annotations

import io
from collections.abc import Set
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from tinhso.core.files.checks.archive import check_xml, check_zip
from tinhso.core.files.checks.image import check_image
from tinhso.core.files.checks.kinds import KINDS, extension, safe_name, sniff
from tinhso.core.files.checks.pdf import check_pdf
from tinhso.core.files.errors import FileRefused
from tinhso.core.files.slots import SCANNERS

MAX_BYTES = 20 * 1024 * 1024
PAPERS = frozenset({"pdf", "jpg", "png"})
DOCUMENTS = PAPERS | {"docx"}
Upload = UploadedFile | bytes | BinaryIO


@dataclass(frozen=True, slots=True)
class Checked:
    """What an upload is: `kind` a key of `KINDS`, `name` safe to keep, `pages` of a PDF."""

    kind: str
    media_type: str
    extension: str
    name: str
    size: int
    pages: int | None = None


def as_file(upload: Upload) -> BinaryIO:
    """The upload as a seekable file at its start."""
    file = io.BytesIO(upload) if isinstance(upload, bytes) else cast(BinaryIO, upload)
    file.seek(0)
    return file


def _say_size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + " MB"


def check_upload(
    upload: Upload, *, accept: Set[str] = PAPERS, max_bytes: int = MAX_BYTES, name: str = ""
) -> Checked:
    """What the upload is, or `FileRefused` with a sentence that says what to do.

    `accept` holds keys of `KINDS`; `name` is the file name as given (taken from the upload when empty).
    """
    given = name or getattr(upload, "name", "") or "tep"
    file = as_file(upload)
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise FileRefused(
            "empty", _("Tệp “%(name)s” không có nội dung (0 byte). Hãy chọn lại tệp.") % {"name": given}
        )
    if size > max_bytes:
        raise FileRefused(
            "too_big",
            _(
                "Tệp nặng %(size)s, lớn hơn mức %(max)s. Hãy chụp hoặc quét ở độ phân giải thấp hơn (200 dpi là đủ), "
                "hoặc tách thành nhiều tệp."
            )
            % {"size": _say_size(size), "max": _say_size(max_bytes)},
        )
    kind = _kind(file, given, accept)
    pages = _inside(file, kind)
    _scan(file, KINDS[kind].media_type)
    file.seek(0)
    return Checked(
        kind, KINDS[kind].media_type, KINDS[kind].extensions[0], safe_name(given, kind), size, pages
    )


def _kind(file: BinaryIO, given: str, accept: Set[str]) -> str:
    """The kind by content; it must be accepted and agree with the extension."""
    file.seek(0)
    kind = sniff(file.read(1024))
    if kind == "zip":
        kind = check_zip(file)
    wanted = ", ".join(KINDS[k].title for k in KINDS if k in accept)
    if kind == "heic" and "heic" not in accept:
        raise FileRefused(
            "heic",
            _(
                "Ảnh HEIC của iPhone chưa nhận được. Hãy vào Cài đặt, Camera, Định dạng, chọn “Tương thích nhất”, hoặc gửi ảnh JPG."
            ),
        )
    if kind is None or kind not in accept:
        raise FileRefused("type", _("Không nhận loại tệp này. Hãy gửi: %(kinds)s.") % {"kinds": wanted})
    suffix = extension(given)
    if suffix and suffix not in KINDS[kind].extensions:
        raise FileRefused(
            "mismatch",
            _("Tệp có đuôi “.%(suffix)s” nhưng nội dung là %(kind)s. Hãy mở tệp, lưu lại đúng loại rồi gửi.")
            % {"suffix": suffix[:20], "kind": KINDS[kind].title},
        )
    return kind


def _inside(file: BinaryIO, kind: str) -> int | None:
    """Look inside by kind; the pages of a PDF."""
    if kind == "pdf":
        return check_pdf(file)
    if kind in ("jpg", "png"):
        check_image(file, kind)
    elif kind == "xml":
        check_xml(file)
    return None


def _scan(file: BinaryIO, media_type: str) -> None:
    for scanner in SCANNERS:
        file.seek(0)
        if finding := scanner.scan(file, media_type):
            raise FileRefused(
                "scanner", _("Tệp bị từ chối khi quét an toàn: %(finding)s") % {"finding": finding}
            )
