"""Which addresses a program may name for itself. Compared letter by letter: a pattern is an open redirect in waiting."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from tinhso.kit.errors import Refusal
from tinhso.systems.sso.choices import Kind

LONGEST = 500


def checked(uri: str, *, field: str, kind: str = Kind.WEB) -> str:
    """An address as it is kept; a `Refusal` that says what is wrong with it."""
    parts = _parts(uri, field)
    if any(c in uri for c in "*\\ <>\"'") or not (uri.isascii() and uri.isprintable()):
        raise _bad(_("Địa chỉ không được có khoảng trắng, dấu * hay ký tự lạ: %(uri)s") % {"uri": uri}, field)
    if len(uri) > LONGEST:
        raise _bad(_("Địa chỉ dài quá 500 ký tự."), field)
    if parts.fragment or "#" in uri:
        raise _bad(_("Địa chỉ không được có phần sau dấu #: %(uri)s") % {"uri": uri}, field)
    if "@" in parts.netloc or ".." in parts.path.split("/"):
        raise _bad(_("Địa chỉ không được chứa tên đăng nhập hay “..”: %(uri)s") % {"uri": uri}, field)
    if not _fits(parts.scheme, parts.netloc, parts.hostname or "", kind):
        why = _(
            "Địa chỉ phải bắt đầu bằng https:// (chỉ máy của người phát triển mới dùng http://127.0.0.1)."
        )
        raise _bad(f"{why} {uri}", field)
    return uri


def _parts(uri: str, field: str) -> SplitResult:
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018  reading it checks it
    except ValueError as error:
        raise _bad(f"{uri}: {error}", field) from error
    return parts


def _fits(scheme: str, netloc: str, host: str, kind: str) -> bool:
    if scheme == "https":
        return bool(host)
    if scheme == "http":
        return host in ("127.0.0.1", "::1", "localhost")
    # A native program may name a scheme of its own, in reverse domain form (RFC 8252, 7.1).
    return kind == Kind.NATIVE and "." in scheme and not netloc


def _bad(message: str, field: str) -> Refusal:
    return Refusal("bad_address", message, status=422, field=field)


def same(asked: str, registered: list[str], kind: str) -> bool:
    """Whether an address is one of those registered; a native program's loopback port may differ (RFC 8252, 7.3)."""
    if asked in registered:
        return True
    if kind != Kind.NATIVE:
        return False
    plain = _without_port(asked)
    return plain is not None and any(plain == _without_port(uri) for uri in registered)


def _without_port(uri: str) -> tuple[str, str, str] | None:
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018
    except ValueError:
        return None
    if (
        parts.scheme != "http"
        or parts.hostname not in ("127.0.0.1", "::1")
        or "@" in parts.netloc
        or parts.fragment
    ):
        return None
    return parts.hostname, parts.path, parts.query


def sector_of(uris: list[str], given: str = "") -> str:
    """The group a program belongs to: as given, else the host of its addresses (its only one)."""
    if given:
        return given
    hosts = sorted({urlsplit(uri).hostname or "" for uri in uris} - {""})
    return hosts[0] if hosts else ""


def origin_of(uri: str) -> str:
    """Scheme, host and port of an address, for the content policy of the page that leads there."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
