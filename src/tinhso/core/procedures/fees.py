"""Which fees a dossier owes and why: the definition's own, changed by the resolutions in force on the day of filing.

A provincial People's Council sets and waives fees by dated resolutions, often for one channel only (0 đồng
online from a day on). Whoever filed before that day keeps the old rate (transitional clause of such
resolutions, e.g. 23/2026/NQ-HĐND of Hải Phòng), so everything here is asked for the day of filing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from msgspec import structs

from tinhso.core.forms.texts import Text
from tinhso.core.procedures.model import (
    Definition,
    Exemption,
    FeeRule,
    Situation,
    Tiered,
    holds,
    value,
)
from tinhso.kit.money import vi_number

HUNDRED = Decimal(100)
KIND_NAMES = {
    "phi": Text("Phí", "Fee"),
    "le_phi": Text("Lệ phí (nộp ngân sách)", "Charge (to the budget)"),
}
CHANNEL_NAMES = {
    "online": Text("khi nộp trực tuyến", "when filed online"),
    "counter": Text("khi nộp tại quầy", "when filed at the counter"),
    "post": Text("khi nộp qua bưu chính", "when filed by post"),
}


class Fee(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fee that applies: the amount in đồng as text, and where it came from.

    `amount` is the full rate; with `exempt` (the ground in words) nothing of it is owed. `rule` is the id of
    the resolution's rate, "" for the definition's own; `source` its name, `since` from when it holds,
    `counted` the quantity it was counted by. `exempt_paper` or `exempt_registry` is the evidence,
    `exempt_by` who granted the exemption ("" while it is only claimed).
    """

    id: str
    name: str
    kind: str
    amount: str
    exempt: str = ""
    paid_at: datetime | None = None
    paid_how: str = ""
    receipt: str = ""
    rule: str = ""
    source: str = ""
    since: date | None = None
    counted: str = ""
    exempt_id: str = ""
    exempt_ground: str = ""
    exempt_paper: str = ""
    exempt_registry: str = ""
    exempt_by: str = ""

    @property
    def owed(self) -> int:
        return 0 if self.exempt else int(self.amount)


@dataclass(frozen=True, slots=True)
class Rate:
    """What a resolution says of one fee of one procedure: another amount, a percentage of it, or more exemptions.

    `channel` is "" for every channel. The range of dates is of days of filing, the end excluded.
    """

    id: str
    fee: str
    resolution: str
    valid_from: date
    valid_to: date | None = None
    channel: str = ""
    amount: Decimal | None = None
    percent: int | None = None
    exempt: tuple[Exemption, ...] = ()

    def applies(self, fee: str, channel: str, on: date) -> bool:
        return (
            self.fee == fee
            and self.channel in ("", channel)
            and self.valid_from <= on
            and (self.valid_to is None or on < self.valid_to)
        )


def rate_for(fee: str, channel: str, on: date, rates: Iterable[Rate]) -> Rate | None:
    """The rate that holds: one for the channel goes before one for all, a later resolution before an earlier."""
    found = [r for r in rates if r.applies(fee, channel, on)]
    return max(found, key=lambda r: (r.channel != "", r.valid_from), default=None)


def rules_in_force(definition: Definition, on: date) -> list[FeeRule]:
    """The definition's fees on a day."""
    return [r for r in definition.fees if in_force_on(r, on)]


def in_force_on(rule: FeeRule, on: date) -> bool:
    """Whether a fee applies on a day."""
    return (rule.valid_from is None or rule.valid_from <= on) and (
        rule.valid_to is None or on < rule.valid_to
    )


def fees_for(
    definition: Definition,
    situation: Situation,
    on: date,
    rates: Sequence[Rate] = (),
    *,
    given: Collection[str] | None = None,
    by: str = "",
) -> tuple[Fee, ...]:
    """The fees of a dossier filed on a day; an exempted one stays, with its ground and its evidence.

    `given` are the ids of the papers in the dossier: an exemption that asks for a paper is granted (`by`
    whom) only when it is there. None means that nobody has looked yet, so that a claim counts.
    """
    fees = []
    for rule in rules_in_force(definition, on):
        rate = rate_for(rule.id, situation.channel, on, rates)
        grounds = (*rule.exempt, *(rate.exempt if rate else ()))
        exempt = next((e for e in grounds if _granted(e, situation, given)), None)
        fee = _fee(rule, situation, rate)
        fees.append(_exempted(definition, fee, exempt, by) if exempt else fee)
    return tuple(fees)


def _fee(rule: FeeRule, here: Situation, rate: Rate | None) -> Fee:
    amount, counted = _base(rule, here)
    if rate and rate.amount is not None:
        amount, counted = rate.amount, ""
    elif rate and rate.percent is not None:
        amount = (amount * rate.percent / HUNDRED).quantize(Decimal(1), ROUND_HALF_UP)
    return Fee(
        id=rule.id,
        name=rule.name.vi,
        kind=rule.kind,
        amount=str(int(amount)),
        rule=rate.id if rate else "",
        source=rate.resolution if rate else rule.source,
        since=rate.valid_from if rate else rule.valid_from,
        counted=counted,
    )


