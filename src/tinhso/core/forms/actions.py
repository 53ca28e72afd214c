"""Keeping drafts: every step is saved, also a wrong one; nobody's typing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.files import queries as files
from tinhso.core.forms.answers import PageAct, PageResult, act_on_rows, merge, prefill, read_page, row_action
from tinhso.core.forms.definition import FormDefinition
from tinhso.core.forms.env import Env
from tinhso.core.forms.errors import AlreadySubmitted
from tinhso.core.forms.models import Draft
from tinhso.core.forms.policy import visible
from tinhso.core.forms.queries import no_such_draft
from tinhso.kit.errors import Forbidden, NotFound, Refusal

MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Saved:
    """A page that was sent.

    `draft` is as stored now; `answers` and `raw` are what to show, which differs from the draft only when
    `stale`: somebody saved it elsewhere in between, nothing was written, and what was just typed is shown
    to be sent once more. `act` is the row or look-up button that was pressed.
    """

    draft: Draft
    result: PageResult
    answers: Mapping[str, Any]
    raw: Mapping[str, Any]
    act: PageAct | None = None
    stale: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether the person may go on to the next page."""
        return self.result.ok and self.act is None and not self.stale

    @property
    def shown_errors(self) -> Mapping[str, Any]:
        """The errors to show: none when only a row was added or a place looked up."""
        return {} if self.act else self.result.errors


def start(
    *,
    code: str,
    form: FormDefinition,
    env: Env,
    actor: Actor,
    title: str = "",
    owner_id: UUID | None = None,
    on_behalf_of: UUID | None = None,
    answers: Mapping[str, Any] | None = None,
    origin: Mapping[str, Any] | None = None,
) -> Draft:
    """Open a draft with what is already known filled in. `owner_id` None: a walk-in who is not yet known.

    `Forbidden` for visitors: a draft must be found again by its owner.
    """
    if actor.person_id is None:
        raise Forbidden(
            "sign_in_first", _("Hãy đăng nhập để bản khai được lưu và mở lại được trên máy khác.")
        )
    draft = Draft(
        code=code,
        title=title,
        definition_hash=form.hash,
        owner_id=owner_id,
        made_by_id=actor.person_id,
        on_behalf_of_id=on_behalf_of,
        channel=env.channel,
        answers=prefill(form, env, answers),
        origin=dict(origin or {}),
    )
    with transaction.atomic():
        batch = Batch()
        row = {f.attname: getattr(draft, f.attname) for f in Draft._meta.concrete_fields}
        batch.insert(Draft, **row)
        _note(batch, "start", draft, actor, {"code": code, "channel": env.channel})
        batch.send()
    draft._state.adding = False
    return draft


def save_page(
    draft_id: UUID,
    page_id: str,
    post: Mapping[str, Any],
    *,
    form: FormDefinition,
    env: Env,
    actor: Actor,
    expected_version: int,
) -> Saved:
    """Read a posted page and keep it, with its errors and with typed text that makes no sense.

    A save that knows an older version is not written but handed back with what was typed; sending the same
    page twice is one save. `NotFound` for a draft or page that is not there, `AlreadySubmitted`.
    """
    page = form.page(page_id)
    if page is None:
        raise NotFound("unknown_page", _("Tờ khai không có trang này. Hãy mở lại từ trang đầu."))
    with transaction.atomic():
        draft = _locked(draft_id, actor)
        act = row_action(page, post)
        result = read_page(form, page, post, draft.answers, env, draft.raw)
        answers, raw = merge(draft.answers, result.values), _raw_after(draft.raw, result)
        if expected_version != draft.version:
            same = act is None and (answers, raw) == (draft.answers, draft.raw)
            return Saved(draft, result, answers, raw, act, stale=not same)
        if act and act.kind != "look":
            answers, raw = act_on_rows(form.fields[act.path], act, answers, raw)
        seen = draft.seen if page.id in draft.seen else [*draft.seen, page.id]
        _write(
            draft,
            actor,
            "save_page",
            {"page": page.id, "errors": len(result.errors)},
            answers=prefill(form, env, answers, seen),
            raw=raw,
            seen=seen,
            page=page.id,
            definition_hash=form.hash,
        )
    return Saved(draft, result, draft.answers, draft.raw, act)


def _raw_after(raw: Mapping[str, Any], result: PageResult) -> dict[str, Any]:
    """The typed text kept for other questions, and what this page left unexplained."""
    return {**{k: v for k, v in raw.items() if k.split("-")[0] not in result.values}, **result.raw}


