"""`python -m tinhso.simulators.vneid --port 8020`: a stand-in for the national sign-in (VNeID) over HTTP.

OpenID Connect, code flow with PKCE, with the claim names the national sign-in uses. It believes whoever types a name and a
number, says on each page that it is a simulator, and keeps nothing. `Provider.fault` makes it answer wrongly on purpose.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import html
import json
import secrets
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from joserfc import jwt
from joserfc.jwk import ECKey

SIMULATOR = "TRÌNH DIỄN – đây là bản mô phỏng VNeID, không phải hệ thống quốc gia"
CLAIMS = (
    "HoVaTen", "SoCMND", "SoDinhDanh", "MaSoThue", "MaSoDoanhNghiep", "TenDoanhNghiep", "DiaChi", "SoDienThoai",
    "ThuDienTu", "HoChieu", "LoaiTaiKhoan", "TechID",
)  # fmt: skip
SECONDS = 300
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mô phỏng VNeID</title><link rel="icon" href="data:,"><style>body{{font:1rem/1.5 system-ui;max-width:30rem;margin:0 auto;padding:1rem}}label{{display:block;margin-top:.8rem}}
input{{width:100%;box-sizing:border-box;padding:.5rem;font:inherit}}button{{padding:.6rem 1rem;margin:1rem .5rem 0 0;font:inherit}}
.said{{background:#7a1f00;color:#fff;padding:.6rem}}</style></head><body><p class="said" role="note">{said}</p><main>{body}</main></body></html>"""


Answer = tuple[int, str, str, list[tuple[str, str]]]


@dataclass
class Provider:
    """The state of one simulator. `fault` is one of `FAULTS` or ""; `skew` moves its clock by seconds."""

    issuer: str
    client_id: str = "tinhso"
    client_secret: str = "trinh-dien"  # noqa: S105 - a demonstration
    people: list[dict[str, str]] = field(default_factory=list)
    fault: str = ""
    skew: float = 0
    level: str = "muc-2"

    def __post_init__(self) -> None:
        named: Any = {"kid": secrets.token_hex(4), "use": "sig", "alg": "ES256"}
        self.key, self.stranger = (ECKey.generate_key("P-256", parameters=named) for _n in range(2))
        self.codes: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.last_token = ""
        self._lock = threading.Lock()

    # What is answered ----------------------------------------------------------------------------------------

    def about(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": ["muc-1", "muc-2"],
            "claims_supported": ["sub", *CLAIMS],
        }

    def agree(self, asked: dict[str, str], person: dict[str, str]) -> str:
        """The address to go back to with a code, for a person who agreed."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self.codes[code] = {"asked": asked, "person": person, "until": time.time() + SECONDS}
        return back_to(asked, {"code": code})

    def token(self, sent: dict[str, str]) -> tuple[int, dict[str, Any]]:
        with self._lock:
            kept = self.codes.pop(sent.get("code", ""), None)
        challenge = _challenge(sent.get("code_verifier", ""))
        if (
            kept is None
            or kept["until"] < time.time()
            or sent.get("client_id") != self.client_id
            or sent.get("client_secret") != self.client_secret
            or sent.get("redirect_uri") != kept["asked"].get("redirect_uri")
            or challenge != kept["asked"].get("code_challenge")
        ):
            return 400, {"error": "invalid_grant"}
        access, person = secrets.token_urlsafe(24), kept["person"]
        self.tokens[access] = {"sub": person["TechID"], **{k: person.get(k, "") for k in CLAIMS}}
        fresh = self.id_token(person["TechID"], kept["asked"].get("nonce", ""))
        given = self.last_token if self.fault == "replayed" else fresh
        self.last_token = fresh
        return 200, {"access_token": access, "token_type": "Bearer", "expires_in": SECONDS, "id_token": given}

    def userinfo(self, authorization: str) -> tuple[int, dict[str, Any]]:
        said = self.tokens.get(authorization.removeprefix("Bearer "))
        if said is None:
            return 401, {"error": "invalid_token"}
        return 200, said | ({"sub": "nguoi-khac"} if self.fault == "other_subject" else {})

    def id_token(self, subject: str, nonce: str) -> str:
        now = int(time.time() + self.skew)
        claims = {
            "iss": self.issuer, "aud": self.client_id, "sub": subject, "iat": now, "exp": now + SECONDS,
            "nonce": nonce, "acr": self.level, "auth_time": now,
        }  # fmt: skip
        claims |= _WRONG.get(self.fault, {})
        if self.fault == "expired":
            claims |= {"iat": now - 2 * SECONDS, "exp": now - SECONDS}
        if self.fault == "alg_none":
            return ".".join([_part({"alg": "none", "typ": "JWT"}), _part(claims), ""])
        key = self.stranger if self.fault == "wrong_key" else self.key
        header = {"alg": "ES256", "kid": self.key.kid}
        made = jwt.encode(header, claims, key)
        return made[:-6] + "AAAAAA" if self.fault == "broken" else made


_WRONG: dict[str, dict[str, Any]] = {
    "wrong_nonce": {"nonce": "cua-nguoi-khac"},
    "wrong_audience": {"aud": "he-thong-khac"},
    "wrong_issuer": {"iss": "https://gia-mao.example"},
    "two_audiences": {"aud": ["tinhso", "he-thong-khac"]},
    "no_expiry": {"exp": None},
}
FAULTS = (*_WRONG, "expired", "alg_none", "wrong_key", "broken", "replayed", "other_subject", "down")


def back_to(asked: dict[str, str], more: dict[str, str]) -> str:
    """The client's address with an answer and its state."""
    return f"{asked['redirect_uri']}?{urlencode(more | {'state': asked.get('state', '')})}"


