"""What happened in a case as officers read it: one act in words."""

from __future__ import annotations

from tinhso.core.audit.actions import in_words
from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.models import Act
from tinhso.core.procedures.model import Definition
from tinhso.core.ui.parts import TimelineItem

_TEXTS = (
    "reason", "ground", "instead", "note", "text", "approved_reason", "person_name", "number", "to", "error", "evidence",
    "code",
)  # fmt: skip
_REFUSED = (
    "refuse_reception",
    "stop",
    "propose_refusal",
    "return_for_correction",
    "object",
    "stop_by_parent",
)


def told(act: Act, definition: Definition, hidden: frozenset[str] = frozenset()) -> TimelineItem:
    """One act in words: what, when, who in which post, and what they wrote. What a unit of `hidden` answered is not told."""
    by = act.actor
    title = _act_title(act)
    said = [str(act.data[name]) for name in _TEXTS if act.data.get(name)]
    names = {p.id: p.name.vi for p in definition.papers}
    said += [f"{names.get(i['paper'], i['paper'])}: {i['reason']}" for i in act.data.get("items", ())]
    said += [str(e["text"]) for e in act.effects if e.get("type") == "Noted" and act.kind == "wake"]
    given = [e["opinion"]["unit"]["name"] for e in act.effects if e.get("type") == "OpinionGiven"]
    if hidden.intersection(given):
        title, said = "Trả lời", []
    refused = act.kind in _REFUSED or act.data.get("agrees") is False
    return TimelineItem(title, act.at, in_words(by), "; ".join(said), "refused" if refused else "done")


_AGREEABLE = {"answer": "Trả lời", "vote": "Biểu quyết", "second": "Người thứ hai"}


def _act_title(act: Act) -> str:
    """What an act is called in the history."""
    if act.kind in _AGREEABLE:
        return f"{_AGREEABLE[act.kind]}: {'đồng ý' if act.data.get('agrees', True) else 'không đồng ý'}"
    if act.kind == "wake":
        kinds = {e.get("type") for e in act.effects}
        return next((title for kind, title in _BY_CLOCK if kind in kinds), "Đến hạn")
    return ACTS.get(act.kind).title if act.kind in ACTS else act.kind


#: What the clock did, the weightiest first.
_BY_CLOCK = (
    ("ResultSet", "Hết hạn: kết quả được coi là đã có theo luật"),
    ("OpinionGiven", "Hết hạn: đơn vị im lặng"),
    ("ApologyDrafted", "Soạn sẵn thư xin lỗi vì hồ sơ sẽ trễ"),
    ("Escalated", "Quá hạn: báo lãnh đạo"),
    ("Reminded", "Nhắc người đang giữ hồ sơ"),
)
