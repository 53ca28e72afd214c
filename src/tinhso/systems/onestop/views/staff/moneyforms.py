"""The acts about money as forms of the case page, and how what was sent becomes their data."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from tinhso.core.access.actor import Actor
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.rules.money import outstanding
from tinhso.kit.errors import Refusal
from tinhso.kit.money import MoneyError, parse_vnd

ORDER = {
    "collect": "secondary",
    "waive": "secondary",
    "void_payment": "danger",
    "refund": "secondary",
    "confirm_refund": "primary",
    "reject_refund": "secondary",
}
DONE_WORDS = {
    "collect": "Đã ghi nhận khoản thu. In biên lai cho người nộp.",
    "waive": "Đã ghi nhận miễn phí, lệ phí.",
    "void_payment": "Đã hủy biên lai. Số biên lai vẫn giữ trong sổ.",
    "refund": "Đã lập đề nghị hoàn trả, chờ người có thẩm quyền duyệt.",
    "confirm_refund": "Đã duyệt hoàn trả.",
    "reject_refund": "Đã từ chối đề nghị hoàn trả.",
}


def amount(text: str, field: str) -> str:
    """Whole đồng as an act keeps it, "" for nothing; a `Refusal` that names the field for what is no amount."""
    if not text.strip():
        return ""
    try:
        value = parse_vnd(text)
    except MoneyError as error:
        raise Refusal("bad_amount", str(error), 422, field=field) from None
    if value < 0:
        raise Refusal("bad_amount", "Số tiền không được âm.", 422, field=field)
    return str(int(value))


def _collect(sent: QueryDict, files: Any, file: CaseFile, actor: Actor) -> dict[str, Any]:
    fees = sent.getlist("fees")
    if not fees and file.state.at("pay") is None:
        raise Refusal("required", "Hãy chọn khoản thu.", 422, field="fees")
    return {
        "fees": fees,
        "how": sent.get("how", "cash"),
        "amount": amount(sent.get("amount", ""), "amount"),
        "given": amount(sent.get("given", ""), "given"),
        "payer": sent.get("payer", "").strip(),
    }


def _waive(sent: QueryDict, files: Any, file: CaseFile, actor: Actor) -> dict[str, Any]:
    texts = {name: sent.get(name, "").strip() for name in ("reason", "ground", "evidence")}
    return {"fees": sent.getlist("fees"), **texts}


def _void(sent: QueryDict, files: Any, file: CaseFile, actor: Actor) -> dict[str, Any]:
    return {"payment": sent.get("payment", ""), "reason": sent.get("reason", "").strip()}


def _refund(sent: QueryDict, files: Any, file: CaseFile, actor: Actor) -> dict[str, Any]:
    texts = {name: sent.get(name, "").strip() for name in ("reason", "to", "kept_ground")}
    return {"amount": amount(sent.get("amount", ""), "amount"), "how": sent.get("how", "transfer"), **texts}


def _decide(sent: QueryDict, files: Any, file: CaseFile, actor: Actor) -> dict[str, Any]:
    return {name: sent.get(name, "").strip() for name in ("refund", "reference", "reason")}


PARSERS = {
    "collect": _collect,
    "waive": _waive,
    "void_payment": _void,
    "refund": _refund,
    "confirm_refund": _decide,
    "reject_refund": _decide,
}


def parse(act: str, sent: QueryDict, file: CaseFile, actor: Actor) -> dict[str, Any]:
    """The data of an act about money from a post; a `Refusal` names the field that cannot be read."""
    return PARSERS[act](sent, None, file, actor)


def form_data(act: str, file: CaseFile) -> dict[str, Any]:
    """What a form about money shows besides its inputs."""
    state = file.state
    if act == "collect":
        return {"fees": [(fee, left) for fee, left in outstanding(state)], "most": state.money.to_pay}
    if act == "waive":
        return {"fees": [f for f in state.fees if f.owed]}
    if act == "void_payment":
        return {"payments": [p for p in state.payments if not p.void and not p.provider]}
    if act == "refund":
        return {"most": state.money.over - state.money.asked}
    return {"refunds": [r for r in state.refunds if r.state == "asked"]}


def pointless(act: str, file: CaseFile, actor: Actor) -> bool:
    """Collecting where nothing is owed, deciding one's own proposal."""
    if act == "collect":
        return file.state.at("pay") is None and not outstanding(file.state)
    if act == "confirm_refund":
        me = str(actor.person_id or "")
        return all(r.by_id == me for r in file.state.refunds if r.state == "asked")
    return False
