"""The fee rates that resolutions set, kept in memory for seconds, and what a dossier owes by them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.cases.models import FeeRate
from tinhso.core.db.batch import Batch
from tinhso.core.procedures.build import exemption
from tinhso.core.procedures.fees import Fee, Rate, fees_for
from tinhso.core.procedures.model import Definition, Situation

KEEP_SECONDS = 5.0

_kept: dict[str, tuple[Rate, ...]] = {}
_read_at = -KEEP_SECONDS


def rates_of(procedure: str) -> tuple[Rate, ...]:
    """Every rate of a procedure in this province, past and coming; read again after a few seconds."""
    global _kept, _read_at
    if time.monotonic() - _read_at > KEEP_SECONDS:
        found: dict[str, list[Rate]] = {}
        for row in FeeRate.objects.filter(province=settings.PROVINCE_CODE):
            found.setdefault(row.procedure, []).append(_rate(row))
        _kept, _read_at = {code: tuple(rates) for code, rates in found.items()}, time.monotonic()
    return _kept.get(procedure, ())


def forget() -> None:
    """Look at the table again at the next question; called after loading."""
    global _read_at  # noqa: PLW0603
    _read_at = -KEEP_SECONDS


def fees_on(definition: Definition, here: Situation, on: date) -> tuple[Fee, ...]:
    """What a dossier filed on a day owes, for pages that tell it beforehand."""
    return fees_for(definition, here, on, rates_of(definition.code))


def _rate(row: FeeRate) -> Rate:
    return Rate(
        id=str(row.id),
        fee=row.fee,
        resolution=row.resolution,
        valid_from=row.valid.lower,
        valid_to=row.valid.upper,
        channel=row.channel,
        amount=row.amount,
        percent=row.percent,
        exempt=tuple(exemption(e) for e in row.exempt),
    )


def save_rates(rows: Sequence[Mapping[str, Any]], *, actor: Actor) -> int:
    """Make the rates those of the catalogue; returns how many were added, changed or taken out.

    A row is `{province, procedure, fee, channel?, amount | percent, valid: [from, to], resolution, source?,
    exempt?}`. Cases keep what they were told: their fees stand in their own acts.
    """
    wanted = {_key(row): row for row in rows}
    with transaction.atomic():
        known = {
            (r.province, r.procedure, r.fee, r.channel, r.valid.lower.isoformat()): r
            for r in FeeRate.objects.select_for_update()
        }
        changed = [key for key, row in wanted.items() if key not in known or _differs(known[key], row)]
        gone = [r.id for key, r in known.items() if key not in wanted or key in changed]
        FeeRate.objects.filter(id__in=gone).delete()
        FeeRate.objects.bulk_create(_row(wanted[key]) for key in changed)
        left = sum(key not in wanted for key in known)
        if changed or left:
            batch = Batch()
            data = {"changed": ["/".join(key) for key in changed][:200], "gone": left}
            record(batch, act="cases.rates", object_kind="rates", object_id="catalog", actor=actor, data=data)
            batch.send()
    forget()
    return len(changed) + left


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["province"], row["procedure"], row["fee"], row.get("channel", ""), str(row["valid"][0]))


def _row(row: Mapping[str, Any]) -> FeeRate:
    return FeeRate(
        province=row["province"],
        procedure=row["procedure"],
        fee=row["fee"],
        channel=row.get("channel", ""),
        amount=Decimal(row["amount"]) if "amount" in row else None,
        percent=row.get("percent"),
        exempt=list(row.get("exempt", ())),
        resolution=row["resolution"],
        source=row.get("source", ""),
        valid=DateRange(_day(row["valid"][0]), _day(row["valid"][1])),
    )


def _differs(rate: FeeRate, row: Mapping[str, Any]) -> bool:
    new = _row(row)
    names = ("amount", "percent", "exempt", "resolution", "source")
    return any(getattr(rate, n) != getattr(new, n) for n in names) or rate.valid.upper != new.valid.upper


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None
