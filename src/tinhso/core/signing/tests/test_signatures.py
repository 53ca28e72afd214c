"""Signing and checking: what holds, what was changed, what cannot be trusted, with and without a network."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import override_settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tinhso.core.signing.errors import SigningError, TrustUnavailable
from tinhso.core.signing.pki.authority import Authority, SignerRef
from tinhso.core.signing.pki.serve import make_server
from tinhso.core.signing.pki.service import Service, utc_now
from tinhso.core.signing.sign import Box, sign_pdf
from tinhso.core.signing.tests.conftest import AGENCY, CHAIR, SIGN, free_port
from tinhso.core.signing.verify import verify_pdf


def test_round_trip(signed: bytes):
    report = verify_pdf(signed)
    assert report.verdict == "valid"
    assert [s.field_name for s in report.signatures] == ["signer", "agency"]
    chair = report.signatures[0]
    assert (chair.signer, chair.title, chair.organisation) == (CHAIR.name, CHAIR.title, CHAIR.organisation)
    assert chair.timestamped
    assert (chair.level, chair.revocation) == ("B-LT", "good")
    assert all(s.good and s.covers_all for s in report.signatures)
    assert any("còn nguyên vẹn" in sentence for sentence in chair.sentences)


def test_signing_only_adds_at_the_end(trust: Authority, paper: bytes):
    once = sign_pdf(paper, signer=CHAIR, **SIGN)
    twice = sign_pdf(once, signer=AGENCY, field_name="agency", **SIGN)
    assert once.startswith(paper)
    assert twice.startswith(once)


def test_checking_needs_no_network(signed: bytes, trust: Authority, monkeypatch: pytest.MonkeyPatch):
    def no_network(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr("socket.socket.connect", no_network)
    assert verify_pdf(signed).verdict == "valid"


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.9])
def test_a_flipped_bit_is_found(paper: bytes, signed: bytes, place: float):
    at = int(len(paper) * place)
    changed = signed[:at] + bytes([signed[at] ^ 0x01]) + signed[at + 1 :]
    assert verify_pdf(changed).verdict == "changed"


def test_bytes_behind_the_end_are_found(signed: bytes):
    assert verify_pdf(signed + b"<script>").verdict == "changed"


def test_an_edit_added_like_a_signature_is_found(signed: bytes):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    report = verify_pdf(out.getvalue())
    assert report.verdict == "changed"
    assert all(s.intact and s.changed_after for s in report.signatures)


def test_a_saved_copy_is_no_longer_the_signed_file(signed: bytes):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        pdf.save(out)
    assert verify_pdf(out.getvalue()).verdict == "changed"


@pytest.mark.parametrize("content", [b"", b"xin chao", b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n" * 9])
def test_what_is_not_a_signed_pdf_is_unsigned(content: bytes, trust: Authority):
    assert verify_pdf(content).verdict == "unsigned"


def test_a_paper_without_signatures_is_unsigned(paper: bytes, trust: Authority):
    assert verify_pdf(paper).verdict == "unsigned"


def test_a_signature_of_another_authority_is_not_trusted(
    trust: Authority, paper: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stranger = Authority(tmp_path / "pki", trust.url)
    with monkeypatch.context() as patch:
        patch.setattr("tinhso.core.signing.keys.demonstration", lambda: stranger)
        forged = sign_pdf(paper, signer=CHAIR, level="B-B", **SIGN)
    report = verify_pdf(forged)
    assert report.verdict == "untrusted"
    assert report.signatures[0].intact


def test_a_revoked_signer_cannot_sign_and_old_signatures_hold(trust: Authority, paper: bytes):
    clerk = SignerRef.person(
        person_id=7, post_id=8, name="Lê Văn Bảy", title="Công chức", organisation="UBND Phường I"
    )
    before = sign_pdf(paper, signer=clerk, **SIGN)
    serial = trust.revoke(clerk, reason="mất thiết bị")
    assert trust.revocation(serial) is not None
    assert verify_pdf(before).verdict == "valid"
    after = sign_pdf(paper, signer=clerk, **SIGN)
    assert verify_pdf(after).verdict == "valid"
    assert trust.signer(clerk).certificate.serial_number != serial


def test_a_signature_made_with_a_revoked_key_is_refused(trust: Authority, paper: bytes):
    thief = SignerRef.person(
        person_id=9, post_id=9, name="Võ Thị Chín", title="Công chức", organisation="UBND Phường I"
    )
    stolen = sign_pdf(paper, signer=thief, level="B-B", **SIGN)
    trust.revoke(thief, reason="lộ khóa")
    report = verify_pdf(stolen)
    assert report.verdict == "untrusted"
    assert report.signatures[0].revocation == "revoked"


def test_nothing_is_signed_when_the_trust_service_is_down(trust: Authority, paper: bytes):
    with (
        override_settings(TRUST_URL=f"http://127.0.0.1:{free_port()}"),
        pytest.raises(TrustUnavailable) as refused,
    ):
        sign_pdf(paper, signer=CHAIR, **SIGN)
    assert "chưa trả lời" in refused.value.message


def test_a_trust_service_whose_clock_is_ahead_is_believed(trust: Authority, paper: bytes):
    """Or one that answers slowly: its answer is younger than the moment we began, which is no fault."""
    server = make_server(trust, host="127.0.0.1", port=0)
    server.set_app(Service(trust, now=lambda: utc_now() + timedelta(minutes=2)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        with override_settings(TRUST_URL=f"http://127.0.0.1:{server.server_port}"):
            signed = sign_pdf(paper, signer=CHAIR, **SIGN)
    finally:
        server.shutdown()
        server.server_close()
    assert verify_pdf(signed).verdict == "valid"


def test_a_plain_signature_only_when_asked_for(trust: Authority, paper: bytes):
    with override_settings(TRUST_URL=f"http://127.0.0.1:{free_port()}"):
        plain = sign_pdf(paper, signer=CHAIR, level="B-B", **SIGN)
    (only,) = verify_pdf(plain).signatures
    assert only.intact
    assert (only.level, only.timestamped) == ("B-B", False)


def test_a_field_is_signed_once(signed: bytes):
    with pytest.raises(SigningError) as refused:
        sign_pdf(signed, signer=CHAIR, **SIGN)
    assert refused.value.code == "already_signed"


def test_what_is_not_a_pdf_cannot_be_signed(trust: Authority):
    with pytest.raises(SigningError) as refused:
        sign_pdf(b"not a pdf", signer=CHAIR, **SIGN)
    assert refused.value.code == "not_pdf"


def test_a_visible_signature_fits_a_given_box_and_an_invisible_one_needs_none(trust: Authority, paper: bytes):
    seen = sign_pdf(paper, signer=CHAIR, field_name="extra", box=Box(0, 40, 40, 180, 90), **SIGN)
    hidden = sign_pdf(seen, signer=AGENCY, field_name="hidden", **SIGN)
    assert verify_pdf(hidden).verdict == "valid"


def test_a_stranger_checks_a_paper_with_a_public_tool(signed: bytes, trust: Authority, tmp_path: Path):
    (tmp_path / "root.crt").write_bytes(trust.root.certificate.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "paper.pdf").write_bytes(signed)
    tool = [
        str(Path(sys.executable).with_name("pyhanko")),
        "sign",
        "validate",
        "--validation-time",
        "claimed",
    ]
    command = [*tool, "--trust", "root.crt", "--trust-replace", "paper.pdf"]
    good = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert good.returncode == 0, good.stderr
    assert good.stdout.count("INTACT:TRUSTED") == 4, good.stdout

    (tmp_path / "paper.pdf").write_bytes(signed.replace(b"/Length", b"/Lengtg", 1))
    bad = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert bad.returncode != 0
