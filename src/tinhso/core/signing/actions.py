"""Issuing papers, replacing them, taking them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.files.actions import store_made
from tinhso.core.files.models import StoredFile
from tinhso.core.signing.documents import Prepared
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.kit.errors import Refusal
from tinhso.kit.uuid7 import uuid7


def issue(
    *,
    code: str,
    file: StoredFile,
    kind: str,
    title: str,
    issuer_name: str,
    signer_name: str,
    signer_title: str = "",
    issuer_unit_id: UUID | None = None,
    about: str = "",
    case_code: str = "",
    issued_at: datetime | None = None,
    actor: Actor,
    batch: Batch | None = None,
) -> IssuedDocument:
    """Register a signed file under the code printed on it.

    `about` is shown to everybody who opens the code: give a masked name (`rules.mask_name`) or nothing.
    With `batch` the row is written when the caller sends it, in the caller's transaction.
    """
    row = {
        "id": uuid7(),
        "code": code,
        "file_id": file.id,
        "sha256": file.sha256,
        "kind": kind,
        "title": title,
        "about": about,
        "case_code": case_code,
        "issuer_unit_id": issuer_unit_id,
        "issuer_name": issuer_name,
        "signer_name": signer_name,
        "signer_title": signer_title,
        "issued_at": issued_at or timezone.now(),
        "state": IssuedState.VALID.value,
        "state_reason": "",
    }
    if batch is not None:
        _write(batch, row, actor)
        return IssuedDocument(**row)
    with transaction.atomic():
        own = Batch()
        _write(own, row, actor)
        own.send()
    return IssuedDocument(**row)


def issue_prepared(
    prepared: Prepared,
    *,
    name: str,
    purpose: str,
    kind: str,
    title: str,
    issuer_name: str,
    signer_name: str,
    signer_title: str = "",
    issuer_unit_id: UUID | None = None,
    about: str = "",
    case_code: str = "",
    actor: Actor,
    batch: Batch,
) -> IssuedDocument:
    """Keep the PDF of a prepared paper and register it, in the caller's batch."""
    file = store_made(
        prepared.pdf, name=name, media_type="application/pdf", actor=actor, purpose=purpose, batch=batch
    )
    return issue(
        code=prepared.code,
        file=file,
        kind=kind,
        title=title,
        issuer_name=issuer_name,
        signer_name=signer_name,
        signer_title=signer_title,
        issuer_unit_id=issuer_unit_id,
        about=about,
        case_code=case_code,
        actor=actor,
        batch=batch,
    )


def _write(batch: Batch, row: dict[str, Any], actor: Actor) -> None:
    batch.insert(IssuedDocument, **row)
    record(
        batch,
        act="signing.issue",
        object_kind="issued_document",
        object_id=str(row["id"]),
        actor=actor,
        data={key: row[key] for key in ("code", "kind", "title", "case_code", "sha256")},
    )


def revoke(document: IssuedDocument, *, reason: str, actor: Actor) -> None:
    """Take a paper back: its page says so from now on. `Refusal` when it no longer holds anyway."""
    _end(document, IssuedState.REVOKED, reason, None, actor)


def replace(document: IssuedDocument, *, by: IssuedDocument, reason: str, actor: Actor) -> None:
    """Another paper takes its place; the page of the old one leads to the new one."""
    _end(document, IssuedState.REPLACED, reason, by, actor)


def _end(
    document: IssuedDocument, state: IssuedState, reason: str, by: IssuedDocument | None, actor: Actor
) -> None:
    with transaction.atomic():
        held = IssuedDocument.objects.select_for_update().get(id=document.id)
        if held.state != IssuedState.VALID:
            raise Refusal("not_valid", _("Giấy tờ này đã được thay thế hoặc thu hồi từ trước."))
        batch = Batch()
        batch.update(
            IssuedDocument,
            {"id": held.id},
            state=state.value,
            state_reason=reason,
            state_at=timezone.now(),
            replaced_by_id=by.id if by else None,
        )
        data = {"code": held.code, "reason": reason, "by": by.code if by else ""}
        record(
            batch,
            act=f"signing.{state.value}",
            object_kind="issued_document",
            object_id=str(held.id),
            actor=actor,
            data=data,
        )
        batch.send()
