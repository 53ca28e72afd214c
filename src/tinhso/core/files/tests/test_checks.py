"""What is taken, what is refused, and whether the refusal says what to do."""

from __future__ import annotations

import time
import tracemalloc

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.core.files.checks import DOCUMENTS, PAPERS, check_upload
from tinhso.core.files.checks.kinds import KINDS, safe_name
from tinhso.core.files.errors import FileRefused
from tinhso.core.files.slots import SCANNERS, Scanner
from tinhso.core.files.tests import samples

ALL = frozenset(KINDS)
XML_BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


def _words(value: object) -> str:
    """Names of tests from words only: bytes that hold the time would differ between two workers."""
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("giay.pdf", samples.pdf(3), "pdf"),
        ("anh.JPG", samples.picture("JPEG"), "jpg"),
        ("anh.png", samples.picture(), "png"),
        ("don.docx", samples.docx(), "docx"),
        ("goi.zip", samples.archive({"a.txt": b"a"}), "zip"),
        ("tep.xml", b'<?xml version="1.0"?><a><b/></a>', "xml"),
    ],
    ids=_words,
)
def test_good_files_are_taken(name: str, content: bytes, kind: str):
    checked = check_upload(content, name=name, accept=ALL)
    assert (checked.kind, checked.size) == (kind, len(content))
    assert checked.pages == (3 if kind == "pdf" else None)


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("empty", "a.pdf", b""),
        ("type", "a.exe", b"MZ\x90\x00" + b"\0" * 50),
        ("type", "a.pdf", b"<html><script>"),
        ("mismatch", "a.pdf", samples.picture()),
        ("mismatch", "a.jpg", samples.pdf()),
        ("heic", "a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 50),
        ("pdf_broken", "a.pdf", samples.pdf()[:200]),
        ("pdf_broken", "a.pdf", b"%PDF-1.7\n" + b"\xff" * 500),
        ("pdf_locked", "a.pdf", samples.pdf(encryption=pikepdf.Encryption(user="x", owner="y"))),
        ("pdf_locked", "a.pdf", samples.pdf(encryption=pikepdf.Encryption(user="", owner="y"))),
        ("pdf_active", "a.pdf", samples.pdf_with_script()),
        ("pdf_active", "a.pdf", samples.pdf_with_hidden_launch()),
        ("pdf_program", "a.pdf", samples.pdf_with_program()),
        ("pdf_bomb", "a.pdf", samples.pdf_nested_filters()),
        ("pdf_too_long", "a.pdf", samples.pdf(501)),
        ("image_broken", "a.png", samples.picture()[:45]),
        ("image_broken", "a.jpg", samples.picture("JPEG", (600, 600))[:700]),
        ("archive_broken", "a.docx", samples.docx()[:40]),
        ("docx_macro", "a.docx", samples.docx({"word/vbaProject.bin": b"x"})),
    ],
    ids=_words,
)
def test_bad_files_are_refused_with_a_reason(code: str, name: str, content: bytes):
    with pytest.raises(FileRefused) as refused:
        check_upload(content, name=name, accept=DOCUMENTS)
    assert refused.value.code == code
    assert refused.value.message.endswith((".", ")"))


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("xml_doctype", "a.xml", XML_BOMB),
        ("archive_broken", "a.xml", b"<?xml version='1.0'?>" + b"<a>" * 300 + b"</a>" * 300),
        ("archive_broken", "a.zip", samples.archive({"../../etc/passwd": b"x"})),
        ("zip_bomb", "a.zip", samples.archive({f"{i}": b"" for i in range(2001)})),
    ],
    ids=_words,
)
def test_bad_archives_are_refused(code: str, name: str, content: bytes):
    with pytest.raises(FileRefused) as refused:
        check_upload(content, name=name, accept=ALL)
    assert refused.value.code == code


def test_too_big_says_the_size_and_the_limit():
    with pytest.raises(FileRefused) as refused:
        check_upload(samples.pdf() + b"\0" * 3_000_000, name="a.pdf", max_bytes=2 * 1024 * 1024)
    assert refused.value.code == "too_big"
    assert "2,9 MB" in refused.value.message
    assert "2,0 MB" in refused.value.message


def test_a_pdf_bomb_is_stopped_early_and_cheaply():
    bomb = samples.pdf_bomb()
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(FileRefused) as refused:
        check_upload(bomb, name="a.pdf")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == "pdf_bomb"
    assert peak < 30_000_000
    assert time.perf_counter() - began < 10


def test_an_image_bomb_is_refused_by_its_head():
    """A PNG that claims 60,000 × 60,000 points: nothing is decoded."""
    import struct
    import zlib

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    good = samples.picture()
    bomb = good[:16] + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + good[33:]
    with pytest.raises(FileRefused) as refused:
        check_upload(bomb, name="a.png")
    assert refused.value.code == "image_bomb"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\đơn xin.pdf", "đơn xin.pdf"),
        ("gi\u202efdp.exe", "gi fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        (".pdf", "pdf.pdf"),
        ("   .. .pdf", "tep.pdf"),
        ("Giấy khai sinh", "Giấy khai sinh.pdf"),
        ("x" * 400 + ".pdf", "x" * 140 + ".pdf"),
    ],
)
def test_names_are_made_safe(given: str, kept: str):
    assert safe_name(given, "pdf") == kept


@given(st.text(max_size=300))
def test_any_name_becomes_a_plain_one(given: str):
    kept = safe_name(given, "pdf")
    assert kept.endswith(".pdf")
    assert 5 <= len(kept) <= 150
    assert not set('/\\\r\n\x00"<>:|?*\u202e') & set(kept)
    assert not kept.startswith(".")


def told(content: bytes, accept: frozenset[str]) -> str:
    """The refusal's sentence, or "taken"."""
    try:
        check_upload(content, name="a", accept=accept)
    except FileRefused as refusal:
        return refusal.message
    return "taken"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["%PDF-1.7\n", "\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "PK\x03\x04", "<?xml "]),
)
def test_no_bytes_break_the_check(tail: bytes, head: str):
    assert told(head.encode("latin-1") + tail, ALL)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_pdf_never_breaks_the_check(data: st.DataObject):
    content = bytearray(samples.pdf(2))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert told(bytes(content), PAPERS)


def test_a_scanner_of_another_room_is_asked(monkeypatch: pytest.MonkeyPatch):
    seen: list[str] = []

    def scan(file, media_type: str) -> str | None:
        seen.append(media_type)
        return "mẫu thử EICAR" if b"EICAR" in file.read() else None

    monkeypatch.setitem(SCANNERS._items, "test", Scanner("test", scan))
    check_upload(samples.pdf(), name="a.pdf")
    with pytest.raises(FileRefused) as refused:
        check_upload(samples.pdf() + b"EICAR", name="a.pdf")
    assert seen == ["application/pdf"] * 2
    assert "EICAR" in refused.value.message
