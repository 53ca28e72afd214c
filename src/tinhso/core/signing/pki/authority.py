"""The demonstration authority on disk: made on first use, renewed before it ends, shared by all processes.

<home>/root.* duty.* tsa.* ocsp.*     key and certificate (PEM)
<home>/signers/<key>/                 key and certificate of a signer
<home>/issued/<serial>.pem            every certificate the duty authority gave out
<home>/revoked/<serial>.json          {"at": ISO time, "reason": text}
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tinhso.core.signing.pki import certificates as make
from tinhso.core.signing.pki.certificates import DAY, DEMO, Pair

_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class SignerRef:
    """Who signs: a person in a post, or an agency with its seal. A new title or name is a new certificate."""

    kind: str
    key: str
    name: str
    organisation: str
    title: str = ""

    @classmethod
    def person(
        cls, *, person_id: object, post_id: object, name: str, title: str, organisation: str
    ) -> SignerRef:
        """The certificate of a person for the time they hold a post."""
        return cls("person", f"{person_id}:{post_id}", name, organisation, title)

    @classmethod
    def agency(cls, *, unit_id: object, name: str) -> SignerRef:
        """The certificate of an agency, used by its document clerk in place of the seal."""
        return cls("agency", str(unit_id), name, name)

    @property
    def folder(self) -> str:
        text = f"{self.kind}\0{self.key}\0{self.name}\0{self.organisation}\0{self.title}"
        return sha256(text.encode()).hexdigest()[:32]


class Authority:
    """One demonstration authority. `home` is its folder, `url` the address its services answer at."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = Path(home), url.rstrip("/")
        for folder in (self.home, self.home / "signers", self.home / "issued", self.home / "revoked"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked():
            self._open()

    def _open(self) -> None:
        """Load the four standing certificates, making or renewing what is missing, ending, or moved."""
        self.root = self._standing("root", self._make_root)
        self.duty = self._standing("duty", self._make_duty, moved=True)
        self.tsa = self._standing("tsa", self._make_tsa, moved=True)
        self.ocsp = self._standing("ocsp", self._make_ocsp)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time makes certificates."""
        with (self.home / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _standing(
        self,
        name: str,
        make_one: Callable[[ec.EllipticCurvePrivateKey], x509.Certificate],
        *,
        moved: bool = False,
    ) -> Pair:
        path = self.home / f"{name}.pem"
        if path.exists():
            pair = _load(self.home, name)
            if not make.ends_soon(pair.certificate) and not (
                moved and not make.mentions(pair.certificate, self.url)
            ):
                return pair
            pair = Pair(make_one(pair.key), pair.key)
        else:
            key = make.new_key()
            pair = Pair(make_one(key), key)
        _save(self.home, name, pair)
        return pair

    def _make_root(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        name = make.subject("Chứng thực gốc trình diễn tinhso", DEMO)
        return make.make(
            name, key, None, lasts=7300 * DAY, extensions=make.authority_extensions(path_length=1)
        )

    def _make_duty(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        name = make.subject("Chữ ký số chuyên dùng công vụ trình diễn tinhso", DEMO)
        extensions = [*make.authority_extensions(path_length=0), make.revoked_at(self.url)]
        return make.make(name, key, self.root, lasts=3650 * DAY, extensions=extensions)

    def _make_tsa(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        name = make.subject("Dấu thời gian trình diễn tinhso", DEMO)
        extensions = [*make.leaf_extensions(), make.TIME_STAMPING, make.revoked_at(self.url)]
        return make.make(name, key, self.root, lasts=3650 * DAY, extensions=extensions)

    def _make_ocsp(self, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        name = make.subject("Trạng thái chứng thư trình diễn tinhso", DEMO)
        extensions = [*make.leaf_extensions(non_repudiation=False), make.OCSP_SIGNING, make.NO_CHECK]
        return make.make(name, key, self.duty, lasts=730 * DAY, extensions=extensions)

    def signer(self, ref: SignerRef) -> Pair:
        """The certificate of a signer, issued on demand; renewed before it ends and when the services moved."""
        folder = self.home / "signers" / ref.folder
        if (pair := self._usable(folder)) is not None:
            return pair
        with self._locked():
            if (pair := self._usable(folder)) is not None:
                return pair
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            key = make.new_key()
            name = make.subject(ref.name, ref.organisation, title=ref.title, unique=ref.folder[:16])
            extensions = [*make.leaf_extensions(), make.ask_at(self.url)]
            pair = Pair(make.make(name, key, self.duty, lasts=730 * DAY, extensions=extensions), key)
            _write(self._issued(pair.certificate.serial_number), pair.certificate.public_bytes(_PEM))
            _save(folder, "signer", pair)
            return pair

    def _usable(self, folder: Path) -> Pair | None:
        if not (folder / "signer.pem").exists():
            return None
        pair = _load(folder, "signer")
        stale = make.ends_soon(pair.certificate) or not make.mentions(pair.certificate, self.url)
        return None if stale or self.revocation(pair.certificate.serial_number) else pair

    def _issued(self, serial: int) -> Path:
        return self.home / "issued" / f"{serial:x}.pem"

    def knows(self, serial: int) -> bool:
        """Whether the duty authority issued a certificate with this serial number."""
        return self._issued(serial).exists()

    def revocation(self, serial: int) -> datetime | None:
        """When a certificate was revoked, or None."""
        path = self.home / "revoked" / f"{serial:x}.json"
        return datetime.fromisoformat(json.loads(path.read_text())["at"]) if path.exists() else None

    def revoke(self, ref: SignerRef, *, reason: str, at: datetime | None = None) -> int:
        """Revoke the present certificate of a signer; its next signature uses a new one. Its serial number."""
        serial = self.signer(ref).certificate.serial_number
        when = (at or datetime.now(tz=UTC)).replace(microsecond=0)
        _write(
            self.home / "revoked" / f"{serial:x}.json",
            json.dumps({"at": when.isoformat(), "reason": reason}, ensure_ascii=False).encode(),
        )
        return serial

    def root_list(self, now: datetime) -> bytes:
        """The root's revocation list of `now` (DER), good for a year: it never revoked anything."""
        now = now.replace(microsecond=0)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.name)
            .last_update(now)
            .next_update(now + timedelta(days=365))
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.key.public_key()), critical=False
            )
        )
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _load(folder: Path, name: str) -> Pair:
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{folder / name}.key is not an elliptic-curve key")
    return Pair(x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()), key)


def _save(folder: Path, name: str, pair: Pair) -> None:
    """The key first: a certificate without its key is never seen."""
    private = pair.key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(folder / f"{name}.key", private)
    _write(folder / f"{name}.pem", pair.certificate.public_bytes(_PEM))


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by the owner only."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)
