"""Keeping the provider's secrets: encrypted at rest under the installation's own secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: Bytes of randomness in everything handed out; far beyond guessing, so a fast keyed hash keeps it.
RANDOM_BYTES = 32


class VaultError(RuntimeError):
    """A secret cannot be read: the installation's secret key is not the one it was written under."""


@lru_cache(maxsize=4)
def _box(secret_keys: tuple[str, ...]) -> MultiFernet:
    def key(text: str) -> bytes:
        derived = HKDF(SHA256(), 32, salt=None, info=b"tinhso.sso.vault").derive(text.encode())
        return base64.urlsafe_b64encode(derived)

    return MultiFernet([Fernet(key(text)) for text in secret_keys])


def _here() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def lock(secret: bytes) -> str:
    """A secret as it may lie in the database and its backups."""
    return _here().encrypt(secret).decode()


def unlock(text: str) -> bytes:
    """The secret again. `VaultError` under another secret key; put the old one into `SECRET_KEY_FALLBACKS`."""
    try:
        return _here().decrypt(text.encode())
    except InvalidToken as error:
        raise VaultError("the keys of single sign-on were written under another SECRET_KEY") from error


def relock(text: str) -> str:
    """The same secret under today's secret key."""
    return _here().rotate(text.encode()).decode()


def random_text() -> str:
    """A fresh code, token or secret: 43 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def digest(pepper: bytes, text: str) -> str:
    """What is kept of a code, token or secret."""
    return hmac.new(pepper, text.encode(), hashlib.sha256).hexdigest()


def matches(pepper: bytes, text: str, kept: str) -> bool:
    """Whether a secret is the one kept, in constant time; nothing matches an empty one."""
    return bool(kept) and hmac.compare_digest(digest(pepper, text), kept)
