"""Data of the printed forms 01 to 06 (Circular 03/2025/TT-VPCP), each from a case."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tinhso.core.cases.choices import Channel, Finance, Status
from tinhso.core.cases.models import Case
from tinhso.core.cases.state import PaperState, Supplement
from tinhso.core.orgs.models import Unit
from tinhso.core.procedures.dossier import papers_for
from tinhso.core.procedures.model import PaperRule
from tinhso.kit.money import vnd
from tinhso.systems.onestop.documents.decisions import is_deemed, milestone_rows, new_appointment
from tinhso.systems.onestop.documents.hops import hops_of, slip_rows
from tinhso.systems.onestop.documents.words import (
    Subject,
    applicant,
    case_address,
    head,
    ledger_lines,
    local,
    moment_text,
    procedure,
    unit_of,
    who_did,
)
from tinhso.systems.onestop.rules.standing import places, working

WAYS = {
    "counter": "tại quầy nơi nộp hồ sơ",
    "post": "qua bưu chính",
    "online": "trực tuyến, trong tài khoản của ông/bà",
}
APPEAL = "ông/bà có quyền khiếu nại theo Luật Khiếu nại; hỏi Trung tâm để được hướng dẫn"
AGAIN = "nộp lại bất kỳ lúc nào, trực tuyến hoặc tại Trung tâm"


def _reception(subject: Subject) -> Unit:
    unit = unit_of(subject.state.reception)
    assert unit is not None  # noqa: S101  a filed case has one
    return unit


def _common(subject: Subject, short: str) -> dict[str, Any]:
    serial = subject.case.code.rsplit("-", 1)[-1]
    return {
        **head(_reception(subject), subject.now, number=f"{serial}/{short}"),
        "case_code": subject.case.code,
        "applicant": applicant(subject.state),
        "procedure": procedure(subject.definition),
        "received_at": moment_text(subject.state.accepted_at or subject.state.submitted_at),
    }


def receipt(subject: Subject) -> dict[str, Any]:
    """Form 01: the receipt with the appointment and how its date was computed."""
    state, unit = subject.state, _reception(subject)
    duration = state.clock.duration
    fees = fee_rows(subject)
    return {
        **_common(subject, "GTN"),
        "applicant": {**applicant(state), "on_behalf_of": None, **_filer(subject)},
        "channel": state.channel,
        "papers": [
            row for rule, given in given_papers(subject) for row in [_paper_row(rule, given, state.channel)]
        ],
        "sets": 1,
        "time_text": duration.text() if duration else "",
        "due_at": moment_text(state.clock.due_current),
        "ledger": ledger_lines(state.clock),
        "milestones": milestone_rows(subject),
        "fees": fees,
        "fee_total": sum((Decimal(f["amount"]) for f in fees), Decimal(0)),
        "fee_note": None
        if state.finance not in (Finance.UNPAID, Finance.PARTLY)
        else "Có thể nộp trực tuyến, hoặc tại quầy khi nhận kết quả.",
        "delivery": {
            "way": f"tại {state.return_unit.name}"
            if state.return_unit and state.return_how == "counter"
            else WAYS.get(state.return_how, state.return_how),
            "address": state.return_address or None,
        },
        "register_no": f"{register_number(subject.case)}/{local(subject.case.submitted_at).year}",
        "contact": ", ".join(filter(None, (unit.phone, unit.address))) or None,
        "officer": who_did(subject.last("accept")),
    }


def _filer(subject: Subject) -> dict[str, str]:
    """When somebody filed for the applicant, the receipt is theirs, for the applicant."""
    state = subject.state
    filed = subject.acts[0].actor if subject.acts else {}
    if not state.applicant or state.filer_id in ("", state.applicant.id) or filed.get("post"):
        return {}
    return {"full_name": filed.get("name", ""), "on_behalf_of": state.applicant.full_name}


def given_papers(subject: Subject) -> list[tuple[PaperRule, PaperState]]:
    """The papers this dossier holds, in the definition's order."""
    asked = papers_for(subject.definition, subject.situation())
    found = [(rule, subject.state.paper(rule.id)) for rule in asked]
    return [
        (rule, paper)
        for rule, paper in found
        if paper and (paper.files or paper.shown or paper.source == "registry")
    ]


