"""What officers do beyond a single act of the engine: signing a result, assigning."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.audit.actions import in_words, who
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions import Done, perform
from tinhso.core.cases.acts import ACTS, possible, right
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.rules.steps import NumberData, SignData
from tinhso.core.cases.state import State
from tinhso.core.db import series
from tinhso.core.db.batch import Batch
from tinhso.core.signing.actions import issue_prepared, revoke
from tinhso.core.signing.documents import Prepared, prepare
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.signing.pki.authority import SignerRef
from tinhso.core.signing.rules import mask_name
from tinhso.kit.errors import Refusal, Stale
from tinhso.systems.onestop.documents import Signing
from tinhso.systems.onestop.documents.results import result_data, result_source
from tinhso.systems.onestop.documents.words import local, place_of, unit_of

RESULT_KIND = "onestop.result"
REFUSAL_SERIES = "refusal"


def sign_result(case_id: UUID, token: str, *, actor: Actor, seen_seq: int | None = None) -> Done:
    """Sign the result (or the letter of refusal) of a case at its open signing step.

    Three phases, so that no transaction waits for the trust service: a number is reserved on the case; the
    paper is rendered, signed, kept and issued; the act `sign` puts it into the case. A crash in between
    leaves the number, which the next try uses again. When the case moved meanwhile the paper is taken back
    and the refusal says so. `TrustUnavailable` when it cannot be signed now; nothing is lost then.
    """
    file = cases.open_case_by_id(case_id, actor=actor, purpose="Ký kết quả giải quyết thủ tục hành chính")
    if seen_seq is not None and file.state.seq != seen_seq:
        raise Stale("stale", "Hồ sơ vừa có thay đổi. Hãy xem lại dự thảo rồi ký.")
    _require_signer(file, token, actor)
    file = _numbered(file)
    document = _issue_result(file, _prepare_result(file, actor), actor)
    data = SignData(
        token=token,
        document=str(document.file_id),
        issued_code=document.code,
        signed_by=in_words(who(actor)),
        seq=file.state.seq,
    )
    try:
        done = perform(case_id, "sign", data, actor=actor)
    except Refusal:
        _take_back(document, "Hồ sơ thay đổi trong lúc ký", actor)
        raise
    _revoke_strays(file.case.code, document, actor)
    return done


def _require_signer(file: CaseFile, token_id: str, actor: Actor) -> None:
    kind, token = ACTS.get("sign"), file.state.token(token_id)
    reason = possible(kind, file.state, token) or right(kind, file.definition, file.state, token, actor)
    if reason:
        raise reason


def _numbered(file: CaseFile) -> CaseFile:
    """The case with the number its result will carry: the one reserved before, or the next of the series."""
    if file.state.number:
        return file
    rule, unit = file.definition.result, unit_of(file.state.competent)
    assert unit is not None  # noqa: S101  a filed case has one
    year = local(timezone.now()).year
    name = REFUSAL_SERIES if file.state.refusal_reason else rule.series or rule.document
    system = system_actor("numbering")
    try:
        with transaction.atomic():
            number = series.take(f"result:{name}:{unit.code}:{year}")
            text = rule.number_format.format(number=number, year=year)
            done = perform(file.case.id, "number", NumberData(number=text), actor=system)
    except Refusal as refusal:
        if refusal.code != "numbered":
            raise
        return cases.open_case_by_id(file.case.id, actor=system)  # somebody else signs it at the same moment
    return replace(file, case=done.case, state=done.state)


def _prepare_result(file: CaseFile, actor: Actor) -> Prepared:
    """The paper with the signer's signature and the agency's seal; asks the trust service."""
    unit = unit_of(file.state.competent)
    assert unit is not None  # noqa: S101
    data = result_data(
        file.state,
        file.definition,
        case_code=file.case.code,
        number=file.state.number,
        signer=Signing.of(actor, unit),
        now=timezone.now(),
    )
    signer = SignerRef.person(
        person_id=actor.person_id,
        post_id=actor.post_id,
        name=actor.name,
        title=actor.post_title,
        organisation=unit.name,
    )
    return prepare(
        result_source(file),
        data,
        signer=signer,
        agency=SignerRef.agency(unit_id=unit.id, name=unit.name),
        reason=_title(file.state, file),
        location=place_of(unit),
    )


def _title(state: State, file: CaseFile) -> str:
    return "Thông báo không giải quyết hồ sơ" if state.refusal_reason else file.definition.result.name.vi


def _issue_result(file: CaseFile, prepared: Prepared, actor: Actor) -> IssuedDocument:
    unit = unit_of(file.state.competent)
    assert unit is not None  # noqa: S101
    with transaction.atomic():
        batch = Batch()
        document = issue_prepared(
            prepared,
            name=f"ket-qua-{file.case.code}.pdf",
            purpose=f"onestop.document:{file.case.id}",
            kind=RESULT_KIND,
            title=_title(file.state, file),
            issuer_name=unit.name,
            issuer_unit_id=unit.id,
            signer_name=actor.name,
            signer_title=Signing.of(actor, unit).line if actor.stands_for else actor.post_title,
            about=mask_name(file.case.applicant_name),
            case_code=file.case.code,
            actor=actor,
            batch=batch,
        )
        batch.send()
    return document


def _revoke_strays(case_code: str, kept: IssuedDocument, actor: Actor) -> None:
    """Papers a crash left behind between issuing and signing: no case holds them."""
    rows = IssuedDocument.objects.filter(case_code=case_code, kind=RESULT_KIND, state=IssuedState.VALID)
    for stray in rows.exclude(id=kept.id):
        _take_back(stray, "Bản ký dở dang, đã có bản chính thức", actor)


def _take_back(document: IssuedDocument, reason: str, actor: Actor) -> None:
    """Revoke a paper no case holds; whoever signs at the same moment may have done so already."""
    try:
        revoke(document, reason=reason, actor=actor)
    except Refusal as refusal:
        if refusal.code != "not_valid":
            raise
