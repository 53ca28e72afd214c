"""A procedure as the engine reads it: small frozen values, compiled once from the stored version.

Laws that differ are fields here, never branches in the code. Conditions are CEL over `form`,
`applicant`, `channel`, `variant` and `today`, those of the process also over `case` (opinions, votes,
replies so far); they are kept as text and compiled through `tinhso.kit.expressions`, which caches them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from datetime import time as wall_time
from decimal import Decimal
from typing import Any

from tinhso.core.forms.definition import ROOTS, FormDefinition
from tinhso.core.forms.env import APPLICANT
from tinhso.core.forms.texts import Text
from tinhso.kit.expressions import compile
from tinhso.kit.worktime import Duration


@dataclass(frozen=True, slots=True)
class Variant:
    """One case of a procedure with its own time limit; the first whose condition holds applies."""

    id: str
    name: Text
    time: Duration
    when: str = ""
    cutoff: wall_time | None = None


@dataclass(frozen=True, slots=True)
class PaperRule:
    """A paper the dossier needs: kept (`submit`) or only shown (`present`), perhaps on a condition."""

    id: str
    name: Text
    kind: str
    original: int = 1
    copy: int = 0
    when: str = ""
    required: bool = True
    code: str = ""
    from_registry: str = ""
    instead_of: Text | None = None
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    each: Decimal
    upto: int | None = None


@dataclass(frozen=True, slots=True)
class Tiered:
    """A fee by quantity: `each` up to a number of units, then the next tier; capped per copy; times copies."""

    quantity: str
    tiers: tuple[Tier, ...]
    times: str = ""
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A ground for paying nothing: when it holds, the law it stands on, and what proves it.

    `paper` is the paper of the dossier that must be there when the case is accepted; `registry` the
    register that was asked instead.
    """

    id: str
    name: Text
    when: str
    ground: str = ""
    paper: str = ""
    registry: str = ""


@dataclass(frozen=True, slots=True)
class FeeRule:
    """One fee (`phi`) or charge (`le_phi`), by channel, in force for a range of dates."""

    id: str
    name: Text
    kind: str
    amount: Mapping[str, Decimal]
    valid_from: date | None = None
    valid_to: date | None = None
    tiered: Tiered | None = None
    exempt: tuple[Exemption, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Competence:
    """Which unit decides: the unit of `level` (and `agency`) for the territory that `place` names; `ground` is the law."""

    level: str
    agency: str = ""
    place: str = ""
    text: Text = field(default_factory=lambda: Text(""))
    valid_from: date | None = None
    valid_to: date | None = None
    ground: str = ""

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Next:
    to: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done (`do` names a registered kind), by which role where, within how long, and what follows."""

    id: str
    do: str
    name: Text
    role: str = ""
    at: str = "competent"
    within: Duration | None = None
    next: tuple[Next, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deemed:
    """What the law takes for decided when the time runs out (`consent` or `refusal`), with its ground."""

    outcome: str
    name: Text
    ground: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class ResultRule:
    """What comes out: its template, its code in the national list, its numbering, what the officer fills in."""

    document: str
    name: Text
    code: str = ""
    series: str = ""
    number_format: str = "{number}/{year}"
    fields: FormDefinition | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One immutable version of a procedure, ready for the engine."""

    code: str
    name: Text
    sector: str
    valid_from: date
    valid_to: date | None
    hash: str
    decision: str
    channels: tuple[str, ...]
    applicants: tuple[str, ...]
    service_level: str
    competence: tuple[Competence, ...]
    variants: tuple[Variant, ...]
    papers: tuple[PaperRule, ...]
    fees: tuple[FeeRule, ...]
    steps: Mapping[str, Step]
    first: str
    result: ResultRule
    form: FormDefinition
    outputs: Mapping[str, str]
    supplement_within: Duration
    summary: Text
    who: Text
    notes: tuple[Text, ...] = ()
    legal: tuple[tuple[str, str], ...] = ()
    source: str = ""
    keywords: tuple[str, ...] = ()

    deemed: Deemed | None = None
    blank: Mapping[str, Any] = field(default_factory=dict)

    def step(self, step_id: str) -> Step:
        return self.steps[step_id]

    def variant(self, variant_id: str) -> Variant:
        return next(v for v in self.variants if v.id == variant_id)

    def paper(self, paper_id: str) -> PaperRule | None:
        return next((p for p in self.papers if p.id == paper_id), None)


#: What the conditions of a process may read; those of the dossier do without `case`.
PROCESS_ROOTS = ROOTS | {"case"}
NOBODY = dict.fromkeys(APPLICANT)


@dataclass(frozen=True, slots=True)
class Situation:
    """The values expressions may read: answers, applicant, channel, date; the variant and the case once known."""

    form: Mapping[str, Any]
    applicant: Mapping[str, Any]
    channel: str
    today: date
    variant: str = ""
    case: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(
        definition: Definition,
        answers: Mapping[str, Any],
        applicant: Mapping[str, Any],
        channel: str,
        today: date,
        variant: str = "",
        case: Mapping[str, Any] | None = None,
    ) -> Situation:
        """From clean answers: what was not answered is null, so that a condition can ask for it."""
        form, who = {**definition.blank, **answers}, {**NOBODY, **applicant}
        return Situation(form, who, channel, today, variant, case or {})

    def values(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "applicant": self.applicant,
            "channel": self.channel,
            "today": self.today.isoformat(),
            "variant": self.variant,
            "case": self.case,
        }


def holds(condition: str, situation: Situation) -> bool:
    """Whether a condition is true; an empty one always is. Raises `ExpressionError`."""
    return not condition or compile(condition, PROCESS_ROOTS).holds(situation.values())


def value(text: str, situation: Situation) -> Any:
    """The value of an expression. Raises `ExpressionError`."""
    return compile(text, PROCESS_ROOTS).evaluate(situation.values())
