"""Making printed forms: rendered, sealed by the centre, kept, and found again by their public code.

A form is made once per case, kind and round. When the trust service is away the counter still prints: the
paper goes out with code and QR but without the seal, and is replaced by a sealed one as soon as it can be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Case
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import State, load_state
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.models import Unit
from tinhso.core.signing.actions import issue_prepared, replace, revoke
from tinhso.core.signing.documents import Prepared, prepare, with_verification
from tinhso.core.signing.errors import TrustUnavailable
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.signing.pki.authority import SignerRef
from tinhso.core.signing.render import render
from tinhso.core.signing.rules import mask_name, new_code
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.documents import decisions, forms, money
from tinhso.systems.onestop.documents.results import OUTPUTS, marked
from tinhso.systems.onestop.documents.words import Subject, place_of, unit_of
from tinhso.systems.onestop.policy import INNER


@dataclass(frozen=True, slots=True)
class FormKind:
    """One printed form: its title, when a case has it, which round it is in, and its data.

    `decided` marks papers of the unit that decides; the others are of the unit that received. `inner` ones are
    for officers only.
    """

    title: str
    exists: Callable[[State], bool]
    data: Callable[[Subject, int], dict[str, Any]]
    round: Callable[[State], int] = lambda state: 1
    issued: bool = True
    decided: bool = False
    inner: bool = False

    def unit(self, state: State) -> Unit:
        """Whose paper it is, and whose seal it bears."""
        unit = unit_of(state.competent if self.decided else state.reception)
        assert unit is not None  # noqa: S101  a filed case has both
        return unit


KINDS: dict[str, FormKind] = {
    "receipt": FormKind(
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        lambda s: s.accepted_at is not None and s.clock.due_current is not None,
        lambda subject, _: forms.receipt(subject),
        lambda s: 1 + len(s.clock.restarts),
    ),
    "supplement_request": FormKind(
        "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
        lambda s: bool(s.supplements),
        forms.supplement_request,
        lambda s: len(s.supplements),
    ),
    "refusal": FormKind(
        "Phiếu từ chối tiếp nhận hồ sơ",
        lambda s: s.status == Status.NOT_ACCEPTED,
        lambda subject, _: forms.refusal(subject),
    ),
    "apology": FormKind(
        "Văn bản xin lỗi và đề nghị gia hạn",
        lambda s: s.clock.extension is not None,
        lambda subject, _: forms.apology(subject),
    ),
    "stop_notice": FormKind(
        "Thông báo dừng giải quyết hồ sơ",
        lambda s: s.status == Status.STOPPED,
        lambda subject, _: forms.stop_notice(subject),
    ),
    "fee_receipt": FormKind(
        "Biên lai thu phí, lệ phí",
        lambda s: bool(money.receipts_of(s)),
        money.fee_receipt,
        lambda s: len(money.receipts_of(s)),
    ),
    "control_slip": FormKind(
        "Phiếu kiểm soát quá trình giải quyết hồ sơ",
        lambda s: s.submitted_at is not None,
        lambda subject, _: forms.control_slip(subject),
        issued=False,
    ),
    "apology_draft": FormKind(
        "Thư xin lỗi soạn sẵn (dự thảo)",
        lambda s: s.apology is not None and s.clock.extension is None and s.at("apology") is not None,
        lambda subject, _: forms.apology_draft(subject),
        issued=False,
    ),
    "vote_minutes": FormKind(
        "Biên bản biểu quyết",
        lambda s: bool(decisions.votes_held(s)),
        decisions.vote_minutes,
        lambda s: len(decisions.votes_held(s)),
        decided=True,
        inner=True,
    ),
    "opinions": FormKind(
        "Bảng tổng hợp ý kiến",
        lambda s: any(not o.void for o in s.opinions),
        decisions.opinions,
        lambda s: len(s.opinions),
        decided=True,
        inner=True,
    ),
    "deemed": FormKind("Xác nhận kết quả theo thời hạn", decisions.is_deemed, decisions.deemed, decided=True),
}
DRAFT = "_draft"


def is_inner(kind: str) -> bool:
    """Whether an issued paper of that kind (`onestop.<form>.<round>`) is for officers only."""
    name = kind.split(".")[1] if kind.startswith("onestop.") else ""
    return name in KINDS and KINDS[name].inner


TITLES = {name: kind.title for name, kind in KINDS.items()}
ISSUED_KINDS = tuple(name for name, kind in KINDS.items() if kind.issued)


def available(state: State) -> list[str]:
    """The printed forms this case has now, by name."""
    return [name for name, kind in KINDS.items() if kind.exists(state)]


def make_document(case_id: UUID, kind: str, *, actor: Actor, round_: int = 0) -> IssuedDocument:
    """The sealed printed form of a case, made now unless it is there already (once per case, kind and round).

    `round_` is the present one unless given. Raises `TrustUnavailable` when it cannot be sealed, so that an event handler tries again, and `Refusal`
    when the case has no such form. A form that went out unsealed is replaced.
    """
    file = cases.open_case_by_id(case_id, actor=actor)
    return _made(file, kind, actor, sealed=True, round_=round_)


def decided_by_time(case_id: UUID) -> bool:
    """Whether the case was decided by the passing of time, so that a confirmation is all there is to give."""
    case = Case.objects.filter(id=case_id).first()
    return case is not None and decisions.is_deemed(load_state(case.state))


def print_document(file: CaseFile, kind: str, *, actor: Actor, round_: int = 0) -> IssuedDocument:
    """The same for somebody who waits at the counter: never fails because the trust service is away."""
    try:
        return _made(file, kind, actor, sealed=True, round_=round_)
    except TrustUnavailable:
        return _made(file, kind, actor, sealed=False, round_=round_)


def make_receipts(case_id: UUID, *, actor: Actor) -> list[IssuedDocument]:
    """The papers of every receipt of a case that is not void, those there are and those still to be made."""
    file = cases.open_case_by_id(case_id, actor=actor)
    return [
        _made(file, "fee_receipt", actor, sealed=True, round_=n)
        for n, (payment, _receipt) in enumerate(money.receipts_of(file.state), 1)
        if not payment.void
    ]


def revoke_receipts(case_id: UUID, *, actor: Actor) -> int:
    """Take back the papers of void receipts; returns how many. The number stays in its series."""
    file = cases.open_case_by_id(case_id, actor=actor)
    taken = 0
    for n, (payment, _receipt) in enumerate(money.receipts_of(file.state), 1):
        held = _find(file, f"onestop.fee_receipt.{n}") if payment.void else None
        if held is not None:
            revoke(held, reason=f"Biên lai đã hủy: {payment.void}", actor=actor)
            taken += 1
    return taken


def current_document(file: CaseFile, kind: str) -> IssuedDocument | None:
    """The form as it holds now, sealed or not; None when none was made yet."""
    return _find(file, _key(file.state, kind, 0))


def print_now(file: CaseFile, kind: str) -> bytes:
    """A form of this moment that is printed and not issued: the control slip, which changes with every step, or
    a letter drafted and not sent, marked so that nobody takes it for the paper."""
    form = KINDS[kind]
    if not form.exists(file.state):
        raise Refusal("no_such_paper", "Hồ sơ này chưa có giấy tờ đó để in.", 404)
    data = form.data(_subject(file), 1)
    if kind.endswith(DRAFT):
        return marked(render(OUTPUTS / f"{kind.removesuffix(DRAFT)}.typ", data))
    return render(OUTPUTS / f"{kind}.typ", data)


def _key(state: State, kind: str, round_: int) -> str:
    return f"onestop.{kind}.{round_ or KINDS[kind].round(state)}"


def _find(file: CaseFile, key: str) -> IssuedDocument | None:
    rows = IssuedDocument.objects.filter(case_code=file.case.code, kind=key, state=IssuedState.VALID)
    return rows.select_related("file").first()


def _subject(file: CaseFile) -> Subject:
    return Subject(file.case, file.state, file.definition, tuple(cases.acts_of(file.case.id)), timezone.now())


def _made(file: CaseFile, kind: str, actor: Actor, *, sealed: bool, round_: int = 0) -> IssuedDocument:
    form = KINDS.get(kind)
    if form is None or not form.issued or not form.exists(file.state) or round_ > form.round(file.state):
        raise Refusal("no_such_paper", "Hồ sơ này chưa có giấy tờ đó để in.", 404)
    key = _key(file.state, kind, round_)
    found = _find(file, key)
    if found is not None and (found.signer_name or not sealed):
        return found
    prepared = _prepared(file, kind, round_ or form.round(file.state), sealed=sealed)
    return _issued(file, kind, key, prepared, actor, sealed=sealed)


def _prepared(file: CaseFile, kind: str, round_: int, *, sealed: bool) -> Prepared:
    form, source = KINDS[kind], OUTPUTS / f"{kind}.typ"
    data = form.data(_subject(file), round_)
    if not sealed:
        code = new_code()
        return Prepared(code, render(source, with_verification(data, code)))
    unit = form.unit(file.state)
    seal = SignerRef.agency(unit_id=unit.id, name=unit.name)
    return prepare(source, data, signer=seal, reason=form.title, location=place_of(unit))


def _issued(
    file: CaseFile, kind: str, key: str, prepared: Prepared, actor: Actor, *, sealed: bool
) -> IssuedDocument:
    """Register the paper, unless somebody else made it meanwhile; an unsealed one is replaced by the sealed one."""
    unit = KINDS[kind].unit(file.state)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{file.case.code}:{key}"]
            )
        former = _find(file, key)
        if former is not None and (former.signer_name or not sealed):
            return former
        batch = Batch()
        document = issue_prepared(
            prepared,
            name=f"{kind}-{file.case.code}.pdf",
            purpose=f"{INNER if KINDS[kind].inner else 'onestop.document'}:{file.case.id}",
            kind=key,
            title=KINDS[kind].title,
            issuer_name=unit.name,
            issuer_unit_id=unit.id,
            signer_name=unit.name if sealed else "",
            signer_title="Chữ ký số của cơ quan" if sealed else "",
            about=mask_name(file.case.applicant_name),
            case_code=file.case.code,
            actor=actor,
            batch=batch,
        )
        batch.send()
        if former is not None:
            replace(former, by=document, reason="Đã có bản ký số", actor=actor)
    return document
