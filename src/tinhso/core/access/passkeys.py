"""Passkeys (WebAuthn level 2): the only module that speaks with the library.

The site's name is the host the browser asked for, one of `ALLOWED_HOSTS`. Browsers take no bare network address as a
name, so at `http://127.0.0.1` nobody is offered a passkey. The state of a ceremony is kept in the session and used once.
"""

from __future__ import annotations

import ipaddress
import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tinhso.kit.errors import Refusal


def host_of(request: HttpRequest) -> str:
    """The name keys are bound to; "" when the browser came by a bare address."""
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""


def _server(request: HttpRequest) -> Fido2Server:
    origin = f"{request.scheme}://{request.get_host()}"
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host_of(request), name="tinhso"),
        verify_origin=lambda told: told == origin,
    )


def begin_registering(
    request: HttpRequest, account_id: UUID, name: str, known: list[bytes]
) -> tuple[dict[str, Any], Any]:
    """What the browser needs to make a key, and the state to keep."""
    user = PublicKeyCredentialUserEntity(id=account_id.bytes, name=name, display_name=name)
    options, state = _server(request).register_begin(
        user,
        [AttestedCredentialData(data) for data in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


def registered(request: HttpRequest, state: Any, answer: str) -> tuple[bytes, bytes, int]:
    """(credential id, data to keep, counter) of the key the browser made. `Refusal` when it is not the answer asked for."""
    try:
        made = _server(request).register_complete(state, json.loads(answer))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise not_taken() from error
    if made.credential_data is None:
        raise not_taken()
    return made.credential_data.credential_id, bytes(made.credential_data), made.counter


def begin_proving(request: HttpRequest) -> tuple[dict[str, Any], Any]:
    """What the browser needs to use any key it has for this site, and the state to keep."""
    options, state = _server(request).authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options), state


def named(answer: str) -> bytes:
    """The id of the key an answer says it is from."""
    try:
        return websafe_decode(json.loads(answer)["id"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise not_taken() from error


def proved(request: HttpRequest, state: Any, data: bytes, answer: str) -> int:
    """The counter of a key that proved itself. `Refusal` when the answer is forged, old or another key's."""
    try:
        told = json.loads(answer)
        _server(request).authenticate_complete(state, [AttestedCredentialData(data)], told)
        return int(AuthenticationResponse.from_dict(told).response.authenticator_data.counter)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise not_taken() from error


def not_taken() -> Refusal:
    """The one answer to whatever is wrong with a key."""
    message = _("Khóa truy cập không được chấp nhận. Thử lại, hoặc đăng nhập bằng cách khác.")
    return Refusal("passkey", message, status=422, field="passkey")
