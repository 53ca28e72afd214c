"""The demonstration authority: time stamps, revocation, files that only the owner reads, and what it says of itself."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from django.test import override_settings

from tinhso.core.signing.errors import SigningError, TrustUnavailable
from tinhso.core.signing.pki.authority import Authority, SignerRef
from tinhso.core.signing.pki.service import certificate_of
from tinhso.core.signing.tests.conftest import AGENCY, CHAIR, free_port
from tinhso.core.signing.timestamps import timestamp, verify_timestamp

DIGEST = hashlib.sha256(b"audit heads of a day").digest()


def test_a_time_stamp_tells_the_moment(trust: Authority):
    told = verify_timestamp(timestamp(DIGEST), DIGEST)
    assert abs(datetime.now(tz=UTC) - told) < timedelta(seconds=10)


def test_a_time_stamp_is_good_for_one_digest_only(trust: Authority):
    token = timestamp(DIGEST)
    with pytest.raises(SigningError):
        verify_timestamp(token, hashlib.sha256(b"something else").digest())
    with pytest.raises(SigningError):
        verify_timestamp(token[:-1] + bytes([token[-1] ^ 1]), DIGEST)


def test_a_time_stamp_of_a_stranger_is_refused(
    trust: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    token = timestamp(DIGEST)
    stranger = Authority(tmp_path / "pki", trust.url)
    monkeypatch.setattr("tinhso.core.signing.verify.demonstration", lambda: stranger)
    monkeypatch.setattr("tinhso.core.signing.timestamps.demonstration", lambda: stranger)
    with pytest.raises(SigningError):
        verify_timestamp(token, DIGEST)


def test_no_service_no_time_stamp(trust: Authority):
    with override_settings(TRUST_URL=f"http://127.0.0.1:{free_port()}"), pytest.raises(TrustUnavailable):
        timestamp(DIGEST)


@pytest.mark.parametrize("path", ["/ocsp", "/tsa"])
def test_nonsense_is_answered_and_the_service_lives_on(trust: Authority, path: str):
    assert requests.post(trust.url + path, b"\x30\x03nonsense", timeout=5).status_code == 400
    assert requests.post(trust.url + path, b"x" * 100_000, timeout=5).status_code == 413
    assert requests.get(trust.url + "/healthz", timeout=5).text == "ok\n"


def test_it_says_that_it_is_a_demonstration(trust: Authority):
    assert "không có giá trị pháp lý" in requests.get(trust.url, timeout=5).content.decode()
    assert "TRÌNH DIỄN" in trust.root.certificate.subject.rfc4514_string()


def test_keys_are_readable_by_their_owner_only(trust: Authority):
    trust.signer(CHAIR)
    keys = list(trust.home.rglob("*.key"))
    assert len(keys) >= 5
    assert all(stat.S_IMODE(key.stat().st_mode) == 0o600 for key in keys)
    assert stat.S_IMODE(trust.home.stat().st_mode) == 0o700


def test_two_processes_make_one_authority(tmp_path: Path):
    made: list[Authority] = []
    threads = [
        threading.Thread(target=lambda: made.append(Authority(tmp_path / "pki", "http://127.0.0.1:1")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({a.root.certificate.serial_number for a in made}) == 1
    assert len({a.signer(AGENCY).certificate.serial_number for a in made}) == 1


def test_a_moved_service_gives_new_certificates_under_the_same_root(tmp_path: Path):
    here = Authority(tmp_path / "pki", "http://127.0.0.1:1")
    there = Authority(tmp_path / "pki", "http://127.0.0.1:2")
    assert here.root.certificate == there.root.certificate
    assert here.duty.certificate != there.duty.certificate
    assert here.duty.certificate.public_key() == there.duty.certificate.public_key()
    assert here.signer(CHAIR).certificate != there.signer(CHAIR).certificate


def test_long_vietnamese_names_fit_in_a_certificate(trust: Authority):
    name = "Trung tâm Phục vụ hành chính công thành phố Vị Thanh, tỉnh Hậu Giang, cơ sở hai"
    subject = certificate_of(trust.signer(SignerRef.agency(unit_id="x", name=name))).subject.native
    assert subject["common_name"] == name[:64]


def test_the_service_starts_as_a_program(tmp_path: Path):
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "tinhso.core.signing.pki.serve",
        "--port",
        str(port),
        "--home",
        str(tmp_path / "pki"),
    ]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    try:
        assert process.stderr is not None
        assert "không có giá trị pháp lý" in process.stderr.readline()
        assert requests.get(f"http://127.0.0.1:{port}/root.crt", timeout=5).content[:1] == b"\x30"
    finally:
        process.terminate()
        process.wait(timeout=10)
