"""One act on many cases: which acts, on which selection, what would come of it, and the doing by the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from tinhso.core.access.actor import Actor
from tinhso.core.cases import policy
from tinhso.core.cases.actions.many import CHANGED, Order, perform_many
from tinhso.core.cases.actions.perform import Done, act_data
from tinhso.core.cases.acts import ACTS, ActData, ActKind, decide, possible, right
from tinhso.core.cases.facts import gather
from tinhso.core.cases.models import Case
from tinhso.core.cases.queries import Filter, filtered
from tinhso.core.cases.state import State
from tinhso.core.cases.versions import definition_of
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.actions import Thing
from tinhso.core.jobs.models import Item, ItemState, Run
from tinhso.core.jobs.runs import Outcome, Steps, tried
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import Refusal, Stale
from tinhso.kit.slots import Slot

KIND = "cases.bulk"
#: One person chooses at most this many cases for one act.
MOST = 20_000
#: Cases done in one transaction: many enough to save commits, few enough that nobody waits long for a row.
GROUP = 50
EXAMPLES = 3
READ_AT_ONCE = 500

One = Callable[[UUID, "int | None", dict[str, Any], Actor], str]


@dataclass(frozen=True, slots=True)
class BulkField:
    """Something the act needs to be told once for all: `kind` is `text`, `area`, `date`, `choice`, `person` or `papers`."""

    name: str
    label: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act offered for many cases; `name` is that of its `ActKind`, `done` what a case that was done says.

    `to_data` makes the act's data of the fields. `one(case_id, seen, values, actor)` does one case where the act takes
    more than the engine, and returns the message; `apart` says that it commits by itself and may be repeated.
    `most` is how many cases it is offered for at once.
    """

    name: str
    done: str
    fields: tuple[BulkField, ...] = ()
    to_data: Callable[[dict[str, Any]], dict[str, Any]] = field(default=dict)
    one: One | None = None
    apart: bool = False
    most: int = MOST

    @property
    def kind(self) -> ActKind:
        return ACTS.get(self.name)

    @property
    def title(self) -> str:
        return self.kind.title


BULK: Slot[BulkAct] = Slot("acts on many cases", BulkAct, lambda a: a.name)


def offered(actor: Actor) -> list[BulkAct]:
    """The acts the actor could do on some case somewhere, in the order of the list."""
    return [act for act in BULK if any(actor.may(p) for p in act.kind.who.split("|"))]


def bulk_act(name: str) -> BulkAct:
    """The act of that name; a `Refusal` when it is not one for many cases."""
    if name not in BULK:
        raise Refusal("no_bulk", "Việc này không làm được cho nhiều hồ sơ cùng lúc.", 400)
    return BULK.get(name)


def prepare(
    act: str, *, actor: Actor, codes: Sequence[str] = (), what: Filter | None = None, back: str = ""
) -> Run:
    """Keep a selection as it stands now, to be looked at and confirmed: each case with the number of its acts.

    Either `codes`, or everything a filter lets through; `back` is the page to go back to. `Refusal` when nothing or too much is chosen.
    """
    chosen = bulk_act(act)
    scoped = Case.objects.filter(policy.scope(actor), code__in=list(codes)[: chosen.most + 1])
    rows = filtered(actor, what) if what is not None else scoped
    found = list(
        rows.order_by("submitted_at", "id").values_list("id", "code", "applicant_name", "seq")[
            : chosen.most + 1
        ]
    )
    if not found:
        raise Refusal("nothing_chosen", "Hãy chọn ít nhất một hồ sơ.", 422)
    if len(found) > chosen.most:
        most = f"{chosen.most:,}".replace(",", ".")
        raise Refusal("too_many", f"Mỗi lần làm nhiều nhất {most} hồ sơ. Hãy lọc hẹp lại.", 422)
    things = (Thing(str(i), f"{code} {name}", {"code": code, "seq": seq}) for i, code, name, seq in found)
    title = f"{chosen.title}: {len(found)} hồ sơ"
    return runs.start(
        kind=KIND, title=title, actor=actor, data={"act": act, "back": back}, things=things, prepared=True
    )


