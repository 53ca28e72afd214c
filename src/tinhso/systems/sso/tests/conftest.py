"""A small office whose clerk and citizen sign in to programs; one key for all tests, because making one takes long."""

from __future__ import annotations

import secrets

import pytest
from django.test import Client as Browser
from joserfc.jwk import RSAKey

from tinhso.core.testing.office import Office, small_office
from tinhso.kit.uuid7 import uuid7
from tinhso.systems.sso import keyring, vault
from tinhso.systems.sso.models import Key
from tinhso.systems.sso.policy import CLIENTS, KEYS
from tinhso.systems.sso.tests.relying import Relying, connect

PERMISSIONS = ("cases.see", "cases.receive", CLIENTS, KEYS)


@pytest.fixture(scope="session")
def rsa() -> tuple[str, str, dict]:
    key_id = str(uuid7())
    key = RSAKey.generate_key(2048, {"kid": key_id, "use": "sig", "alg": "RS256"})
    return key_id, vault.lock(key.as_der(private=True)), dict(key.as_dict(private=False))


def plant(rsa: tuple[str, str, dict]) -> None:
    """The keys an installation has from its first program on."""
    key_id, secret, public = rsa
    Key.objects.create(id=key_id, use="sig", alg="RS256", secret=secret, public=public)
    Key.objects.create(use="pepper", secret=vault.lock(secrets.token_bytes(32)))
    keyring.forget()


@pytest.fixture
def office(db: None, rsa: tuple[str, str, dict]) -> Office:
    plant(rsa)
    return small_office(permissions=PERMISSIONS)


@pytest.fixture
def web(office: Office, client: Browser) -> Relying:
    """A trusted web program that may do everything a web program may."""
    return connect(client, trusted=True)


@pytest.fixture
def stranger(office: Office, client: Browser) -> Relying:
    """A program of somebody else's, which people are asked about."""
    return connect(client, name="Ứng dụng lạ", redirect="https://la.example/cb")
