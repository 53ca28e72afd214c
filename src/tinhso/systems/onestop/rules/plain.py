"""What a definition says about time, money, papers and steps, told in plain words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tinhso.core.forms.texts import Text
from tinhso.core.procedures.fees import KIND_NAMES
from tinhso.core.procedures.model import Definition, FeeRule, PaperRule, Step, Tiered
from tinhso.kit.money import vi_number
from tinhso.kit.worktime import Session, Weekly

CHANNELS = {
    "online": Text("Trực tuyến", "Online"),
    "counter": Text("Tại quầy", "At the counter"),
    "post": Text("Qua bưu điện", "By post"),
}
LEVELS = {
    "commune": Text("Xã, phường, thị trấn", "Commune"),
    "district": Text("Cấp huyện", "District"),
    "province": Text("Cấp tỉnh", "Province"),
    "ministry": Text("Bộ, ngành trung ương", "Ministry"),
    "other": Text("Cơ quan khác", "Other agency"),
}
STEP_WORDS = {
    "receive": Text(
        "Bộ phận Một cửa kiểm tra và tiếp nhận hồ sơ", "The one-stop centre checks and accepts the file"
    ),
    "work": Text("Cán bộ xem xét hồ sơ", "An officer examines the file"),
    "ask_unit": Text("Hỏi ý kiến cơ quan khác thay bạn", "Another agency is asked for you"),
    "ask_applicant": Text("Bạn xem bản dự thảo", "You check the draft"),
    "pay": Text("Bạn nộp tiền", "You pay"),
    "sign": Text("Lãnh đạo ký kết quả", "The result is signed"),
    "deliver": Text("Bạn nhận kết quả", "You receive the result"),
    "parallel": Text("Nhiều việc được làm cùng lúc", "Several things are done at once"),
    "consult": Text("Hỏi ý kiến nhiều cơ quan", "Several agencies are asked"),
    "vote": Text("Hội đồng xem xét", "A committee considers it"),
    "subcase": Text("Cơ quan khác giải quyết phần việc của mình", "Another agency does its part"),
    "exchange": Text("Lấy thông tin từ hệ thống khác", "Another system is asked"),
    "document": Text("Lập văn bản", "A document is made"),
}
_DAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_FIELD = re.compile(r"form\.([a-z0-9_]+)")


def vnd(amount: Decimal) -> str:
    """ "8.000 đồng", never broken between figure and word."""
    return f"{vi_number(amount)}\u00a0đồng"


def copies_in_words(paper: PaperRule, lang: str = "vi") -> str:
    """ "1 bản chính, 1 bản sao"; a paper that is only shown says so."""
    words = []
    if paper.original:
        words.append(
            f"{paper.original} {'bản chính' if lang == 'vi' else _plural('original', paper.original)}"
        )
    if paper.copy:
        words.append(f"{paper.copy} {'bản sao' if lang == 'vi' else _plural('copy', paper.copy)}")
    return ", ".join(words)


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return "copies" if noun == "copy" else f"{noun}s"


def fees_in_force(rules: tuple[FeeRule, ...], on: date) -> list[FeeRule]:
    """The fee rules of a day; a rule ends the day the next one begins."""
    return [
        r
        for r in rules
        if (r.valid_from is None or r.valid_from <= on) and (r.valid_to is None or on < r.valid_to)
    ]


@dataclass(frozen=True, slots=True)
class FeeWords:
    """One fee for a page: what each channel costs (or one sentence for all), who is exempt, on which ground."""

    name: str
    amounts: tuple[tuple[str, str], ...]
    exempt: tuple[str, ...]
    source: str
    kind: str = ""
    changes: tuple[str, ...] = ()


def fee_in_words(rule: FeeRule, definition: Definition, lang: str = "vi") -> FeeWords:
    """A fee rule as people read it."""
    if rule.tiered:
        amounts: tuple[tuple[str, str], ...] = (("", tiers_in_words(rule.tiered, definition, lang)),)
    else:
        by_channel = [(c, rule.amount.get(c, Decimal(0))) for c in definition.channels]
        if len({amount for _, amount in by_channel}) == 1:
            amounts = (("", amount_in_words(by_channel[0][1], lang)),)
        else:
            amounts = tuple((CHANNELS[c].in_(lang), amount_in_words(a, lang)) for c, a in by_channel)
    return FeeWords(
        rule.name.in_(lang),
        amounts,
        tuple(e.name.in_(lang) for e in rule.exempt),
        rule.source,
        KIND_NAMES[rule.kind].in_(lang) if rule.kind in KIND_NAMES else "",
    )


def fees_in_short(rules: list[FeeRule], channel: str, lang: str = "vi") -> str:
    """What it costs in a few words, for the head of a page: the fixed fees of a channel, and whether more may come."""
    fixed = sum((r.amount.get(channel, Decimal(0)) for r in rules if not r.tiered), Decimal(0))
    counted = any(r.tiered for r in rules)
    if counted and all(r.tiered for r in rules):
        return "Tùy số lượng bạn cần" if lang == "vi" else "Depends on the quantity"
    told = amount_in_words(fixed, lang)
    more = "bản sao hoặc phần thêm tính riêng" if lang == "vi" else "copies or extras are charged separately"
    return f"{told}; {more}" if counted else told


def amount_in_words(amount: Decimal, lang: str = "vi") -> str:
    """ "8.000 đồng", or that it is free."""
    if amount == 0:
        return "Không mất tiền" if lang == "vi" else "Free"
    return vnd(amount)


def tiers_in_words(tiered: Tiered, definition: Definition, lang: str = "vi") -> str:
    """ "8.000 đồng mỗi bản (theo “Số bản sao”)"; several tiers one after another, with the cap."""
    vi = lang == "vi"
    parts, lower = [], 1
    for tier in tiered.tiers:
        each = vnd(tier.each)
        if tier.upto is None:
            parts.append(
                each if lower == 1 else f"từ thứ {lower}: {each}" if vi else f"from the {lower}th: {each}"
            )
        else:
            parts.append(f"đến thứ {tier.upto}: {each}" if vi else f"up to the {tier.upto}th: {each}")
            lower = tier.upto + 1
    what = " × ".join(f"“{name}”" for name in _quantities(tiered, definition, lang))
    told = "; ".join(parts) + (f" × {what}" if what else "")
    if tiered.cap is not None:
        told += f"; {'nhiều nhất' if vi else 'at most'} {vnd(tiered.cap)}"
    return told


def _quantities(tiered: Tiered, definition: Definition, lang: str) -> list[str]:
    """The questions a tiered fee counts by."""
    names = [m for text in (tiered.quantity, tiered.times) for m in _FIELD.findall(text)]
    found = (definition.form.fields.get(name) for name in dict.fromkeys(names))
    return [field.label.in_(lang).rstrip("?: ") for field in found if field is not None]


def usual_path(definition: Definition) -> list[Step]:
    """The steps of a case nothing special happens to: the last, unconditional way on at each fork."""
    steps: list[Step] = []
    name = definition.first
    while name and len(steps) < len(definition.steps):
        step = definition.step(name)
        steps.append(step)
        name = next((n.to for n in reversed(step.next) if not n.when), step.next[-1].to if step.next else "")
    return steps


def step_in_words(step: Step, lang: str = "vi") -> str:
    """What happens in a step: its own name where the definition gives one."""
    return (step.name if step.name else STEP_WORDS.get(step.do, Text(step.id))).in_(lang)


def hours_in_words(weekly: Weekly, lang: str = "vi") -> list[str]:
    """ "Thứ Hai đến thứ Sáu: 07:30–11:30, 13:00–17:00", days with the same hours together."""
    lines: list[str] = []
    names, first = _DAYS[lang], 0
    for day in range(1, len(weekly) + 1):
        if day < len(weekly) and weekly[day] == weekly[first]:
            continue
        if weekly[first]:
            joint = " đến " if lang == "vi" else " to "
            span = names[first] if day - 1 == first else f"{names[first]}{joint}{names[day - 1]}"
            lines.append(f"{span[:1].upper()}{span[1:]}: {', '.join(_span(s) for s in weekly[first])}")
        first = day
    return lines


def _span(session: Session) -> str:
    return f"{session.start:%H:%M}–{session.end:%H:%M}"


def text_of(value: Mapping[str, str] | str | None, lang: str = "vi") -> str:
    """A `{vi, en}` text of stored data in the reader's language, "" for nothing."""
    return Text.of(value).in_(lang)
