"""Effects of work outside the case: automatic steps, cases in other agencies, what has to be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tinhso.core.cases.effects.base import Effect, change
from tinhso.core.cases.state import ChildRef, ParentRef, State, Undo


class Replied(Effect, frozen=True):
    """What an automatic step or a sub-case brought; `by_hand` when a person wrote it down instead."""

    step: str
    reply: dict[str, Any]
    by_hand: bool = False

    def apply(self, state: State) -> State:
        return replace(state, replies={**state.replies, self.step: self.reply})


class AutoTried(Effect, frozen=True):
    """An automatic step failed; without `retry_at` a person has to see to it."""

    token_id: str
    error: str
    retry_at: datetime | None = None

    def apply(self, state: State) -> State:
        token = state.token(self.token_id)
        tries = token.tries + 1 if token else 1
        return change(state, self.token_id, error=self.error, retry_at=self.retry_at, tries=tries)


class AutoAgain(Effect, frozen=True):
    """An automatic step is tried again from the beginning, or waits for its answer when `at` is not given."""

    token_id: str
    at: datetime | None = None

    def apply(self, state: State) -> State:
        return change(state, self.token_id, error="", retry_at=self.at, tries=0, person_id="", person_name="")


class Mirrored(Effect, frozen=True):
    """News of a case that another system handles; `event_at` is that system's time."""

    source: str
    event_at: datetime

    def apply(self, state: State) -> State:
        later = not state.mirrored or self.event_at > max(state.mirrored)
        open_again = {"finished_at": None, "returned_at": None} if later else {}
        return replace(state, source=self.source, mirrored=(*state.mirrored, self.event_at), **open_again)


class ParentSet(Effect, frozen=True):
    parent: ParentRef

    def apply(self, state: State) -> State:
        return replace(state, parent=self.parent)


class ChildOpened(Effect, frozen=True):
    child: ChildRef

    def apply(self, state: State) -> State:
        return replace(state, children=(*state.children, self.child))


class ChildEnded(Effect, frozen=True):
    case_id: str
    status: str
    at: datetime

    def apply(self, state: State) -> State:
        children = tuple(
            replace(c, status=self.status, ended_at=self.at) if c.case_id == self.case_id else c
            for c in state.children
        )
        return replace(state, children=children)


class UndoSet(Effect, frozen=True):
    """What has to be taken back outside, and how that goes."""

    undo: tuple[Undo, ...]

    def apply(self, state: State) -> State:
        return replace(state, undo=self.undo)