def _paper_row(rule: PaperRule, given: PaperState, channel: str) -> dict[str, Any]:
    if given.source == "registry":
        return {"name": rule.name.vi, "original": 0, "copy": 0, "note": "đã tra cứu, không cần nộp"}
    if given.shown and rule.kind == "present":
        return {"name": rule.name.vi, "original": rule.original, "copy": 0, "note": "xuất trình, đã trả lại"}
    if channel == Channel.ONLINE:
        return {
            "name": rule.name.vi,
            "original": 0,
            "copy": 0,
            "note": f"bản điện tử, {len(given.files)} tệp",
        }
    note = "thu bản chính" if rule.original else "thu bản sao"
    return {"name": rule.name.vi, "original": rule.original, "copy": rule.copy, "note": note}


def fee_rows(subject: Subject) -> list[dict[str, Any]]:
    """Fees with their state in words; an exempted one costs nothing and says why."""
    rows = []
    for fee in subject.state.fees:
        amount = Decimal(0) if fee.exempt else Decimal(fee.amount)
        if not amount and not fee.exempt:
            continue
        paid = f"đã nộp, biên lai {fee.receipt}" if fee.receipt else "đã nộp"
        state = f"miễn: {fee.exempt}" if fee.exempt else paid if fee.paid_at else "chưa nộp"
        rows.append({"name": fee.name, "amount": amount, "state": state})
    return rows


