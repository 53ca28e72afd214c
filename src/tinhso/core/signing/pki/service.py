"""The services of the authority as a small WSGI application: OCSP, revocation list, time stamps, certificates."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import algos, keys, ocsp, tsp, x509
from certomancer.services import (
    RevocationInfoInterface,
    SimpleOCSPResponder,
    TimeStamper,
    choose_signed_digest,
)
from cryptography.hazmat.primitives import serialization

from tinhso.core.signing.pki.authority import Authority
from tinhso.core.signing.pki.certificates import DEMO, Pair

log = logging.getLogger("tinhso.pki")
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
_LARGEST = 64 * 1024
_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
# An arc of our own from a UUID (X.667), so that nobody takes our policy for that of a real authority.
POLICY = "2.25.214186927412835590467221570361028371942"


def certificate_of(pair: Pair) -> x509.Certificate:
    """The certificate in the form the ASN.1 library works with."""
    return x509.Certificate.load(pair.certificate.public_bytes(serialization.Encoding.DER))


def key_of(pair: Pair) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(
        pair.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def utc_now() -> datetime:
    return datetime.now(tz=UTC)


class _Register(RevocationInfoInterface):
    """What the authority knows of its certificates, in the words of OCSP (RFC 6960)."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority

    def get_issuer_cert(self) -> x509.Certificate:
        return certificate_of(self.authority.duty)

    def check_revocation_status(
        self, cid: ocsp.CertId, at_time: datetime
    ) -> tuple[ocsp.CertStatus, list[ocsp.SingleResponseExtension]]:
        serial = cid["serial_number"].native
        if not self.authority.knows(serial):
            return ocsp.CertStatus("unknown"), []
        revoked = self.authority.revocation(serial)
        if revoked is None or revoked > at_time:
            return ocsp.CertStatus("good"), []
        info = ocsp.RevokedInfo({"revocation_time": revoked})
        return ocsp.CertStatus(name="revoked", value=info), []


class Service:
    """The WSGI application. It holds no state but the authority's files.

    `now` is the service's own clock: those who rely on it run on other machines, with clocks of their own.
    """

    def __init__(self, authority: Authority, now: Callable[[], datetime] = utc_now) -> None:
        self.authority, self.now = authority, now
        self.routes: dict[tuple[str, str], Callable[[bytes], tuple[str, bytes]]] = {
            ("POST", "/ocsp"): self.ocsp,
            ("POST", "/tsa"): self.time_stamp,
            ("GET", "/crl/root.crl"): lambda _: (
                "application/pkix-crl",
                self.authority.root_list(self.now()),
            ),
            ("GET", "/root.crt"): lambda _: self._certificate(self.authority.root),
            ("GET", "/duty.crt"): lambda _: self._certificate(self.authority.duty),
            ("GET", "/healthz"): lambda _: ("text/plain; charset=utf-8", b"ok\n"),
            ("GET", "/"): lambda _: ("text/html; charset=utf-8", self._page()),
        }

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        status, kind, body = self._answer(method, path, environ)
        log.info("%s %s %s (demonstration authority)", method, path, status)
        start_response(
            status,
            [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")],
        )
        return [body]

    def _answer(self, method: str, path: str, environ: dict[str, Any]) -> tuple[str, str, bytes]:
        text = "text/plain; charset=utf-8"
        route = self.routes.get((method, path))
        if route is None:
            return "404 Not Found", text, b"not found\n"
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > _LARGEST:
            return "413 Content Too Large", text, b"too large\n"
        try:
            kind, body = route(environ["wsgi.input"].read(length) if length else b"")
        except (ValueError, TypeError, KeyError):
            return "400 Bad Request", text, b"not understood\n"
        return "200 OK", kind, body

    def ocsp(self, body: bytes) -> tuple[str, bytes]:
        """RFC 6960: the state of the certificates asked for, at this second, valid for half a day."""
        responder = SimpleOCSPResponder(
            certificate_of(self.authority.ocsp),
            key_of(self.authority.ocsp),
            _algorithm(self.authority.ocsp),
            self.now().replace(microsecond=0),
            _Register(self.authority),
            validity=timedelta(hours=12),
        )
        request = ocsp.OCSPRequest.load(body, strict=True)
        return "application/ocsp-response", responder.build_ocsp_response(request).dump()

    def time_stamp(self, body: bytes) -> tuple[str, bytes]:
        """RFC 3161: a token over the digest sent. Unknown or weak digests are answered with `bad_alg`."""
        request = tsp.TimeStampReq.load(body, strict=True)
        imprint = request["message_imprint"]
        digest = imprint["hash_algorithm"]["algorithm"].native
        kind = "application/timestamp-reply"
        if _DIGESTS.get(digest) != len(imprint["hashed_message"].native):
            refusal = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {"bad_alg"}})
            return kind, tsp.TimeStampResp({"status": refusal}).dump()
        stamper = TimeStamper(
            certificate_of(self.authority.tsa),
            key_of(self.authority.tsa),
            certs_to_embed=[certificate_of(self.authority.root)],
            policy=tsp.ObjectIdentifier(POLICY),
        )
        return kind, stamper.request_tsa_response(request).dump()

    @staticmethod
    def _certificate(pair: Pair) -> tuple[str, bytes]:
        return "application/pkix-cert", pair.certificate.public_bytes(serialization.Encoding.DER)

    def _page(self) -> bytes:
        url = html.escape(self.authority.url)
        return (
            "<!doctype html><html lang=vi><meta charset=utf-8><title>Tổ chức chứng thực trình diễn</title>"
            "<meta name=viewport content='width=device-width'>"
            f"<h1>Tổ chức chứng thực {DEMO}</h1>"
            "<p>Dịch vụ này cấp chứng thư, trạng thái chứng thư và dấu thời gian để chạy thử. "
            "Chữ ký tạo ra ở đây chỉ để trình diễn.</p>"
            f"<ul><li><a href='{url}/root.crt'>Chứng thư gốc</a><li><a href='{url}/duty.crt'>Chứng thư trung gian</a>"
            f"<li><a href='{url}/crl/root.crl'>Danh sách thu hồi</a><li>OCSP: {url}/ocsp<li>Dấu thời gian: {url}/tsa</ul>"
        ).encode()


def _algorithm(pair: Pair) -> algos.SignedDigestAlgorithm:
    return choose_signed_digest("sha256", certificate_of(pair).public_key)
