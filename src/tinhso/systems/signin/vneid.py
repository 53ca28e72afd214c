"""The client of the national sign-in: OpenID Connect, code flow with PKCE, state and nonce.

Everything that comes back is believed only after checking: signature by a key the provider publishes, and only by the
algorithms named here; issuer, audience, times with a minute of clock difference, nonce; the subject of the person's data
must be that of the token. The claims are the national names (HoVaTen, SoDinhDanh, ...).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tinhso.kit.errors import Refusal

ALGORITHMS = ["ES256", "RS256", "PS256"]
CLOCK_SECONDS = 60
#: A sign-in begun longer ago than this is begun again.
LONGEST_SECONDS = 600
_TIMEOUT = httpx.Timeout(5, connect=2)
_KEPT_SECONDS = 600


class UnavailableError(Refusal):
    """The national sign-in does not answer; there is another way in."""

    status = 503


@dataclass(frozen=True, slots=True)
class National:
    """What the national sign-in says of somebody, as it says it."""

    subject: str
    number: str
    full_name: str
    old_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    kind: str = "1"
    acr: str = ""


class _Known:
    """What the provider says of itself, kept for a while: its keys are not asked for at each sign-in."""

    kept: ClassVar[dict[str, tuple[float, Any]]] = {}


def forget() -> None:
    """Ask the provider anew at the next sign-in."""
    _Known.kept.clear()


def begin(redirect_uri: str) -> tuple[str, dict[str, str]]:
    """Where to send the browser, and what to keep in its session until it comes back. `UnavailableError` when it is down.

    The provider is asked each time: sent to one that does not answer, a browser shows its own error and no way on.
    """
    about = _about(again=True)
    kept = {name: secrets.token_urlsafe(24) for name in ("state", "nonce")}
    kept |= {"verifier": secrets.token_urlsafe(48), "redirect_uri": redirect_uri}
    challenge = (
        base64.urlsafe_b64encode(hashlib.sha256(kept["verifier"].encode()).digest()).rstrip(b"=").decode()
    )
    asked = {
        "response_type": "code", "client_id": settings.VNEID_CLIENT_ID, "redirect_uri": redirect_uri, "scope": "openid",
        "acr_values": settings.VNEID_ACR, "state": kept["state"], "nonce": kept["nonce"],
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{about['authorization_endpoint']}?{urlencode(asked)}", kept


def finish(code: str, kept: dict[str, str]) -> National:
    """Who came back with the code. `Refusal` when anything about the answer is not as it must be."""
    about = _about()
    sent = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": kept["redirect_uri"],
        "client_id": settings.VNEID_CLIENT_ID, "client_secret": settings.VNEID_CLIENT_SECRET, "code_verifier": kept["verifier"],
    }  # fmt: skip
    given = _asked("POST", about["token_endpoint"], data=sent)
    claims = checked(str(given.get("id_token", "")), kept["nonce"], about)
    headers = {"Authorization": f"Bearer {given.get('access_token', '')}"}
    said = _asked("GET", about["userinfo_endpoint"], headers=headers)
    if said.get("sub") != claims["sub"]:
        raise not_believed()
    return _national(said, str(claims.get("acr", "")))


def checked(id_token: str, nonce: str, about: dict[str, Any], now: float | None = None) -> dict[str, Any]:
    """The claims of a token that is to be believed. `Refusal` for a forged, old, foreign or replayed one."""
    moment = time.time() if now is None else now
    claims: dict[str, Any] | None = None
    for again in (False, True):  # a key the provider took into use since we last asked
        try:
            claims = jwt.decode(id_token, _keys(about["jwks_uri"], again=again), algorithms=ALGORITHMS).claims
            break
        except (JoseError, ValueError) as error:
            if again:
                raise not_believed() from error
    if claims is None or not _stands(claims, nonce, str(about["issuer"]), moment):
        raise not_believed()
    return claims


def _stands(claims: dict[str, Any], nonce: str, issuer: str, moment: float) -> bool:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    mine = settings.VNEID_CLIENT_ID
    times = claims.get("exp"), claims.get("iat")
    return (
        claims.get("iss") == issuer
        and mine in audiences
        and (len(audiences) == 1 or claims.get("azp") == mine)
        and all(isinstance(t, int | float) for t in times)
        and times[0] > moment - CLOCK_SECONDS  # type: ignore[operator]
        and moment - LONGEST_SECONDS - CLOCK_SECONDS < times[1] < moment + CLOCK_SECONDS  # type: ignore[operator]
        and bool(claims.get("sub"))
        and secrets.compare_digest(str(claims.get("nonce", "")), nonce)
    )


def _national(said: dict[str, Any], acr: str) -> National:
    def text(name: str) -> str:
        value = said.get(name)
        return str(value).strip() if value is not None else ""

    return National(
        text("sub"), text("SoDinhDanh"), text("HoVaTen"), text("SoCMND"), text("SoDienThoai"), text("ThuDienTu"),
        text("DiaChi"), text("LoaiTaiKhoan") or "1", acr,
    )  # fmt: skip


def _about(*, again: bool = False) -> dict[str, Any]:
    about: dict[str, Any] = _kept(
        f"{settings.VNEID_URL.rstrip('/')}/.well-known/openid-configuration", again=again
    )
    if str(about.get("issuer", "")).rstrip("/") != settings.VNEID_URL.rstrip("/"):
        raise not_believed()
    return about


def _keys(address: str, *, again: bool) -> KeySet:
    return KeySet.import_key_set(_kept(address, again=again))


def _kept(address: str, *, again: bool = False) -> Any:
    until, value = _Known.kept.get(address, (0.0, None))
    if again or until < time.monotonic():
        value = _asked("GET", address)
        _Known.kept[address] = (time.monotonic() + _KEPT_SECONDS, value)
    return value


def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        answer = httpx.request(method, address, timeout=_TIMEOUT, **more)
        said = answer.json() if answer.status_code < 500 else None  # noqa: PLR2004
    except (httpx.HTTPError, ValueError) as error:
        raise unavailable() from error
    if said is None:
        raise unavailable()
    if answer.status_code >= 400 or not isinstance(said, dict):  # noqa: PLR2004
        raise not_believed()
    return said


def unavailable() -> Refusal:
    """What is said while the national sign-in is down."""
    message = _("Đăng nhập quốc gia (VNeID) đang không trả lời. Hồ sơ của bạn không bị ảnh hưởng.")
    return UnavailableError("vneid_down", message)


def not_believed() -> Refusal:
    """What is said of an answer that does not hold; what was wrong is nobody's business but the log's."""
    message = _("Kết quả đăng nhập quốc gia không hợp lệ hoặc đã quá hạn. Hãy đăng nhập lại từ đầu.")
    return Refusal("vneid_answer", message, status=422)
