"""Acts on posts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.models import Post, Unit
from tinhso.core.orgs.policy import EDIT_UNITS, ActorLike, require
from tinhso.core.orgs.queries.directory import forget
from tinhso.kit.errors import NotFound, Refusal


def create_post(*, actor: ActorLike, unit_id: UUID, code: str, title: str) -> Post:
    """A new position in a unit. Refuses a code the unit already has."""
    code, title = code.strip(), " ".join(title.split())
    if not code or not title:
        raise Refusal(
            "incomplete", _("Vị trí cần có mã và chức danh."), status=422, field="title" if code else "code"
        )
    with transaction.atomic():
        unit = Unit.objects.filter(id=unit_id).first()
        if unit is None:
            raise NotFound("unknown_unit", _("Không có đơn vị này."))
        require(actor, EDIT_UNITS, unit.path)
        try:
            with transaction.atomic():
                post = Post.objects.create(unit=unit, code=code, title=title)
        except IntegrityError as error:
            raise Refusal("code_in_use", _("Đơn vị đã có vị trí mang mã này."), field="code") from error
        _audit("orgs.create_post", post, actor, {"unit": unit.code, "code": code, "title": title})
    forget()
    return post


def rename_post(*, actor: ActorLike, post_id: UUID, title: str) -> Post:
    """Another title for a position."""
    title = " ".join(title.split())
    if not title:
        raise Refusal("incomplete", _("Vị trí cần có chức danh."), status=422, field="title")
    with transaction.atomic():
        post = _locked(actor, post_id)
        before, post.title = post.title, title
        post.save(update_fields=["title"])
        _audit("orgs.rename_post", post, actor, {"before": before, "after": title})
    forget()
    return post


def close_post(*, actor: ActorLike, post_id: UUID) -> Post:
    """End a position: whoever holds it has its rights no more. Closing twice changes nothing."""
    return _set_active(actor, post_id, False, "orgs.close_post")


def reopen_post(*, actor: ActorLike, post_id: UUID) -> Post:
    """Open a closed position again."""
    return _set_active(actor, post_id, True, "orgs.reopen_post")


def _set_active(actor: ActorLike, post_id: UUID, active: bool, act: str) -> Post:
    with transaction.atomic():
        post = _locked(actor, post_id)
        if post.active != active:
            post.active = active
            post.save(update_fields=["active"])
            _audit(act, post, actor, {"unit": post.unit.code, "title": post.title})
    forget()
    return post


def _locked(actor: ActorLike, post_id: UUID) -> Post:
    post = Post.objects.select_for_update(of=("self",)).select_related("unit").filter(id=post_id).first()
    if post is None:
        raise NotFound("unknown_post", _("Không có vị trí công tác này."))
    require(actor, EDIT_UNITS, post.unit.path)
    return post


def _audit(act: str, post: Post, actor: ActorLike, data: dict[str, Any]) -> None:
    batch = Batch()
    record(batch, act=act, object_kind="post", object_id=str(post.id), actor=actor, data=data)
    batch.send()