class Application:
    """The provider as a WSGI application."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(min(size, 20_000)).decode("utf-8", "replace")
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        sent = dict(parse_qsl(body, keep_blank_values=True))
        status, kind, text, headers = self._answer(environ, query, sent)
        content = text.encode()
        shown = {200: "200 OK", 302: "302 Found", 400: "400 Bad Request", 404: "404 Not Found"}
        told = [("Content-Type", kind), ("Content-Length", str(len(content))), ("Cache-Control", "no-store")]
        start(shown.get(status, f"{status} Unavailable"), told + headers)
        return [content]

    def _answer(self, environ: dict[str, Any], query: dict[str, str], sent: dict[str, str]) -> Answer:
        path, provider, method = environ["PATH_INFO"], self.provider, environ["REQUEST_METHOD"]
        if provider.fault == "down":
            return 503, "text/plain; charset=utf-8", SIMULATOR, []
        answers: dict[str, Callable[[], Answer]] = {
            "/.well-known/openid-configuration": lambda: _json(200, provider.about()),
            "/jwks": lambda: _json(200, {"keys": [provider.key.as_dict(private=False)]}),
            "/token": lambda: _json(*provider.token(sent)),
            "/userinfo": lambda: _json(*provider.userinfo(environ.get("HTTP_AUTHORIZATION", ""))),
            "/authorize": lambda: self._authorize(method, query, sent),
            "/": lambda: _page(
                200, "<h1>Mô phỏng VNeID</h1><p>Dịch vụ đăng nhập cho bản trình diễn đang chạy.</p>"
            ),
        }
        return answers.get(path, lambda: _page(404, "<h1>Không có trang này</h1>"))()

    def _authorize(self, method: str, asked: dict[str, str], sent: dict[str, str]) -> Answer:
        if fault := self._fault_of(asked):
            return _page(400, f"<h1>Yêu cầu không hợp lệ</h1><p>{html.escape(fault)}</p>")
        if method != "POST":
            return _page(200, self._form(asked))
        if sent.get("answer") != "yes":
            return 302, "text/plain", "", [("Location", back_to(asked, {"error": "access_denied"}))]
        person = {name: sent.get(name, "").strip() for name in CLAIMS}
        person["LoaiTaiKhoan"] = person["LoaiTaiKhoan"] or "1"
        known = next((p for p in self.provider.people if p.get("SoDinhDanh") == person["SoDinhDanh"]), {})
        person |= {k: v for k, v in known.items() if not person.get(k)}
        person["TechID"] = person["TechID"] or hashlib.sha256(person["SoDinhDanh"].encode()).hexdigest()[:24]
        return 302, "text/plain", "", [("Location", self.provider.agree(asked, person))]

    def _fault_of(self, asked: dict[str, str]) -> str:
        if asked.get("client_id") != self.provider.client_id or asked.get("response_type") != "code":
            return "client_id, response_type"
        if urlsplit(asked.get("redirect_uri", "")).hostname not in ("127.0.0.1", "localhost", "testserver"):
            return "redirect_uri"
        if "openid" not in asked.get("scope", "").split() or asked.get("code_challenge_method") != "S256":
            return "scope, code_challenge_method"
        return ""

    def _form(self, asked: dict[str, str]) -> str:
        action = html.escape(f"/authorize?{urlencode(asked)}")
        preset = "".join(
            f'<form method="post" action="{action}">'
            + "".join(f'<input type="hidden" name="{k}" value="{html.escape(v)}">' for k, v in person.items())
            + f'<button name="answer" value="yes">{html.escape(person["HoVaTen"])}</button></form>'
            for person in self.provider.people
        )
        return (
            "<h1>Đăng nhập</h1><p>tinhso xin đọc: họ tên, số định danh, số giấy tờ cũ, địa chỉ, điện thoại, thư điện tử.</p>"
            f"{preset}<form method='post' action=\"{action}\">"
            "<label>Số định danh<input name='SoDinhDanh' inputmode='numeric' maxlength='12'></label>"
            "<label>Họ và tên<input name='HoVaTen'></label>"
            "<button name='answer' value='yes'>Đồng ý chia sẻ và đăng nhập</button><button name='answer' value='no'>Không đồng ý</button></form>"
        )


def _page(status: int, body: str) -> Answer:
    return status, "text/html; charset=utf-8", PAGE.format(said=SIMULATOR, body=body), []


def _json(status: int, value: dict[str, Any]) -> Answer:
    return status, "application/json", json.dumps(value, ensure_ascii=False), []


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True


class _Handler(WSGIRequestHandler):
    timeout = 15

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, *_args: object) -> None:
        """The application logs its own requests."""


def make_server(provider: Provider, *, host: str, port: int) -> WSGIServer:
    """A server bound to the port (0 picks a free one) and not yet serving."""
    server = _Server((host, port), _Handler)
    server.set_app(Application(provider))
    return server


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=SIMULATOR)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8020)
    parser.add_argument("--people", type=Path, help="JSON list of people to choose from")
    options = parser.parse_args(arguments)
    people = json.loads(options.people.read_text()) if options.people and options.people.exists() else []
    provider = Provider(f"http://{options.host}:{options.port}", people=people)
    server = make_server(provider, host=options.host, port=options.port)
    sys.stderr.write(f"{SIMULATOR}: {provider.issuer}\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
