"""What a dossier needs: which variant applies, which papers, which fees, whether it is complete."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tinhso.core.cases.acts import refuse
from tinhso.core.cases.definition.model import (
    Definition,
    FeeRule,
    PaperRule,
    Situation,
    Tiered,
    Variant,
    holds,
    value,
)
from tinhso.core.cases.state import Fee, PaperState


def admit(definition: Definition, applicant_kind: str, channel: str) -> None:
    """Go on, or a `Refusal`: the procedure does not take dossiers this way, or not from such an applicant."""
    if channel not in definition.channels:
        raise refuse("channel_closed", "Thủ tục này không nhận hồ sơ qua kênh này. Hãy đến bộ phận một cửa.")
    if applicant_kind not in definition.applicants:
        raise refuse("wrong_applicant", "Thủ tục này không dành cho loại đối tượng này.")


def variant_for(definition: Definition, situation: Situation) -> Variant:
    """The first variant whose condition holds; the last one is unconditional."""
    return next(v for v in definition.variants if holds(v.when, situation))


def papers_for(definition: Definition, situation: Situation) -> list[PaperRule]:
    """The papers this dossier may or must hold, in the definition's order."""
    return [p for p in definition.papers if holds(p.when, situation)]


def missing_papers(
    definition: Definition, situation: Situation, given: tuple[PaperState, ...], *, at_counter: bool
) -> list[PaperRule]:
    """Required papers not given. Papers to be shown are only missing at the counter, where they can be shown."""
    have = {p.id for p in given if p.files or p.shown or p.source == "registry"}
    return [
        p
        for p in papers_for(definition, situation)
        if p.required and p.id not in have and (p.kind == "submit" or (at_counter and not p.from_registry))
    ]


def fees_for(definition: Definition, situation: Situation, on: date) -> tuple[Fee, ...]:
    """The fees in force on a date for this dossier: an exempted fee stays, with its ground."""
    return tuple(_fee(rule, situation) for rule in definition.fees if in_force_on(rule, on))


def in_force_on(rule: FeeRule, on: date) -> bool:
    """Whether a fee applies on a day."""
    return (rule.valid_from is None or rule.valid_from <= on) and (
        rule.valid_to is None or on < rule.valid_to
    )


def _fee(rule: FeeRule, situation: Situation) -> Fee:
    exempt = next((e for e in rule.exempt if holds(e.when, situation)), None)
    if rule.tiered:
        amount = tiered_amount(
            rule.tiered, int(value(rule.tiered.quantity, situation) or 0), _times(rule.tiered, situation)
        )
    else:
        amount = rule.amount.get(situation.channel, Decimal(0))
    return Fee(
        id=rule.id,
        name=rule.name.vi,
        kind=rule.kind,
        amount=str(int(amount)),
        exempt=exempt.name.vi if exempt else "",
    )


def _times(tiered: Tiered, situation: Situation) -> int:
    return int(value(tiered.times, situation) or 1) if tiered.times else 1


def tiered_amount(tiered: Tiered, quantity: int, times: int = 1) -> Decimal:
    """đồng for `quantity` units a copy and `times` copies: each tier counts the units up to its bound, capped per copy."""
    total, counted = Decimal(0), 0
    for tier in tiered.tiers:
        upto = quantity if tier.upto is None else min(tier.upto, quantity)
        total += tier.each * max(0, upto - counted)
        counted = max(counted, upto)
    if tiered.cap is not None:
        total = min(total, tiered.cap)
    return total * times