def register_number(case: Case) -> int:
    """The number of a case in its centre's register of the year: how many came before it, plus one."""
    year = local(case.submitted_at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = Case.objects.filter(reception_id=case.reception_id, submitted_at__gte=year)
    before = rows.filter(submitted_at__lt=case.submitted_at).count()
    return before + rows.filter(submitted_at=case.submitted_at, id__lte=case.id).count()


def _asked(subject: Subject, round_: int) -> Supplement:
    return next(s for s in subject.state.supplements if s.round == round_)


def supplement_request(subject: Subject, round_: int = 1) -> dict[str, Any]:
    """Form 02: everything that is missing, asked once and completely."""
    asked, unit = _asked(subject, round_), _reception(subject)
    names = {p.id: p.name.vi for p in subject.definition.papers}
    items = [{"name": names.get(i.paper, i.paper), "reason": i.reason, "clause": None} for i in asked.items]
    if asked.note:
        items.append({"name": "Nội dung khác", "reason": asked.note, "clause": None})
    acts = [a for a in subject.acts if a.kind == "ask_supplement"]
    return {
        **_common(subject, "PBS"),
        "items": items,
        "answer_by": moment_text(asked.answer_by),
        "how": "bổ sung ngay trên trang theo dõi hồ sơ, gửi qua bưu chính, hoặc mang đến Trung tâm",
        "clock_note": (
            "Thời gian chờ bổ sung không tính vào thời hạn giải quyết. Khi hồ sơ đầy đủ, ngày hẹn được tính lại "
            "và báo cho ông/bà."
        ),
        "officer": who_did(acts[round_ - 1] if len(acts) >= round_ else None),
        "contact_phone": unit.phone or None,
    }


def refusal(subject: Subject) -> dict[str, Any]:
    """Form 03: not accepted, with the reason, the rule, and where to go instead."""
    act = subject.last("refuse_reception")
    data = act.data if act else {}
    return {
        **_common(subject, "PTC"),
        "stage": "receive",
        "reasons": [{"text": data.get("reason", subject.state.stop_reason), "clause": data.get("ground")}],
        "go_to": data.get("instead") or None,
        "returned": returned_papers(subject),
        "money_note": money_note(subject),
        "appeal": APPEAL,
        **_signer(subject, "refuse_reception"),
    }


def returned_papers(subject: Subject) -> list[str]:
    """Papers kept at the counter that go back to the applicant."""
    if subject.state.channel == Channel.ONLINE:
        return []
    return [
        f"{max(r.original, r.copy, 1):02d} {r.name.vi}"
        for r, p in given_papers(subject)
        if not (p.shown and r.kind == "present")
    ]


def money_note(subject: Subject) -> str:
    """What becomes of the money of a case that ended without a result."""
    over = subject.state.money.over
    return f"hoàn lại {vnd(over)} đã nộp" if over else "chưa thu"


def apology(subject: Subject) -> dict[str, Any]:
    """Form 04: the apology with the one new appointment."""
    extension, competent = subject.state.clock.extension, unit_of(subject.state.competent)
    assert extension is not None  # noqa: S101  the form exists only with one
    assert competent is not None  # noqa: S101
    reception = _reception(subject)
    return {
        **_common(subject, "VBXL"),
        "due_original": moment_text(extension.old_due),
        "due_new": moment_text(extension.new_due),
        "reason": extension.reason,
        "unit": competent.name,
        **_signer(subject, "extend"),
        "recipients": ["Như trên", reception.name, "Lưu: hồ sơ"],
        "contact_phone": reception.phone or None,
    }


def apology_draft(subject: Subject) -> dict[str, Any]:
    """Form 04 as the engine drafted it, before anybody sends it."""
    drafted, competent = subject.state.apology, unit_of(subject.state.competent)
    assert drafted is not None  # noqa: S101  the form exists only with one
    assert competent is not None  # noqa: S101
    reception = _reception(subject)
    return {
        **_common(subject, "VBXL"),
        "due_original": moment_text(subject.state.clock.due_current),
        "due_new": new_appointment(subject),
        "reason": drafted.reason,
        "unit": competent.name,
        "authority": None,
        "signer_title": competent.name,
        "signer_name": "",
        "recipients": ["Như trên", reception.name, "Lưu: hồ sơ"],
        "contact_phone": reception.phone or None,
        **case_address(subject.case.code),
    }


def stop_notice(subject: Subject) -> dict[str, Any]:
    """Form 05: the case is stopped; what goes back, and how to begin again."""
    state = subject.state
    withdrawn = subject.last("stop") is None
    hops = [
        h
        for h in hops_of(subject.definition, subject.acts, subject.now)
        if h.step in subject.definition.steps
    ]
    return {
        **_common(subject, "TB"),
        "stage": hops[-1].title.lower() if hops else "tiếp nhận",
        "asked_by": "applicant" if withdrawn else "agency",
        "reason": state.withdrawal_reason if withdrawn and state.withdrawal_reason else state.stop_reason,
        "clause": None,
        "returned": returned_papers(subject),
        "money_note": money_note(subject),
        "again": AGAIN,
        **_signer(subject, "stop", "approve_withdrawal", "withdraw"),
        "recipients": ["Như trên", "Lưu: hồ sơ"],
    }


def _signer(subject: Subject, *kinds: str) -> dict[str, Any]:
    act = subject.last(*kinds)
    by = who_did(act)
    if act is None or not act.actor.get("post"):
        return {"authority": None, "signer_title": _reception(subject).name, "signer_name": ""}
    return {"authority": None, "signer_title": by["title"], "signer_name": by["name"]}


def control_slip(subject: Subject) -> dict[str, Any]:
    """Form 06: every hand-over with legal against real time, as it stands now."""
    hops = hops_of(subject.definition, subject.acts, subject.now)
    return {
        **_common(subject, "PKS"),
        **case_address(subject.case.code),
        "due_at": moment_text(subject.state.clock.due_current),
        "hops": slip_rows(hops),
        "summary": standing(subject),
    }


def standing(subject: Subject) -> str:
    """One sentence: where the case is."""
    state = subject.state
    if state.status == Status.RETURNED:
        return f"Đã trả kết quả lúc {moment_text(state.returned_at)}."
    if state.status in (Status.STOPPED, Status.NOT_ACCEPTED):
        return f"Hồ sơ đã kết thúc: {state.stop_reason}."
    if state.status == Status.SUPPLEMENT:
        return "Hồ sơ đang chờ người nộp bổ sung."
    if is_deemed(state) and state.result:
        return f"{state.result.name} từ {moment_text(state.result.signed_at)}, không có văn bản ký."
    found = working(places(state, subject.definition))
    where = list(dict.fromkeys(f"{p.person or p.unit} ({p.name.lower()})" for p in found))
    several = f"{len(where)} nơi cùng lúc: " if len(where) > 1 else ""
    return f"Hồ sơ đang ở {several}{'; '.join(where)}." if where else "Hồ sơ đang chờ."
