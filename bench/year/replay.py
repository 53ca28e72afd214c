"""One process of the year: its share of the agencies, case by case in simulated time, through the real actions."""

from __future__ import annotations

import heapq
import json
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from bench.year import drive, staff
from bench.year.plan import Plan, plan
from tinhso.core.access.actor import system_actor
from tinhso.core.cases.actions import file_case, perform, settle
from tinhso.core.cases.actions.automatic import bring_result
from tinhso.core.cases.actions.waking import wake_case
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.state import State, load_state
from tinhso.core.cases.versions import definition_of
from tinhso.kit.errors import Refusal

TELL_SECONDS = 5


@dataclass(slots=True)
class Live:
    """A case under way: where its row is, its state as last seen, the moment before which nothing may happen."""

    plan: Plan
    id: UUID
    version: UUID
    state: State
    now: datetime
    wake: datetime | None
    turn: int = 0
    given_up: frozenset[str] = frozenset()


@dataclass
class Tally:
    """What was done and how long each act took (milliseconds)."""

    filed: int = 0
    acts: int = 0
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[str] = field(default_factory=Counter)
    tenths: list[tuple[float, int]] = field(default_factory=list)


class Replay:
    def __init__(self, share: int, shares: int, cases: int, seed: int) -> None:
        self.share, self.shares, self.cases, self.seed = share, shares, cases, seed
        self.files = staff.Files(f"share {share}", system_actor("bench"))
        self.live: dict[UUID, Live] = {}
        self.heap: list[tuple[datetime, int, int, UUID | None]] = []
        self.tally = Tally()
        self.mine = [p for n in range(cases) if self._is_mine(p := plan(n, seed))]

    def _is_mine(self, case: Plan) -> bool:
        """Agencies are shared out, so that two processes meet where real people do: at asked units, series, lanes."""
        return int(case.commune * len(staff.communes())) % self.shares == self.share

    def run(self) -> None:
        """File and work on everything of this share; cases of an earlier run go on where they stand."""
        self._resume()
        begun = told = time.perf_counter()
        used = time.process_time()
        size = max(1, len(self.mine) // 10)
        while self.heap:
            at, turn, number, case_id = heapq.heappop(self.heap)
            if case_id is None:
                self._file(self.plans[number])
                if self.tally.filed % size == 0:
                    self.tally.tenths.append((time.perf_counter() - begun, self.tally.acts))
            elif (live := self.live.get(case_id)) and live.turn == turn:
                self._step(live, at)
            if time.perf_counter() - told > TELL_SECONDS:
                told = time.perf_counter()
                self._tell(told - begun, at)
        self.seconds, self.cpu = time.perf_counter() - begun, time.process_time() - used

    def _resume(self) -> None:
        self.plans = {p.number: p for p in self.mine}
        have = dict(self._filed())
        for case in self.mine:
            if case.number not in have:
                heapq.heappush(self.heap, (case.at, 0, case.number, None))
        for number, case_id in have.items():
            self._adopt(case_id, self.plans[number])

    def _filed(self) -> Iterator[tuple[int, UUID]]:
        rows = Case.objects.filter(key__startswith=f"year:{self.seed}:").values_list("key", "id")
        for key, case_id in rows.iterator():
            number = int(key.rpartition(":")[2])
            if number in self.plans:
                yield number, case_id

    def _file(self, case: Plan) -> None:
        rng, who = case.draw("file"), staff.party(case)
        fitting = [e for e in staff.examples(case.procedure) if e.channel == case.channel]
        choice = rng.choice(fitting or staff.examples(case.procedure))
        place = staff.communes()[int(case.commune * len(staff.communes()))]
        papers = self.files.take(choice.papers, who.id)
        begun = time.perf_counter()
        try:
            done = file_case(
                procedure=case.procedure,
                applicant=who,
                answers=choice.on(case.at.date(), place),
                papers=papers,
                channel=choice.channel,
                key=f"year:{self.seed}:{case.number}",
                actor=staff.citizen(who.id, who.full_name),
                filer_id=UUID(who.id),
                now=case.at,
            )
        except Refusal as refusal:
            self.tally.refused[f"{case.procedure} file {refusal.code} {refusal.field}"] += 1
            return
        self._did("file", begun)
        self.tally.filed += 1
        self._keep(Live(case, done.case.id, done.case.version_id, done.state, case.at, done.case.wake_at))

    def _keep(self, live: Live) -> None:
        """Put the case where it belongs in time: at its next act, or when the engine has to look at it."""
        live.turn += 1
        self.live[live.id] = live
        if live.state.for_machine(live.now):
            self._push(live, live.now)
            return
        coming = self._coming(live)
        moments = [m for m in (coming and coming.at, live.wake) if m]
        if moments:
            self._push(live, max(live.now, min(moments)))
        else:
            self._leave(live)

    def _push(self, live: Live, at: datetime) -> None:
        heapq.heappush(self.heap, (at, live.turn, live.plan.number, live.id))

    def _leave(self, live: Live) -> None:
        """Nothing to do here any more, unless another case brings something."""
        if not any(c.status == "open" for c in live.state.children):
            del self.live[live.id]

    def _coming(self, live: Live) -> drive.Next | None:
        return drive.Desk(
            live.plan, definition_of(live.version), live.state, live.now, self.files, live.given_up
        ).next()

    def _step(self, live: Live, at: datetime) -> None:
        if live.state.for_machine(at):
            self._machine(live, at)
            return
        coming = self._coming(live)
        if live.wake and live.wake <= at and not (coming and coming.at <= at):
            self._look(live, at)
            return
        if coming is None:
            self._leave(live)
            return
        begun, was = time.perf_counter(), live.state.status
        try:
            done = perform(live.id, coming.act, coming.data(), actor=coming.actor(), now=at)
        except Refusal as refusal:  # a deadline that passed meanwhile: the rest of the case goes on
            self.tally.refused[f"{live.plan.procedure} {coming.act} {refusal.code}"] += 1
            live.given_up |= {coming.act}
            self._keep(live)
            return
        self._did(coming.act, begun)
        live.state, live.now, live.wake = done.state, at, done.case.wake_at
        if done.state.parent and done.state.status != was and Status(done.state.status).is_finished:
            self._give_to_parent(live, at)
        self._keep(live)

    def _machine(self, live: Live, at: datetime) -> None:
        begun = time.perf_counter()
        settle(live.id, now=at)
        self._reload(live, at, "settle", begun)
        for child in live.state.children:
            if child.status == "open" and UUID(child.case_id) not in self.live:
                self._adopt(UUID(child.case_id), live.plan)

    def _look(self, live: Live, at: datetime) -> None:
        begun = time.perf_counter()
        wake_case(live.id, now=at)
        self._reload(live, at, "wake", begun)

    def _give_to_parent(self, live: Live, at: datetime) -> None:
        """What the event `SubcaseEnded` does when it is delivered."""
        begun = time.perf_counter()
        bring_result(live.id, now=at)
        row = Case.objects.get(id=live.id)
        self.tally.acts += row.seq - live.state.seq
        live.state, live.wake = load_state(row.state), row.wake_at
        parent = self.live.get(UUID(live.state.parent.case_id)) if live.state.parent else None
        if parent:
            self._reload(parent, at, "child_ended", begun)

    def _reload(self, live: Live, at: datetime, kind: str, begun: float) -> None:
        row = Case.objects.get(id=live.id)
        before, live.state = live.state, load_state(row.state)
        live.now, live.wake = max(live.now, at), row.wake_at
        if live.state.seq > before.seq:
            self._did(kind, begun, live.state.seq - before.seq)
        self._keep(live)

    def _adopt(self, case_id: UUID, case: Plan) -> None:
        """Take up a case somebody else filed: the engine a sub-case, or an earlier run."""
        row = Case.objects.get(id=case_id)
        state = load_state(row.state)
        last = Act.objects.filter(case_id=case_id).order_by("-seq").values_list("at", flat=True)[0]
        self._keep(Live(case, row.id, row.version_id, state, last, row.wake_at))
        for child in state.children:
            if child.status == "open" and UUID(child.case_id) not in self.live:
                self._adopt(UUID(child.case_id), case)

    def _did(self, kind: str, begun: float, acts: int = 1) -> None:
        self.tally.acts += acts
        self.tally.took[kind].append((time.perf_counter() - begun) * 1000)

    def _tell(self, seconds: float, at: datetime) -> None:
        t = self.tally
        line = f"{at:%Y-%m-%d} {t.filed}/{len(self.mine)} cases, {t.acts} acts, {t.acts / seconds:.0f} acts/s"
        print(json.dumps({"share": self.share, "tell": line}), flush=True)

    def report(self) -> dict[str, Any]:
        t = self.tally
        return {
            "share": self.share,
            "seconds": self.seconds,
            "filed": t.filed,
            "acts": t.acts,
            "tenths": t.tenths,
            "refused": dict(t.refused),
            "open": len(self.live),
            "took": {k: sorted(v)[:: max(1, len(v) // 2000)] for k, v in t.took.items()},
            "count": {k: len(v) for k, v in t.took.items()},
            "cpu": self.cpu,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
