"""Secrets the server must read again are kept sealed: a copied database does not give them away.

The key is made from `SECRET_KEY`; keys in `SECRET_KEY_FALLBACKS` still open what was sealed before a change.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=b"tinhso", info=b"access.sealing")
    return base64.urlsafe_b64encode(made.derive(secret.encode()))


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


def seal(text: str) -> str:
    """The text as only this installation can read it."""
    return _box(_keys()).encrypt(text.encode()).decode()


def opened(sealed: str) -> str:
    """What was sealed. `InvalidToken` when it was changed or sealed under a key that is gone."""
    return _box(_keys()).decrypt(sealed.encode()).decode()
