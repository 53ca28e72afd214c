"""The kinds of file we know: by their first bytes, never by what the browser says."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: media type, the extensions it goes under, its name for people."""

    media_type: str
    extensions: tuple[str, ...]
    title: str


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", ("pdf",), "PDF"),
    "jpg": Kind("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "ảnh JPG"),
    "png": Kind("image/png", ("png",), "ảnh PNG"),
    "heic": Kind("image/heic", ("heic", "heif"), "ảnh HEIC"),
    "docx": Kind(DOCX, ("docx",), "Word (docx)"),
    "xml": Kind("application/xml", ("xml",), "XML"),
    "zip": Kind("application/zip", ("zip",), "ZIP"),
}
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_HEAD = 1024
# Marks that change the reading direction or hide characters: "giấy\u202efdp.exe" shows as "giấyexe.pdf".
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:"/\\|?*]')


_STARTS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)


def sniff(head: bytes) -> str | None:
    """The kind of a file by its first 1,024 bytes, a key of `KINDS`; a docx shows as "zip" until opened."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if b"%PDF-" in head[:_HEAD]:
        return "pdf"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    return "xml" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml") else None


def extension(name: str) -> str:
    """The extension of a name, lower case, without the dot."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lstrip(".").lower()


def safe_name(name: str, kind: str) -> str:
    """A name fit to keep and to send back: no folders, no hidden marks, at most 150 characters, right extension."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, _, suffix = base.rpartition(".")
    if not stem or suffix.lower() not in KINDS[kind].extensions:
        stem, suffix = base, KINDS[kind].extensions[0]
    stem = re.sub(r"\s+", " ", _UNSAFE.sub(" ", stem)).strip(" .")[:140].strip(" .")
    return f"{stem or 'tep'}.{suffix.lower()}"