def values_given(act: BulkAct, sent: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, as the act takes it; a `Refusal` names the first field that is missing."""
    for wanted in act.fields:
        if wanted.required and not sent.get(wanted.name):
            raise Refusal("required", f"Hãy điền “{wanted.label}”.", 422, field=wanted.name)
    values = act.to_data(sent)
    if act.one is None:
        act_data(act.kind, values)
    return values


def confirm(run: Run, sent: dict[str, Any], *, actor: Actor, anyway: bool = False) -> Run:
    """Authorise the act once for the whole selection and let the worker begin.

    `anyway` also does cases that changed since they were chosen, where the act is still possible.
    """
    values = values_given(bulk_act(run.data["act"]), sent)
    return runs.confirm(run.id, actor=actor, data={"values": values, "anyway": anyway})


# What would come of it -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some cases cannot be done: how many, and a few of them."""

    message: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """How many of a selection can be done now, how many have changed since they were chosen, and why not the others."""

    total: int
    fit: int
    changed: int
    reasons: tuple[Reason, ...]


def trial(run: Run, *, actor: Actor, values: dict[str, Any] | None = None) -> Trial:
    """Decide the act for every case of the selection without doing it. `values` None: asks only who may and in which state."""
    act = bulk_act(run.data["act"])
    data = act_data(act.kind, values) if values is not None and act.one is None else None
    total = fit = changed = 0
    reasons: dict[str, list[str]] = {}
    for code, seen, seq, definition, state in _selected(run):
        total += 1
        changed += seen != seq
        message = _why_not(act.kind, definition, state, actor, data)
        if message:
            reasons.setdefault(message, []).append(code)
        else:
            fit += 1
    told = [Reason(m, len(codes), tuple(codes[:EXAMPLES])) for m, codes in reasons.items()]
    return Trial(total, fit, changed, tuple(sorted(told, key=lambda r: -r.count)))


def _why_not(kind: ActKind, definition: Definition, state: State, actor: Actor, data: ActData | None) -> str:
    try:
        meant = policy.fitting_data(kind, data or kind.data(), definition, state, actor)
        if data is not None:
            decide(definition, state, kind, meant, gather(definition, state, actor))
            return ""
        token = state.token(meant.token)
        reason = right(kind, definition, state, token, actor) or possible(kind, state, token)
    except Refusal as refusal:
        return refusal.message
    return reason.message if reason else ""


_SELECTED = """
SELECT c.code, (i.data->>'seq')::int, c.seq, c.version_id, c.state::text
FROM jobs_item i JOIN cases_case c ON c.id = i.key::uuid WHERE i.run_id = %s AND i.position >= %s AND i.position < %s
ORDER BY i.position
"""


def _selected(run: Run) -> Iterator[tuple[str, int, int, Definition, State]]:
    """The cases of a selection as they are now, read some hundred at a time straight into their states."""
    read = msgspec.json.Decoder(State)
    for start in range(0, run.total, READ_AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_SELECTED, [run.id, start, start + READ_AT_ONCE])
            rows = cursor.fetchall()
        for code, seen, seq, version_id, state in rows:
            yield code, seen, seq, definition_of(version_id), read.decode(state)


# Doing it --------------------------------------------------------------------------------------------------------


def work(steps: Steps) -> dict[str, Any]:
    """The worker's part: every case of the selection, in groups, as the person who confirmed it."""
    act = bulk_act(steps.data["act"])
    for group in steps.groups(GROUP if act.one is None else 1):
        actor = steps.actor()  # with the rights of this moment, not of the beginning
        if act.apart:
            outcome = _apart(act, steps, group[0], actor)
            with transaction.atomic():
                steps.settle([outcome])
        elif act.one is not None:
            with transaction.atomic():
                steps.settle([tried(group[0], partial(_one, act, steps, actor=actor))])
        else:
            _group(act, steps, group, actor)
    return {}


def _seen(steps: Steps, item: Item) -> int | None:
    return None if steps.data.get("anyway") else int(item.data["seq"])


def _one(act: BulkAct, steps: Steps, item: Item, *, actor: Actor) -> str:
    assert act.one is not None  # noqa: S101  asked for such acts only
    return act.one(UUID(item.key), _seen(steps, item), steps.data["values"], actor)


def _apart(act: BulkAct, steps: Steps, item: Item, actor: Actor) -> Outcome:
    try:
        return Outcome(item, message=_one(act, steps, item, actor=actor))
    except Refusal as refusal:
        return Outcome.of_refusal(item, refusal)


def _group(act: BulkAct, steps: Steps, group: list[Item], actor: Actor) -> None:
    """A group in one transaction with its outcomes; when the database refuses it, one by one."""
    try:
        with transaction.atomic():
            orders = [Order(UUID(item.key), _seen(steps, item)) for item in group]
            found = perform_many(orders, act.name, steps.data["values"], actor=actor)
            steps.settle([_outcome(act, item, found[UUID(item.key)]) for item in group])
    except (OperationalError, InterfaceError):
        raise  # the database is away; the queue tries again
    except DatabaseError as error:
        if len(group) > 1:
            for item in group:
                _group(act, steps, [item], actor)
            return
        with transaction.atomic():
            told = f"Dữ liệu của hồ sơ không ghi được: {type(error).__name__}"
            steps.settle([Outcome(group[0], ItemState.REFUSED, told)])


def _outcome(act: BulkAct, item: Item, found: Done | Refusal) -> Outcome:
    if isinstance(found, Refusal):
        return Outcome.of_refusal(item, found)
    return Outcome(item, message=act.done)


def require_unmoved(seq: int, seen: int | None) -> None:
    """Refuses a case that somebody acted on since it was chosen."""
    if seen is not None and seq != seen:
        raise Stale("stale", CHANGED)
