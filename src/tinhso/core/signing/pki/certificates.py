"""Making certificates: names, extensions and lifetimes in one place."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

DEMO = "TRÌNH DIỄN, không có giá trị pháp lý"
# RFC 5280, appendix A: the longest common name and organisation a certificate may carry, in characters.
_NAME_LIMIT = 64
# Clocks of other machines may be behind ours.
_BACKDATE = timedelta(minutes=10)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def name(self) -> x509.Name:
        return self.certificate.subject


def new_key() -> ec.EllipticCurvePrivateKey:
    """ECDSA on P-256: small signatures, and a key costs less than a millisecond to make."""
    return ec.generate_private_key(ec.SECP256R1())


def subject(common_name: str, organisation: str, *, title: str = "", unique: str = "") -> x509.Name:
    """A distinguished name in Vietnam; long names are cut to what a certificate may carry."""
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.TITLE, title)]
    parts += [(NameOID.SERIAL_NUMBER, unique), (NameOID.COMMON_NAME, common_name)]
    with warnings.catch_warnings():
        # The library counts bytes where the standard counts characters; Vietnamese has more bytes.
        warnings.simplefilter("ignore")
        return x509.Name(
            [x509.NameAttribute(oid, value[:_NAME_LIMIT], _validate=False) for oid, value in parts if value]
        )


def make(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: Pair | None,
    *,
    lasts: timedelta,
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    """A certificate for `name` and `key`, signed by `issuer` (by itself when None)."""
    now = datetime.now(tz=UTC).replace(microsecond=0)
    public = key.public_key()
    signing_key = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.name if issuer else name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
        )
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signing_key, hashes.SHA256())


def authority_extensions(*, path_length: int | None) -> list[tuple[x509.ExtensionType, bool]]:
    return [(x509.BasicConstraints(ca=True, path_length=path_length), True), (_usage(authority=True), True)]


def leaf_extensions(*, non_repudiation: bool = True) -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(non_repudiation=non_repudiation), True),
    ]


def purpose(oid: x509.ObjectIdentifier, *, critical: bool) -> tuple[x509.ExtensionType, bool]:
    return x509.ExtendedKeyUsage([oid]), critical


TIME_STAMPING = purpose(ExtendedKeyUsageOID.TIME_STAMPING, critical=True)
OCSP_SIGNING = purpose(ExtendedKeyUsageOID.OCSP_SIGNING, critical=False)
NO_CHECK: tuple[x509.ExtensionType, bool] = (x509.OCSPNoCheck(), False)


def ask_at(url: str) -> tuple[x509.ExtensionType, bool]:
    """Where a certificate of the duty authority is checked, and where its issuer is found."""
    return (
        x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(
                    AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{url}/ocsp")
                ),
                x509.AccessDescription(
                    AuthorityInformationAccessOID.CA_ISSUERS,
                    x509.UniformResourceIdentifier(f"{url}/duty.crt"),
                ),
            ]
        ),
        False,
    )


def revoked_at(url: str) -> tuple[x509.ExtensionType, bool]:
    """Where the root publishes what it revoked."""
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{url}/crl/root.crl")], None, None, None)
    return x509.CRLDistributionPoints([point]), False


def _usage(*, authority: bool = False, non_repudiation: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=non_repudiation and not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def mentions(certificate: x509.Certificate, url: str) -> bool:
    """Whether the certificate points at the services under `url`."""
    return url.encode() in certificate.public_bytes(serialization.Encoding.DER)


def ends_soon(certificate: x509.Certificate, margin: timedelta = 30 * DAY) -> bool:
    return certificate.not_valid_after_utc < datetime.now(tz=UTC) + margin
