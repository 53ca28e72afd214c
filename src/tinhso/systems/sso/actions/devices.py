"""Devices without a keyboard: asking for a code, and a person's no."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.kit.errors import Refusal
from tinhso.systems.sso import vault
from tinhso.systems.sso.choices import DEVICE_INTERVAL, DEVICE_LIFE
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import Client, DeviceCode
from tinhso.systems.sso.rules.devices import LENGTH, LETTERS, plain, shown


def ask(*, client: Client, scopes: list[str], now: datetime) -> tuple[str, str]:
    """A device code for the device, and a short code for its screen."""
    pepper, device = ring().pepper, vault.random_text()
    typed = "".join(secrets.choice(LETTERS) for _n in range(LENGTH))
    DeviceCode.objects.create(
        client=client,
        device=vault.digest(pepper, device),
        user_code=vault.digest(pepper, plain(typed)),
        scope=" ".join(scopes),
        expires_at=now + DEVICE_LIFE,
        interval=DEVICE_INTERVAL,
    )
    return device, shown(typed)


def deny(*, actor: Actor, device: DeviceCode, now: datetime) -> None:
    """A person does not let the device in."""
    with transaction.atomic():
        held = DeviceCode.objects.select_for_update().get(id=device.id)
        require_waiting(held, now)
        batch = Batch()
        batch.update(DeviceCode, {"id": held.id}, denied_at=now)
        record(
            batch,
            act="sso.deny_device",
            object_kind="sso.client",
            object_id=str(held.client_id),
            actor=actor,
            data={},
        )
        batch.send()


def require_waiting(device: DeviceCode, now: datetime) -> None:
    """Go on when nobody has answered the device yet and its time is not over, else a `Refusal`."""
    if device.grant_id or device.denied_at or device.expires_at <= now:
        raise Refusal(
            "device_code",
            _("Mã này đã được dùng hoặc đã hết hạn. Lấy mã mới trên thiết bị."),
            status=422,
            field="code",
        )
