"""From the stored data of a version to the engine's values. The data was checked when it was published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tinhso.core.forms.answers.shown import unanswered
from tinhso.core.forms.definition import FormDefinition
from tinhso.core.forms.texts import Text
from tinhso.core.procedures.model import (
    Competence,
    Deemed,
    Definition,
    Exemption,
    FeeRule,
    Next,
    PaperRule,
    ResultRule,
    Step,
    Tier,
    Tiered,
    Variant,
)
from tinhso.kit.worktime import Duration

CHANNELS = ("online", "counter", "post")
STEP_WORDS = {"id", "do", "by", "within", "next", "name"}


def source_hash(source: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of everything a version is made of."""
    text = json.dumps(source, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


_built: dict[str, Definition] = {}


def build(source: Mapping[str, Any], digest: str | None = None) -> Definition:
    """The definition of a version's source: `{procedure, form, result_form, outputs}`. Built once per hash."""
    digest = digest or source_hash(source)
    if digest not in _built:
        _built[digest] = _build(source, digest)
    return _built[digest]


def _build(source: Mapping[str, Any], digest: str) -> Definition:
    data = source["procedure"]
    steps = build_steps(data["process"])
    form = FormDefinition.from_json(_canonical(source["form"]))
    return Definition(
        code=data["code"],
        name=Text.of(data["name"]),
        sector=data["field"],
        valid_from=day(data["valid"][0]) or date.min,
        valid_to=day(data["valid"][1]),
        hash=digest,
        decision=data.get("decision") or "",
        channels=tuple(data.get("channels", CHANNELS)),
        applicants=tuple(data["applicants"]),
        service_level=data["service_level"],
        competence=tuple(_competence(c) for c in data["competence"]),
        variants=tuple(_variant(v) for v in data["variants"]),
        papers=tuple(_paper(p) for p in data["papers"]),
        fees=tuple(_fee(f) for f in data["fees"]),
        steps=steps,
        first=next(iter(steps)),
        result=_result(data["result"], source.get("result_form")),
        form=form,
        blank={f.id: unanswered(f) for f in form.fields.values()},
        outputs=dict(source["outputs"]),
        supplement_within=Duration.parse(data.get("supplement", {}).get("answer_within", "30 days")),
        summary=Text.of(data["summary"]),
        who=Text.of(data["who"]),
        notes=tuple(Text.of(n) for n in data.get("notes", ())),
        legal=tuple((law["name"], law.get("clause", "")) for law in data.get("legal", ())),
        source=data.get("source") or "",
        keywords=tuple(data.get("keywords", ())),
        deemed=_deemed(data.get("deemed")),
    )


def _result(data: Mapping[str, Any], fields: Any) -> ResultRule:
    return ResultRule(
        document=data["document"],
        name=Text.of(data["name"]),
        code=data.get("code", ""),
        series=data.get("series", ""),
        number_format=data.get("number_format", "{number}/{year}"),
        fields=_form(fields),
    )


def _deemed(data: Mapping[str, Any] | None) -> Deemed | None:
    if not data:
        return None
    return Deemed(data["outcome"], Text.of(data["name"]), data["ground"], data.get("when", ""))


def _canonical(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _form(data: Any) -> FormDefinition | None:
    return FormDefinition.from_json(_canonical(data)) if data else None


def day(text: str | None) -> date | None:
    """A date of a definition, `None` when open."""
    return date.fromisoformat(text) if text else None


def _range(data: Mapping[str, Any]) -> tuple[date | None, date | None]:
    low, high = data.get("valid", (None, None))
    return day(low), day(high)


def _competence(data: Mapping[str, Any]) -> Competence:
    low, high = _range(data)
    return Competence(
        level=data["level"],
        agency=data.get("agency", ""),
        place=data.get("place", ""),
        text=Text.of(data.get("text")),
        valid_from=low,
        valid_to=high,
        ground=data.get("ground", ""),
    )


@lru_cache(maxsize=256)
def _duration(text: str) -> Duration:
    return Duration.parse(text)


def _variant(data: Mapping[str, Any]) -> Variant:
    return Variant(
        id=data["id"],
        name=Text.of(data["name"]),
        time=_duration(data["time"]),
        when=data.get("when", ""),
        cutoff=time.fromisoformat(data["cutoff"]) if data.get("cutoff") else None,
    )


def _paper(data: Mapping[str, Any]) -> PaperRule:
    return PaperRule(
        id=data["id"],
        name=Text.of(data["name"]),
        kind=data["kind"],
        original=data.get("original", 1),
        copy=data.get("copy", 0),
        when=data.get("when", ""),
        required=data.get("required", True),
        code=data.get("code", ""),
        from_registry=data.get("from_registry", ""),
        instead_of=Text.of(data["instead_of"]) if data.get("instead_of") else None,
        hint=Text.of(data["hint"]) if data.get("hint") else None,
    )


def _fee(data: Mapping[str, Any]) -> FeeRule:
    low, high = _range(data)
    amount = data.get("amount", 0)
    by_channel = amount if isinstance(amount, Mapping) else dict.fromkeys(CHANNELS, amount)
    return FeeRule(
        id=data["id"],
        name=Text.of(data["name"]),
        kind=data["kind"],
        amount={channel: Decimal(str(sum_)) for channel, sum_ in by_channel.items()},
        valid_from=low,
        valid_to=high,
        tiered=_tiered(data["tiered"]) if "tiered" in data else None,
        exempt=tuple(exemption(e) for e in data.get("exempt", ())),
        source=data.get("source", ""),
    )


def exemption(data: Mapping[str, Any]) -> Exemption:
    """An exemption as definitions and resolutions write it."""
    return Exemption(
        data["id"],
        Text.of(data["name"]),
        data["when"],
        data.get("ground", ""),
        data.get("paper", ""),
        data.get("registry", ""),
    )


def _tiered(data: Mapping[str, Any]) -> Tiered:
    return Tiered(
        quantity=data["quantity"],
        tiers=tuple(Tier(Decimal(str(t["each"])), t.get("upto")) for t in data["tiers"]),
        times=data.get("times", ""),
        cap=Decimal(str(data["cap"])) if data.get("cap") is not None else None,
    )


def build_steps(process: Sequence[Mapping[str, Any]]) -> dict[str, Step]:
    """The steps of a process, a list in the order it was written."""
    return {spec["id"]: _step(spec) for spec in process}


def _step(data: Mapping[str, Any]) -> Step:
    role, _, place = (part.strip() for part in data.get("by", "").partition("@"))
    following = data.get("next", ())
    if isinstance(following, str):
        following = [{"to": following}]
    options = {key: item for key, item in data.items() if key not in STEP_WORDS}
    return Step(
        id=data["id"],
        do=data["do"],
        name=Text.of(data.get("name")),
        role=role,
        at=place or "competent",
        within=_duration(data["within"]) if data.get("within") else None,
        next=tuple(
            Next(n, "") if isinstance(n, str) else Next(n["to"], n.get("when", "")) for n in following
        ),
        options=options,
    )
