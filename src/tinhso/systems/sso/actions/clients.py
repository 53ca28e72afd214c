"""Connecting programs, changing them, their secrets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.text import fold
from tinhso.systems.sso import vault
from tinhso.systems.sso.actions import keys
from tinhso.systems.sso.choices import CONFIDENTIAL, LEVELS, SCOPES, SECRET_OVERLAP, Kind, Subject
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import Client, Grant
from tinhso.systems.sso.policy import CLIENTS, require
from tinhso.systems.sso.rules import addresses

#: Programs without people ask for rights of their own under these names (letters, digits, `.`, `:`, `_`, `-`).
_SCOPE_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.:_-")


@dataclass(frozen=True, slots=True)
class Says:
    """What an administrator says of a program. Addresses are one per line on the page."""

    name: str
    kind: str = Kind.WEB
    contact: str = ""
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    backchannel_uri: str = ""
    scopes: tuple[str, ...] = ("openid",)
    subject: str = Subject.PAIRWISE
    sector: str = ""
    min_level: str = "1"
    trusted: bool = False
    may_introspect: bool = False


def create(*, actor: Actor, says: Says, now: datetime | None = None) -> tuple[Client, str]:
    """Connect a program; it and its secret, told once ("" for a program that cannot keep one)."""
    require(actor, CLIENTS)
    values = _checked(says)
    keys.ensure(actor=actor)
    secret = vault.random_text() if says.kind in CONFIDENTIAL else ""
    with transaction.atomic():
        row = Client.objects.create(
            client_id=f"{_slug(says.name)}-{vault.random_text()[:10].lower().replace('_', 'x').replace('-', 'z')}",
            kind=says.kind,
            secret=vault.digest(ring().pepper, secret) if secret else "",
            secret_made_at=now or timezone.now(),
            **values,
        )
        _record("create_client", actor, row, _plain(values) | {"kind": says.kind, "client_id": row.client_id})
    return row, secret


def edit(*, actor: Actor, client_id: UUID, says: Says) -> Client:
    """Change what is said of a program; its kind and the sector people's codes hang on stay."""
    require(actor, CLIENTS)
    with transaction.atomic():
        row = _locked(client_id)
        values = _checked(Says(**{**asdict(says), "kind": row.kind, "sector": row.sector}))
        if row.subject != values["subject"] and Grant.objects.filter(client=row).exists():
            raise Refusal(
                "subject_fixed",
                _("Đã có người đăng nhập, không đổi được cách định danh."),
                status=422,
                field="subject",
            )
        before = {key: getattr(row, key) for key in values}
        changed = {key: value for key, value in values.items() if before[key] != value}
        if changed:
            Client.objects.filter(id=row.id).update(**changed)
            told = {key: {"before": before[key], "after": value} for key, value in changed.items()}
            _record("edit_client", actor, row, told)
    return Client.objects.get(id=row.id)


def rotate_secret(
    *, actor: Actor, client_id: UUID, now: datetime | None = None, at_once: bool = False
) -> str:
    """A new secret, told once. The old one works for another day, or not at all when it leaked (`at_once`)."""
    require(actor, CLIENTS)
    now, secret = now or timezone.now(), vault.random_text()
    with transaction.atomic():
        row = _locked(client_id)
        if not row.confidential:
            raise Refusal("no_secret", _("Ứng dụng loại này không có khóa bí mật."))
        Client.objects.filter(id=row.id).update(
            secret=vault.digest(ring().pepper, secret),
            secret_made_at=now,
            old_secret="" if at_once else row.secret,
            old_secret_until=None if at_once else now + SECRET_OVERLAP,
        )
        _record("rotate_secret", actor, row, {"at_once": at_once})
    return secret


def set_active(*, actor: Actor, client_id: UUID, active: bool, now: datetime | None = None) -> None:
    """Close a program: all its tokens die at once; or open it again, without them."""
    require(actor, CLIENTS)
    now = now or timezone.now()
    with transaction.atomic():
        row = _locked(client_id)
        if row.active == active:
            return
        Client.objects.filter(id=row.id).update(active=active)
        if not active:
            Grant.objects.filter(client=row, revoked_at__isnull=True, ends_at__gt=now).update(
                revoked_at=now, revoke_reason="client_closed"
            )
        _record("open_client" if active else "close_client", actor, row, {})


def _checked(says: Says) -> dict[str, Any]:
    name = " ".join(says.name.split())
    if not name:
        raise Refusal("required", _("Ghi tên ứng dụng."), status=422, field="name")
    if says.kind not in Kind.values:
        raise Refusal("kind", _("Chọn loại ứng dụng."), status=422, field="kind")
    people = says.kind in (Kind.WEB, Kind.NATIVE)
    if people and not says.redirect_uris:
        raise Refusal("required", _("Ghi ít nhất một địa chỉ quay về."), status=422, field="redirect_uris")
    redirects = [addresses.checked(u, field="redirect_uris", kind=says.kind) for u in says.redirect_uris]
    back = addresses.checked(says.backchannel_uri, field="backchannel_uri") if says.backchannel_uri else ""
    if says.subject not in Subject.values or says.min_level not in LEVELS:
        raise Refusal("choice", _("Giá trị không có trong danh sách."), status=422, field="min_level")
    return {
        "name": name[:120],
        "contact": says.contact.strip()[:200],
        "redirect_uris": redirects if people else [],
        "logout_uris": [addresses.checked(u, field="logout_uris", kind=says.kind) for u in says.logout_uris],
        "backchannel_uri": back,
        "scope": _scopes(says),
        "subject": says.subject,
        "sector": (addresses.sector_of(redirects, says.sector.strip()) or name)[:200],
        "min_level": says.min_level,
        "trusted": says.trusted,
        "may_introspect": says.may_introspect and says.kind in CONFIDENTIAL,
    }


def _scopes(says: Says) -> str:
    if says.kind == Kind.SERVICE:
        bad = [s for s in says.scopes if s in SCOPES or not set(s) <= _SCOPE_LETTERS]
        if bad:
            message = _("Phạm vi của dịch vụ chỉ gồm chữ thường, số và . : _ -, không dùng: %(bad)s")
            raise Refusal("scope", message % {"bad": ", ".join(bad)}, status=422, field="scopes")
        return " ".join(dict.fromkeys(says.scopes))[:200]
    bad = [s for s in says.scopes if s not in SCOPES]
    if bad or "openid" not in says.scopes:
        message = _("Phạm vi phải gồm openid và chỉ những phạm vi trong danh sách. Không có: %(bad)s")
        raise Refusal("scope", message % {"bad": ", ".join(bad) or "–"}, status=422, field="scopes")
    return " ".join(s for s in SCOPES if s in says.scopes)


def _fields(says: Says) -> dict[str, Any]:
    return {name: getattr(says, name) for name in says.__slots__}


def _slug(name: str) -> str:
    letters = "".join(c if c.isalnum() and c.isascii() else "-" for c in fold(name))
    return "-".join(filter(None, letters.split("-")))[:40] or "app"


def _locked(client_id: UUID) -> Client:
    row = Client.objects.select_for_update().filter(id=client_id).first()
    if row is None:
        raise NotFound("no_client", _("Không có ứng dụng này."))
    return row


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", [], False)}


def _record(verb: str, actor: Actor, client: Client, data: dict[str, Any]) -> None:
    batch = Batch()
    record(
        batch, act=f"sso.{verb}", object_kind="sso.client", object_id=str(client.id), actor=actor, data=data
    )
    batch.send()