def _exempted(definition: Definition, fee: Fee, ground: Exemption, by: str) -> Fee:
    paper = definition.paper(ground.paper) if ground.paper else None
    return structs.replace(
        fee,
        exempt=ground.name.vi,
        exempt_id=ground.id,
        exempt_ground=ground.ground,
        exempt_paper=paper.name.vi if paper else ground.paper,
        exempt_registry=ground.registry,
        exempt_by=by,
    )


def _granted(ground: Exemption, here: Situation, given: Collection[str] | None) -> bool:
    if not holds(ground.when, here):
        return False
    return given is None or not ground.paper or ground.paper in given


def _base(rule: FeeRule, here: Situation) -> tuple[Decimal, str]:
    """The definition's own amount, and the quantity it was counted by ("5", "5 × 2")."""
    if rule.tiered is None:
        return rule.amount.get(here.channel, Decimal(0)), ""
    quantity = max(0, int(value(rule.tiered.quantity, here) or 0))
    times = 1
    if rule.tiered.times:
        times = max(0, int(value(rule.tiered.times, here) or 1))
    told = f"{quantity} × {times}" if rule.tiered.times else str(quantity)
    return tiered_amount(rule.tiered, quantity, times), told


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


def with_rates(rule: FeeRule, channels: Sequence[str], on: date, rates: Sequence[Rate]) -> FeeRule:
    """The rule as the resolutions of a day leave it, for pages that tell what a procedure costs.

    A tiered fee that a resolution changes for some channels only stays tiered; see `changes_in_words`.
    """
    found = {c: rate_for(rule.id, c, on, rates) for c in channels}
    amounts = dict(rule.amount)
    for channel, rate in found.items():
        if rate and rate.amount is not None:
            amounts[channel] = rate.amount
        elif rate and rate.percent is not None and rule.tiered is None:
            own = rule.amount.get(channel, Decimal(0))
            amounts[channel] = (own * rate.percent / HUNDRED).quantize(Decimal(1), ROUND_HALF_UP)
    fixed = all(rate and rate.amount is not None for rate in found.values()) and bool(found)
    more = tuple(dict.fromkeys(e for rate in found.values() if rate for e in rate.exempt))
    sources = dict.fromkeys(r.resolution for r in found.values() if r)
    return replace(
        rule,
        amount=amounts,
        tiered=None if fixed else rule.tiered,
        exempt=(*rule.exempt, *more),
        source="; ".join(sources) or rule.source,
    )


def changes_in_words(
    rule: FeeRule, channels: Sequence[str], on: date, rates: Sequence[Rate], lang: str = "vi"
) -> list[str]:
    """ "0 đồng khi nộp trực tuyến, từ 08/08/2026 (23/2026/NQ-HĐND)": each resolution that changes a fee, once."""
    told = []
    for channel in channels:
        rate = rate_for(rule.id, channel, on, rates)
        if rate is None or (rate.amount is None and rate.percent is None):
            continue
        what = f"{vi_number(rate.amount)}\u00a0đồng" if rate.amount is not None else f"{rate.percent}%"
        where = f" {CHANNEL_NAMES[channel].in_(lang)}" if rate.channel else ""
        since = "từ" if lang == "vi" else "from"
        told.append(f"{what}{where}, {since} {rate.valid_from:%d/%m/%Y} ({rate.resolution})")
    return list(dict.fromkeys(told))


def explain(fee: Fee, lang: str = "vi") -> list[str]:
    """Why this amount, in sentences: the kind, the rate with its source, the quantity, the exemption and its evidence."""
    vi = lang == "vi"
    amount = f"{vi_number(int(fee.amount))}\u00a0đồng"
    told = [f"{KIND_NAMES[fee.kind].in_(lang)}: {amount}." if fee.kind in KIND_NAMES else f"{amount}."]
    if fee.source:
        since = f", {'áp dụng từ' if vi else 'in force from'} {fee.since:%d/%m/%Y}" if fee.since else ""
        told.append(f"{'Mức thu theo' if vi else 'Rate set by'} {fee.source.rstrip('.')}{since}.")
    if fee.counted:
        told.append(f"{'Số lượng tính phí' if vi else 'Counted by'}: {fee.counted}.")
    if fee.exempt:
        told += _exemption_in_words(fee, vi=vi)
    return told


def _exemption_in_words(fee: Fee, *, vi: bool) -> list[str]:
    ground = f" ({fee.exempt_ground})" if fee.exempt_ground else ""
    told = [f"{'Được miễn' if vi else 'Exempt'}: {fee.exempt}{ground}."]
    if fee.exempt_paper:
        told.append(f"{'Giấy tờ chứng minh' if vi else 'Evidence'}: {fee.exempt_paper}.")
    if fee.exempt_registry:
        told.append(f"{'Tra cứu tại' if vi else 'Looked up in'}: {fee.exempt_registry}.")
    if fee.exempt_by:
        told.append(f"{'Người xác nhận' if vi else 'Granted by'}: {fee.exempt_by}.")
    return told
