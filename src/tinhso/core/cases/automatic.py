"""Steps that a machine does: how each kind is done, and how it is taken back.

A room adds a kind with `AUTOMATIC.add(...)` beside its step kind. `run` is called outside any transaction,
at least once, and must give the same when called again with the same token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import msgspec

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.acts import Facts, refuse
from tinhso.core.cases.models import Case
from tinhso.core.cases.rules.moves import case_values
from tinhso.core.cases.state import State, dump
from tinhso.core.exchange.ask import ask
from tinhso.core.exchange.slots import PROVIDERS
from tinhso.core.procedures.model import Definition, Situation, Step, value
from tinhso.kit.expressions import ExpressionError
from tinhso.kit.slots import Slot

ENGINE = system_actor("cases.automatic")
#: Refusals after which trying again may help.
PASSING = frozenset({"too_late", "unreachable", "busy", "trust_unavailable"})


@dataclass(frozen=True, slots=True)
class Call:
    """One run of an automatic step: the case as it stands, the step, and the open token's id."""

    case: Case
    state: State
    definition: Definition
    step: Step
    token: str
    now: datetime

    @property
    def today(self) -> date:
        """The date in Vietnam."""
        return self.now.astimezone(Facts.zone).date()

    def values(self, expressions: dict[str, str]) -> dict[str, Any]:
        """The step's expressions worked out over the case; a `Refusal` that names the one that fails."""
        here = Situation.of(
            self.definition,
            self.state.answers,
            dump(self.state.applicant) if self.state.applicant else {},
            self.state.channel,
            self.today,
            self.state.variant,
            case_values(self.definition, self.state),
        )
        found = {}
        for name, text in expressions.items():
            try:
                found[name] = value(text, here)
            except ExpressionError as error:
                raise refuse("bad_expression", f"Không tính được “{name}”: {error}") from error
        return found


@dataclass(frozen=True, slots=True)
class Automatic:
    """A kind of automatic step. `run` gives the reply, or None when the answer comes later by an act of its own;
    it raises a `Refusal` when asking again is of no use, anything else is tried again."""

    do: str
    run: Callable[[Call], dict[str, Any] | None]
    undo: Callable[[Call], None] | None = None


AUTOMATIC: Slot[Automatic] = Slot("automatic steps", Automatic, lambda a: a.do)


def run_exchange(call: Call) -> dict[str, Any]:
    """Ask another system by the exchange; the reply's fields become `case.replies.<step>.fields`."""
    return {"fields": _ask(call, str(call.step.options["request"]))}


def undo_exchange(call: Call) -> None:
    """Ask the other system to take back what it did: the request named in `undo`."""
    _ask(call, str(call.step.options["undo"]))


def _ask(call: Call, name: str) -> dict[str, Any]:
    if name not in PROVIDERS:
        raise refuse("no_provider", f"Chưa kết nối với hệ thống trả lời yêu cầu “{name}”.")
    provider = PROVIDERS.get(name)
    options = call.step.options
    values = call.values(dict(options.get("values", {})))
    if "key" in {f.name for f in fields(provider.request)}:  # the same question asked twice is one question
        values["key"] = call.token
    request: Any = msgspec.convert(values, provider.request)
    reply: Any = ask(
        request,
        provider.reply,
        actor=ENGINE,
        purpose=str(options.get("purpose") or call.definition.name.vi),
        ground=str(options.get("ground") or call.definition.decision or call.definition.code),
        person_id=call.case.applicant_id,
        timeout=float(options.get("timeout", 10)),
    )
    return dict(msgspec.to_builtins(reply))
