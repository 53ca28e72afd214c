"""Where signing keys are kept. The demonstration keeps them on the server; devices come as other stores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tinhso.core.signing.pki.authority import Authority, SignerRef
from tinhso.core.signing.pki.service import certificate_of, key_of
from tinhso.kit.slots import Slot


class KeyStore(ABC):
    """Holds keys of signers, or reaches the device that does."""

    name: str

    @abstractmethod
    def holds(self, ref: SignerRef) -> bool:
        """Whether this store can sign for the signer."""

    @abstractmethod
    def signer(self, ref: SignerRef) -> Signer:
        """What signs in the signer's name, with the certificates up to the root; `SigningError` when it cannot."""


KEY_STORES: Slot[KeyStore] = Slot("key stores", KeyStore, lambda s: s.name)  # type: ignore[type-abstract]


@lru_cache(maxsize=4)
def _authority(home: Path, url: str) -> Authority:
    return Authority(home, url)


def demonstration() -> Authority:
    """The demonstration authority of this installation."""
    return _authority(Path(settings.SECRETS_ROOT) / "pki", settings.TRUST_URL)


class DemonstrationKeys(KeyStore):
    """Keys on the server, made on demand, for anybody: for trying out, never for real papers."""

    name = "demonstration"

    def holds(self, ref: SignerRef) -> bool:
        return True

    def signer(self, ref: SignerRef) -> Signer:
        authority = demonstration()
        pair = authority.signer(ref)
        store = SimpleCertificateStore()
        store.register_multiple([certificate_of(authority.duty), certificate_of(authority.root)])
        return SimpleSigner(certificate_of(pair), key_of(pair), cert_registry=store)


def signer_for(ref: SignerRef) -> Signer:
    """The signer from the first store that holds its key; stores of devices come before the demonstration."""
    stores = sorted((s for s in KEY_STORES if s.holds(ref)), key=lambda s: s.name == "demonstration")
    return stores[0].signer(ref)
