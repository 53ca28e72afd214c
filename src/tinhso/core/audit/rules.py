"""How an entry's digest and the chain's hash are computed; a stranger can do the same from an export."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def digest(
    at: datetime, act: str, object_kind: str, object_id: str, actor: dict[str, Any], data: dict[str, Any]
) -> bytes:
    """SHA-256 of the entry's content as canonical JSON (keys sorted, no spaces, UTF-8, time in UTC)."""
    content = [
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        act,
        object_kind,
        object_id,
        actor,
        data,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def extend(previous: bytes, entry_digest: bytes) -> bytes:
    """The chain's next hash."""
    return hashlib.sha256(previous + entry_digest).digest()


def seal_hash(heads: dict[str, str]) -> bytes:
    """One hash over the heads of all lanes: {lane: "seq:hex"}, in lane order."""
    text = json.dumps(sorted(heads.items(), key=lambda item: int(item[0])), separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()
