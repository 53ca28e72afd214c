"""The closed list of what an act can do to a case, and how it changes the state.

An act's row keeps its effects. Folding them gives the state again, without asking any rule, calendar or
definition a second time: old acts stay true when the rules change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from tinhso.core.cases.effects.corrections import CorrectionEnded, CorrectionOf, CorrectionOpened
from tinhso.core.cases.effects.dossier import (
    Answered,
    CorrectionAsked,
    Drafted,
    FeesSet,
    Filed,
    Noted,
    Numbered,
    PapersGiven,
    Rated,
    ResultSet,
    StatusSet,
    Stopped,
    SupplementAnswered,
    SupplementAsked,
    VariantSet,
    WithdrawalAsked,
    WithdrawalRejected,
)
from tinhso.core.cases.effects.money import PaymentAsked, PaymentTaken, PaymentVoided, RefundSet
from tinhso.core.cases.effects.outside import (
    AutoAgain,
    AutoTried,
    ChildEnded,
    ChildOpened,
    Mirrored,
    ParentSet,
    Replied,
    UndoSet,
)
from tinhso.core.cases.effects.steps import (
    Arrived,
    BranchBegun,
    FirstDone,
    OpinionGiven,
    TokenClosed,
    TokenOpened,
    TokenReleased,
    TokensParked,
    TokensUnparked,
    TokenTaken,
    Voided,
    Voted,
)
from tinhso.core.cases.effects.timing import ApologyDrafted, ClockSet, Escalated, Reminded, TokensDated
from tinhso.core.cases.effects.units import UnitsMoved
from tinhso.core.cases.effects.versions import VersionMoved
from tinhso.core.cases.state import State
from tinhso.kit.structs import prepare

__all__ = [
    "Answered",
    "ApologyDrafted",
    "Arrived",
    "AutoAgain",
    "AutoTried",
    "BranchBegun",
    "ChildEnded",
    "ChildOpened",
    "ClockSet",
    "CorrectionAsked",
    "CorrectionEnded",
    "CorrectionOf",
    "CorrectionOpened",
    "Drafted",
    "EffectUnion",
    "Escalated",
    "FeesSet",
    "Filed",
    "FirstDone",
    "Mirrored",
    "Noted",
    "Numbered",
    "OpinionGiven",
    "PapersGiven",
    "ParentSet",
    "PaymentAsked",
    "PaymentTaken",
    "PaymentVoided",
    "Rated",
    "RefundSet",
    "Reminded",
    "Replied",
    "ResultSet",
    "StatusSet",
    "Stopped",
    "SupplementAnswered",
    "SupplementAsked",
    "TokenClosed",
    "TokenOpened",
    "TokenReleased",
    "TokenTaken",
    "TokensDated",
    "TokensParked",
    "TokensUnparked",
    "UndoSet",
    "UnitsMoved",
    "VariantSet",
    "VersionMoved",
    "Voided",
    "Voted",
    "WithdrawalAsked",
    "WithdrawalRejected",
    "fold",
    "load_effects",
]

EffectUnion = (
    Filed | StatusSet | Answered | PapersGiven | VariantSet | ClockSet | TokenOpened | TokenClosed | TokenTaken
    | TokensParked | TokensUnparked | FeesSet | SupplementAsked | SupplementAnswered | Drafted | Numbered
    | CorrectionAsked | OpinionGiven | ResultSet | WithdrawalAsked | WithdrawalRejected | Stopped | Rated | Noted
    | Arrived | BranchBegun | FirstDone | Voted | Voided | Replied | AutoTried | AutoAgain | ParentSet
    | Mirrored | ChildOpened | ChildEnded | UndoSet | Reminded | Escalated | ApologyDrafted
    | TokenReleased | TokensDated
    | PaymentAsked | PaymentTaken | PaymentVoided | RefundSet
    | VersionMoved | UnitsMoved
    | CorrectionOpened | CorrectionOf | CorrectionEnded
)  # fmt: skip


class _Kept(msgspec.Struct, frozen=True):
    """What an act's row keeps. A struct's reader is built once; that of a bare list would be built at every reading."""

    effects: list[EffectUnion]


prepare(_Kept)


def fold(state: State, effects: Iterable[EffectUnion]) -> State:
    """Apply effects in order. `fold(fold(s, a), b) == fold(s, a + b)`."""
    for effect in effects:
        state = effect.apply(state)
    return state


def load_effects(data: list[Any]) -> list[EffectUnion]:
    """Effects from an act's row."""
    return msgspec.convert({"effects": data}, _Kept).effects