def attach(draft_id: UUID, paper: str, file_id: UUID, *, actor: Actor) -> Draft:
    """Put a stored file to a paper of the draft; the same file twice is one. `NotFound`, `Refusal` when full."""
    with transaction.atomic():
        draft = _locked(draft_id, actor)
        if files.for_actor(actor, file_id) is None:
            raise NotFound("unknown_file", _("Không tìm thấy tệp này. Hãy tải tệp lên lại."))
        kept = list(draft.files.get(paper, ()))
        if str(file_id) in kept:
            return draft
        if len(kept) >= MOST_FILES:
            raise Refusal(
                "too_many_files", _("Mỗi giấy tờ nhận nhiều nhất 20 tệp. Hãy gộp các trang vào một tệp.")
            )
        changed = {**draft.files, paper: [*kept, str(file_id)]}
        _write(draft, actor, "attach", {"paper": paper, "file": str(file_id)}, files=changed)
    return draft


def detach(draft_id: UUID, paper: str, file_id: UUID, *, actor: Actor) -> Draft:
    """Take a file away from a paper; one that is not there changes nothing."""
    with transaction.atomic():
        draft = _locked(draft_id, actor)
        kept = [f for f in draft.files.get(paper, ()) if f != str(file_id)]
        if len(kept) == len(draft.files.get(paper, ())):
            return draft
        changed = {
            **{p: ids for p, ids in draft.files.items() if p != paper},
            **({paper: kept} if kept else {}),
        }
        _write(draft, actor, "detach", {"paper": paper, "file": str(file_id)}, files=changed)
    return draft


def assign_owner(draft_id: UUID, *, owner_id: UUID, actor: Actor) -> Draft:
    """Say who the walk-in is. `Refusal` when the draft already belongs to somebody else."""
    with transaction.atomic():
        draft = _locked(draft_id, actor)
        if draft.owner_id not in (None, owner_id):
            raise Refusal("has_owner", _("Bản khai này đã là của người khác. Hãy lập bản khai mới."))
        _write(draft, actor, "assign_owner", {"owner": str(owner_id)}, owner_id=owner_id)
    return draft


def take_for_filing(draft_id: UUID, *, actor: Actor) -> Draft:
    """Lock the draft inside the caller's transaction, so that a form posted twice becomes one case.

    The second poster waits, then gets `AlreadySubmitted` with the key of the case.
    """
    return _locked(draft_id, actor)


def close(batch: Batch, draft: Draft, *, case_key: str, actor: Actor) -> None:
    """Mark a draft taken by `take_for_filing` as submitted, in the caller's batch."""
    now = timezone.now()
    where = {"id": draft.id, "version": draft.version}
    batch.update(Draft, where, must_hit=True, submitted_at=now, case_key=case_key, updated_at=now)
    _note(batch, "submit", draft, actor, {"case": case_key})


def discard(draft_id: UUID, *, actor: Actor) -> None:
    """Delete a draft with everything typed in it; only that it was deleted stays in the log."""
    with transaction.atomic():
        draft = _locked(draft_id, actor)
        batch = Batch()
        batch.execute("DELETE FROM forms_draft WHERE id = %s", [draft.id])
        _note(batch, "discard", draft, actor, {"code": draft.code})
        batch.send()


def _locked(draft_id: UUID, actor: Actor) -> Draft:
    draft = visible(actor).select_for_update().filter(id=draft_id).first()
    if draft is None:
        raise no_such_draft()
    if draft.submitted_at is not None:
        raise AlreadySubmitted(_("Bản khai này đã nộp rồi. Bạn có thể theo dõi hồ sơ."), draft.case_key)
    return draft


def _write(draft: Draft, actor: Actor, act: str, data: Mapping[str, Any], **changes: Any) -> None:
    """Write the changes and the note, and put them into the draft at hand; the draft's row is locked."""
    changes |= {"version": draft.version + 1, "updated_at": timezone.now()}
    batch = Batch()
    batch.update(Draft, {"id": draft.id}, must_hit=True, **changes)
    for name, value in changes.items():
        setattr(draft, name, value)
    _note(batch, act, draft, actor, {**data, "version": draft.version})
    batch.send()


def _note(batch: Batch, act: str, draft: Draft, actor: Actor, data: dict[str, Any]) -> None:
    record(batch, act=f"forms.{act}", object_kind="draft", object_id=str(draft.id), actor=actor, data=data)
