"""What citizens do: begin a filing, attach papers, send it, and the acts on their own cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor, OnBehalf
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions import Done, file_case, perform
from tinhso.core.cases.actions.links import Mends, tie_correction
from tinhso.core.cases.acts import ACTS, Facts, possible, right
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.rules.corrections import CorrectData, check
from tinhso.core.cases.rules.reception import SupplementData
from tinhso.core.cases.state import PaperState
from tinhso.core.db.batch import Batch
from tinhso.core.files.actions import store
from tinhso.core.files.errors import FileRefused
from tinhso.core.forms import actions as drafts
from tinhso.core.forms.models import Draft
from tinhso.core.people import actions as people_actions
from tinhso.core.people import queries as people
from tinhso.core.people.actions import Particulars
from tinhso.kit.errors import NotFound, Refusal
from tinhso.systems.onestop.queries.citizen import open_drafts
from tinhso.systems.onestop.queries.filing import (
    applicant_of,
    centre_choices,
    centre_id,
    env_of,
    open_filing,
    party_of,
)
from tinhso.systems.onestop.rules.questions import NOTHING_ASKED, RECEPTION, RETURN_AT, whole_form

#: Purpose of papers given with a case; `core.cases` decides by it who may open them.
PAPER = "cases.paper"


def begin(
    *,
    code: str,
    actor: Actor,
    principal_id: UUID | None = None,
    answers: dict[str, Any] | None = None,
    origin: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> Draft:
    """Open a draft of an online filing, for oneself or for somebody one may act for; what is known is filled in.

    `answers` are those of an earlier case, `origin` what that case has to do with this one.

    `NotFound` when the procedure takes no cases, `Refusal` without a mandate or for the wrong kind of applicant.
    """
    today = (now or timezone.now()).astimezone(Facts.zone).date()
    definition = cases.offered(code, today)
    if definition is None or "online" not in definition.channels:
        raise NotFound("not_online", _("Thủ tục này chưa nhận hồ sơ trực tuyến. Hãy đến Bộ phận Một cửa."))
    assert actor.person_id is not None  # noqa: S101  the page is for people who signed in
    filer = people.person(actor.person_id)
    party = party_of(filer)
    if principal_id is not None and principal_id != actor.person_id:
        _require_mandate(actor.person_id, principal_id, now)
        party = party_of(people.person(principal_id), filer)
    if party.kind not in definition.applicants:
        raise Refusal(
            "wrong_applicant", _("Thủ tục này không dành cho loại đối tượng bạn chọn."), 422, field="for"
        )
    return drafts.start(
        code=code,
        form=whole_form(definition.form, centre_choices(today)),
        env=env_of(party, today),
        actor=actor,
        title=definition.name.vi,
        owner_id=actor.person_id,
        on_behalf_of=principal_id if principal_id != actor.person_id else None,
        answers={k: v for k, v in (answers or {}).items() if k in definition.form.fields} or None,
        origin=origin,
    )


def declare_child(*, actor: Actor, answers: dict[str, Any]) -> UUID:
    """The child or ward somebody files for, made known with the parent's or guardian's declaration."""
    assert actor.person_id is not None  # noqa: S101
    says = Particulars(
        full_name=answers["full_name"],
        birth=answers["birth"],
        sex=answers["sex"],
        number=answers.get("number") or "",
    )
    child = people_actions.find_or_create_child(
        actor=actor, guardian_id=actor.person_id, says=says, kind=answers["relation"]
    )
    return child.id


def attach(draft_id: UUID, uploads: Iterable[tuple[str, UploadedFile]], *, actor: Actor) -> dict[str, str]:
    """Keep uploads with their papers; returns why some were refused, by paper. The others are kept all the same."""
    refused: dict[str, str] = {}
    for paper, upload in uploads:
        try:
            with transaction.atomic():
                stored = store(upload, actor=actor, purpose=PAPER)
                drafts.attach(draft_id, paper, stored.id, actor=actor)
        except FileRefused as refusal:
            refused[paper] = refusal.message
    return refused


def send(draft_id: UUID, *, actor: Actor, declared: bool, now: datetime | None = None) -> Done:
    """Send a filing: the draft becomes one case, however often it is sent.

    `AlreadySubmitted` names the case by its key; any other `Refusal` leaves the draft as it was.
    """
    if not declared:
        raise Refusal("declare", _("Hãy đánh dấu vào ô cam đoan trước khi nộp."), 422, field="declared")
    with transaction.atomic():
        draft = drafts.take_for_filing(draft_id, actor=actor)
        filing = open_filing(draft.id, actor=actor, lang="vi", now=now)
        if draft.on_behalf_of is not None:
            _require_mandate(draft.owner_id or draft.made_by_id, draft.on_behalf_of.id, now)
            principal = OnBehalf(draft.on_behalf_of.id, draft.on_behalf_of.full_name)
            actor = replace(actor, on_behalf_of=principal)
        for field, message in filing.errors.items():
            raise Refusal("bad_answers", message.vi, 422, field=field)
        wanted = {p.id for p in filing.papers}
        done = file_case(
            procedure=draft.code,
            applicant=applicant_of(draft),
            answers=draft.answers,
            papers=tuple(
                PaperState(id=p, files=tuple(ids)) for p, ids in draft.files.items() if ids and p in wanted
            ),
            channel="online",
            key=str(draft.id),
            actor=actor,
            filer_id=draft.owner_id,
            return_how=draft.answers.get("return_how", "counter"),
            return_address=_return_address(draft),
            reception_id=centre_id(draft.answers.get(RECEPTION)),
            return_unit_id=_return_unit(draft),
            now=now,
        )
        mends = _mends(draft)
        done = tie_correction(done, mends, actor=actor, now=now) if mends else done
        batch = Batch()
        drafts.close(batch, draft, case_key=done.case.key, actor=actor)
        batch.send()
    return done


def _mends(draft: Draft) -> Mends | None:
    if draft.origin.get("kind") != "correction":
        return None
    return Mends(UUID(draft.origin["case_id"]), draft.origin["code"], draft.origin["wrong"])


def file_again(file: CaseFile, *, actor: Actor) -> Draft:
    """A new draft of the same procedure with the answers of an old case; papers are asked for anew."""
    return _begin_from(file, actor, {})


def ask_correction(file: CaseFile, *, wrong: str, actor: Actor) -> Draft:
    """A draft that mends the result of a returned case: its answers to be put right, and what is wrong."""
    kind = ACTS.get("correct")
    reason = right(kind, file.definition, file.state, None, actor) or possible(kind, file.state, None)
    if reason:
        raise reason
    check(file.state, CorrectData(wrong=wrong))
    origin = {
        "kind": "correction",
        "case_id": str(file.case.id),
        "code": file.case.code,
        "wrong": wrong.strip(),
    }
    return _begin_from(file, actor, origin)


def _begin_from(file: CaseFile, actor: Actor, origin: dict[str, Any]) -> Draft:
    applicant = file.case.applicant_id
    return begin(
        code=file.case.procedure_id,
        actor=actor,
        principal_id=applicant if applicant != actor.person_id else None,
        answers=file.state.answers,
        origin=origin,
    )


def _return_address(draft: Draft) -> str:
    return draft.answers.get("return_address", "") if draft.answers.get("return_how") == "post" else ""


def _return_unit(draft: Draft) -> UUID | None:
    """Where the paper is fetched, when it is fetched at a counter at all."""
    return centre_id(draft.answers.get(RETURN_AT)) if draft.answers.get("return_how") == "counter" else None


def _require_mandate(agent_id: UUID, principal_id: UUID, now: datetime | None) -> None:
    """The right to act for another on the day (Civil Code 2015 art. 134-140; 118/2025/ND-CP art. 15)."""
    today = (now or timezone.now()).astimezone(Facts.zone).date()
    if people.mandate_between(agent_id, principal_id, today) is None:
        raise Refusal(
            "no_mandate",
            _("Bạn chưa được ghi nhận là cha, mẹ, người giám hộ hoặc người được ủy quyền của người này."),
            403,
            field="for",
        )


def supplement_draft(file: CaseFile, *, actor: Actor, make: bool) -> Draft | None:
    """Where the papers of an answer to a supplement wait until they are sent: one draft per round.

    None when there is none yet and `make` is false.
    """
    asked = file.state.open_supplement
    if asked is None:
        raise Refusal("nothing_asked", _("Hồ sơ không có yêu cầu bổ sung nào đang chờ."))
    code = f"bo-sung:{file.case.code}:{asked.round}"[:60]
    found = next((d for d in open_drafts(actor) if d.code == code), None)
    if found is None and make:
        assert file.state.applicant is not None  # noqa: S101  a filed case has one
        env = env_of(file.state.applicant, timezone.localdate())
        found = drafts.start(
            code=code,
            form=NOTHING_ASKED,
            env=env,
            actor=actor,
            title=file.case.code,
            owner_id=actor.person_id,
        )
    return found


def send_supplement(file: CaseFile, *, actor: Actor) -> None:
    """Send the papers brought for a supplement; what is still missing is refused by name, and nothing is lost."""
    with transaction.atomic():
        draft = supplement_draft(file, actor=actor, make=True)
        assert draft is not None  # noqa: S101
        draft = drafts.take_for_filing(draft.id, actor=actor)
        papers = tuple(PaperState(id=p, files=tuple(ids)) for p, ids in draft.files.items() if ids)
        perform(file.case.id, "supplement", SupplementData(papers=papers), actor=actor)
        batch = Batch()
        drafts.close(batch, draft, case_key=file.case.key, actor=actor)
        batch.send()


def act(file: CaseFile, kind: str, data: dict[str, Any], *, actor: Actor) -> Done:
    """One of the applicant's own acts: confirm, object, withdraw, rate."""
    ability = file.ability(kind)
    return perform(file.case.id, kind, {**data, **({"token": ability.token} if ability else {})}, actor=actor)
