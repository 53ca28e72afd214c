"""Effects on the open steps: moving, taking, parallel branches, opinions, votes."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from tinhso.core.cases.effects.base import Effect, change
from tinhso.core.cases.state import Opinion, State, Token, Visit, Vote


class TokenOpened(Effect, frozen=True):
    token: Token

    def apply(self, state: State) -> State:
        return replace(state, tokens=(*state.tokens, self.token))


class TokenClosed(Effect, frozen=True):
    """A step is left; with `at` it stands among the steps gone through."""

    token_id: str
    outcome: str
    at: datetime | None = None
    by: str = ""

    def apply(self, state: State) -> State:
        token = state.token(self.token_id)
        tokens = tuple(t for t in state.tokens if t.id != self.token_id)
        parked = tuple(t for t in state.parked if t.id != self.token_id)
        if token is None or self.at is None:
            return replace(state, tokens=tokens, parked=parked)
        visit = Visit(
            step=token.step,
            token=token.id,
            unit=token.unit.code,
            entered_at=token.entered_at,
            left_at=self.at,
            outcome=self.outcome,
            by=self.by,
            due_at=token.due_at,
        )
        return replace(state, tokens=tokens, parked=parked, visits=(*state.visits, visit))


class TokenTaken(Effect, frozen=True):
    token_id: str
    person_id: str
    person_name: str

    def apply(self, state: State) -> State:
        return change(state, self.token_id, person_id=self.person_id, person_name=self.person_name)


class TokenReleased(Effect, frozen=True):
    """A step goes back to all who hold its role; nobody has it any more."""

    token_id: str

    def apply(self, state: State) -> State:
        return change(state, self.token_id, person_id="", person_name="")


class TokensParked(Effect, frozen=True):
    """Open steps wait, because the case waits for the applicant; those of `keep` go on."""

    keep: tuple[str, ...] = ()

    def apply(self, state: State) -> State:
        parked = tuple(t for t in state.tokens if t.id not in self.keep)
        kept = tuple(t for t in state.tokens if t.id in self.keep)
        return replace(state, parked=state.parked + parked, tokens=kept)


class TokensUnparked(Effect, frozen=True):
    """The waiting steps open again, with new due dates (in the order they were parked)."""

    tokens: tuple[Token, ...]

    def apply(self, state: State) -> State:
        return replace(state, tokens=state.tokens + self.tokens, parked=())


class Arrived(Effect, frozen=True):
    """A branch came back to the step that waits for it."""

    token_id: str
    branch: str

    def apply(self, state: State) -> State:
        waits = state.token(self.token_id)
        return change(state, self.token_id, arrived=(*waits.arrived, self.branch) if waits else ())


class BranchBegun(Effect, frozen=True):
    """The next of the branches that follow one another begins."""

    token_id: str

    def apply(self, state: State) -> State:
        waits = state.token(self.token_id)
        return change(state, self.token_id, waiting=waits.waiting[1:] if waits else ())


class FirstDone(Effect, frozen=True):
    """The first of two people did the step; the second is somebody else. Without a person the first is undone."""

    token_id: str
    person_id: str = ""
    person_name: str = ""

    def apply(self, state: State) -> State:
        first = {"first_by": self.person_id, "first_name": self.person_name}
        return change(state, self.token_id, **first, person_id="", person_name="")


class OpinionGiven(Effect, frozen=True):
    opinion: Opinion

    def apply(self, state: State) -> State:
        return replace(state, opinions=(*state.opinions, self.opinion))


class Voted(Effect, frozen=True):
    vote: Vote

    def apply(self, state: State) -> State:
        return replace(state, votes=(*state.votes, self.vote))


class Voided(Effect, frozen=True):
    """The case went back behind these steps: what they brought counts no more."""

    steps: tuple[str, ...]

    def apply(self, state: State) -> State:
        return replace(
            state,
            opinions=tuple(replace(o, void=True) if o.step in self.steps else o for o in state.opinions),
            votes=tuple(replace(v, void=True) if v.step in self.steps else v for v in state.votes),
            replies={k: v for k, v in state.replies.items() if k not in self.steps},
        )
