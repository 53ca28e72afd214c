"""Whose a procedure is, in words: for the citizen's page, the officers' page and the API alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tinhso.core.cases.competence import Answer, Change, Held, competence
from tinhso.core.forms.texts import Text
from tinhso.core.orgs import queries as orgs
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.rules import plain
from tinhso.systems.onestop.rules.conditions import in_words
from tinhso.systems.onestop.rules.plain import FeeWords

CUTOFF = Text(
    "tiếp nhận từ {time} trở đi thì tính từ ngày làm việc sau",
    "counted from the next day when accepted from {time}",
)
APPLICANTS = {"person": Text("Cá nhân", "Person"), "organisation": Text("Tổ chức", "Organisation")}


@dataclass(frozen=True, slots=True)
class TimeWords:
    """The time limit of one variant: which, when it applies, how long."""

    id: str
    name: str
    when: str
    time: str
    note: str


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """What the next known date changes, a sentence each."""

    on: date
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer in words; `since` and `until` (excluded) bound the days on which all of it holds."""

    answer: Answer
    decides: str
    receives: str
    rule: str
    grounds: tuple[str, ...]
    source: str
    times: tuple[TimeWords, ...]
    fees: tuple[FeeWords, ...]
    since: date | None
    until: date | None
    next: ChangeWords | None


def ask(code: str, on: date, place: str, applicant: str, channel: str, lang: str) -> AnswerWords:
    """The answer to a question, in words. Refuses like `competence`."""
    return told(competence(code, on, place, applicant, channel), lang)


def told(answer: Answer, lang: str) -> AnswerWords:
    """An answer in words."""
    held, definition = answer.held, answer.definition
    return AnswerWords(
        answer,
        held.decides.name,
        held.receives.name,
        answer.rule.text.in_(lang),
        grounds(held),
        source(answer),
        times(held, definition, lang),
        tuple(plain.fee_in_words(fee, definition, lang) for fee in held.fees),
        answer.since,
        answer.until,
        change_words(answer, answer.next, lang) if answer.next else None,
    )


def grounds(held: Held) -> tuple[str, ...]:
    """The law that gives the competence, then the law of the procedure."""
    own = [held.ground] if held.ground else []
    return (*own, *(f"{name}, {clause}" if clause else name for name, clause in held.legal))


def source(answer: Answer) -> str:
    """Which version and rule the answer comes from, and on which decision that rests."""
    text = _("Phiên bản %(version)s của thủ tục %(code)s, quy định thẩm quyền thứ %(rule)s") % {
        "version": answer.held.version,
        "code": answer.procedure,
        "rule": answer.held.rule,
    }
    decision = answer.definition.decision
    return text + (_("; công bố theo %(decision)s") % {"decision": decision} if decision else "")


def times(held: Held, definition: Definition, lang: str) -> tuple[TimeWords, ...]:
    """The time limit of every variant."""
    return tuple(
        TimeWords(
            v.id,
            v.name.in_(lang),
            in_words(v.when, definition.form, lang),
            v.time.text(lang),
            CUTOFF.in_(lang).format(time=f"{v.cutoff:%H:%M}") if v.cutoff else "",
        )
        for v in held.times
    )


def change_words(answer: Answer, change: Change, lang: str) -> ChangeWords:
    """What changes on the next known date."""
    return ChangeWords(
        change.on, tuple(_line(answer, change, d.what, d.after, lang) for d in change.differences)
    )


def _line(answer: Answer, change: Change, what: str, after: str, lang: str) -> str:
    then = change.then
    if what == "refused" or then is None:
        return _("Từ ngày này chưa có câu trả lời: %(why)s") % {"why": after}
    if what == "times":
        found = "; ".join(f"{v.name.in_(lang)}: {v.time.text(lang)}" for v in then.times)
        return _("Thời hạn: %(times)s") % {"times": found}
    if what == "fees":
        found = plain.fees_in_short(list(then.fees), answer.channel, lang) or _("không thu")
        return _("Phí, lệ phí: %(fees)s") % {"fees": found}
    words = {
        "decides": _("Cơ quan giải quyết: %(name)s"),
        "receives": _("Nơi tiếp nhận: %(name)s"),
        "ground": _("Căn cứ: %(name)s"),
        "version": _("Áp dụng phiên bản %(name)s của thủ tục"),
        "rule": _("Áp dụng quy định thẩm quyền thứ %(name)s"),
    }
    return words[what] % {"name": after or "; ".join(grounds(then))}


@dataclass(frozen=True, slots=True)
class Asked:
    """The officers' question as it was put, with its answer or why there is none."""

    procedure: str
    on: date
    place: str
    applicant: str
    channel: str
    words: AnswerWords | None = None
    refusal: Refusal | None = None
    name: str = ""

    @property
    def place_name(self) -> str:
        return orgs.full_territory_name(self.place) if self.place else ""


def answered(asked: Asked, lang: str) -> Asked:
    """The question with its answer, or with the refusal in its place."""
    try:
        words = ask(asked.procedure, asked.on, asked.place, asked.applicant, asked.channel, lang)
    except Refusal as refusal:
        return Asked(asked.procedure, asked.on, asked.place, asked.applicant, asked.channel, refusal=refusal)
    name = words.answer.definition.name.in_(lang)
    return Asked(asked.procedure, asked.on, asked.place, asked.applicant, asked.channel, words, None, name)
