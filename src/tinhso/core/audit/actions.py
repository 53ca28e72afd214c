"""Writing the two logs: acts (hash-chained) and reads of personal data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tinhso.core.audit.models import Lane, PersonRead, Seal
from tinhso.core.audit.rules import digest, seal_hash
from tinhso.core.db.batch import Batch

# Each connection keeps to one lane, so writers rarely meet; where two do, one waits. The hash is
# computed where the head is: reading and extending the chain is one statement.
EXTEND = (
    "UPDATE audit_lane SET seq = seq + 1, hash = sha256(hash || %s::bytea) "
    "WHERE id = pg_backend_pid() %% 64 RETURNING id, seq, hash"
)
ENTER = """
INSERT INTO audit_entry (lane, seq, at, act, object_kind, object_id, actor, data, digest, hash)
SELECT id, seq, %s::timestamptz, %s, %s, %s, %s::jsonb, %s::jsonb, %s::bytea, hash FROM {source}
"""


class Principal(Protocol):
    """The one somebody acts for (`tinhso.core.access.actor.OnBehalf` is one)."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def delegation_id(self) -> UUID | None: ...


class Who(Protocol):
    """What the log needs to know of an actor (`tinhso.core.access.actor.Actor` has it)."""

    @property
    def person_id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def post_id(self) -> UUID | None: ...
    @property
    def post_title(self) -> str: ...
    @property
    def unit_id(self) -> UUID | None: ...
    @property
    def system(self) -> str: ...
    @property
    def on_behalf_of(self) -> Principal | None: ...
    @property
    def channel(self) -> str: ...
    @property
    def request_id(self) -> str: ...


def who(actor: Who) -> dict[str, str]:
    """The actor as plain JSON, without empty parts; `for*` is the one acted for, by mandate or by delegation."""
    lent = actor.on_behalf_of
    parts = {
        "person": actor.person_id and str(actor.person_id),
        "name": actor.name,
        "post": actor.post_id and str(actor.post_id),
        "title": actor.post_title,
        "unit": actor.unit_id and str(actor.unit_id),
        "system": actor.system,
        "for": lent and str(lent.person_id),
        "for_name": lent and lent.name,
        "for_title": lent and lent.title,
        "delegation": lent and lent.delegation_id and str(lent.delegation_id),
        "channel": actor.channel,
        "request": actor.request_id,
    }
    return {key: value for key, value in parts.items() if value}


def in_words(by: Mapping[str, str]) -> str:
    """An actor as kept by `who`, in words: name, post, and on whose behalf (a delegation names the post's title)."""
    own = ", ".join(filter(None, (by.get("name"), by.get("title"))))
    if not by.get("for_name"):
        return own
    other = by["for_name"] + (f" ({by['for_title']})" if by.get("for_title") else "")
    return _("%(who)s, thay mặt %(other)s") % {"who": own, "other": other}


def record(
    batch: Batch,
    *,
    act: str,
    object_kind: str,
    object_id: str,
    actor: Who,
    data: dict[str, Any] | None = None,
) -> None:
    """Add one act to the log, in the caller's batch and transaction.

    `act` is `room.verb`; `data` is plain JSON (money and dates as text) saying what changed.
    """
    at, by, plain = timezone.now(), who(actor), data or {}
    mark = digest(at, act, object_kind, object_id, by, plain)
    values = [mark, at, act, object_kind, object_id, _json(by), _json(plain), mark]
    batch.insert_from(EXTEND, ENTER, values, adds="audit_entry", changes="audit_lane")


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode()


def read_of_person(
    person_id: UUID,
    *,
    actor: Who,
    purpose: str,
    ground: str = "",
    subject_kind: str = "",
    subject_id: str = "",
) -> None:
    """Log that `actor` read a person's data; reading one's own is not logged (Law 91/2025/QH15 on personal data)."""
    if actor.person_id == person_id:
        return
    with override("vi"):  # kept for good, whatever language the reader's screen is in
        reader_name = in_words(who(actor))[:200]
    PersonRead.objects.create(
        person_id=person_id,
        reader_id=actor.person_id,
        reader_post_id=actor.post_id,
        reader_name=reader_name,
        unit_id=actor.unit_id,
        purpose=purpose,
        ground=ground,
        subject_kind=subject_kind,
        subject_id=subject_id,
    )


def seal_day(day: date, stamp: Callable[[bytes], bytes]) -> Seal:
    """Bind the heads of all lanes together for a day and have them time-stamped; done once a day, safe to repeat.

    `stamp` gives an RFC 3161 token over a SHA-256 digest. When it raises, the seal stays without a token and
    the error goes on to the caller; calling again stamps the same heads, not newer ones.
    """
    seal = Seal.objects.filter(day=day).first()
    if seal is None:
        heads = {str(lane.id): f"{lane.seq}:{bytes(lane.hash).hex()}" for lane in Lane.objects.order_by("id")}
        seal, _ = Seal.objects.get_or_create(day=day, defaults={"heads": heads, "hash": seal_hash(heads)})
    if seal.token is None:
        seal.token = stamp(bytes(seal.hash))
        seal.save(update_fields=["token"])
    return seal
