"""Asking another system, with purpose and legal ground; in process now, over HTTP later, the same call.

A question is written down and committed before it is asked, so a look is on record even when the asker
is killed or undoes the rest. Hence ask first and begin the transaction afterwards: `ask` refuses to run
inside one, where a slow provider would hold locks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import read_of_person, record
from tinhso.core.db.batch import Batch
from tinhso.core.exchange.errors import Unanswered
from tinhso.core.exchange.slots import PROVIDERS
from tinhso.kit.errors import Refusal

Reply = TypeVar("Reply")


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, what for, on which legal ground, about which person (None: about nobody), until when."""

    actor: Actor
    purpose: str
    ground: str
    person_id: UUID | None
    deadline: datetime


def ask(
    request: Any,
    reply: type[Reply],
    *,
    actor: Actor,
    purpose: str,
    ground: str,
    person_id: UUID | None = None,
    timeout: float = 5.0,
    otherwise: Callable[[Refusal], Reply] | None = None,
) -> Reply:
    """The provider's reply to a request (a dataclass of `tinhso.contracts`), of the type the asker expects.

    `purpose` and `ground` are required: without them nobody may look (Law 91/2025/QH15 on personal data);
    the person asked about sees both. Raises the provider's `Refusal`, or `Unanswered` when nobody answers
    within `timeout` seconds; `otherwise` is the asker's fallback and turns either into a reply.
    """
    if not purpose.strip() or not ground.strip():
        raise ValueError("a question names its purpose and its legal ground")
    question = Question(actor, purpose, ground, person_id, timezone.now() + timedelta(seconds=timeout))
    _note("exchange.ask", request, question)
    try:
        return _answer(request, reply, question)
    except Refusal as refusal:
        _note("exchange.refused", request, question, code=refusal.code)
        if otherwise is None:
            raise
        return otherwise(refusal)


def _answer(request: Any, reply: type[Reply], question: Question) -> Reply:
    name = type(request).__name__
    if name not in PROVIDERS:
        raise Unanswered("no_provider", "Chưa kết nối với hệ thống có thông tin này.")
    found = PROVIDERS.get(name).answer(request, question)
    if timezone.now() > question.deadline:
        raise Unanswered("too_late", "Hệ thống có thông tin này trả lời quá chậm. Hãy thử lại sau.")
    if not isinstance(found, reply):
        raise TypeError(f"{name} was answered with {type(found).__name__}, not {reply.__name__}")
    return found


def _note(act: str, request: Any, question: Question, **more: str) -> None:
    """What was asked goes to the log, what was answered does not."""
    name, batch = type(request).__name__, Batch()
    data = {
        "purpose": question.purpose,
        "ground": question.ground,
        "asked": msgspec.to_builtins(request),
        **more,
    }
    with transaction.atomic(durable=True):
        subject = str(question.person_id or "")
        record(
            batch,
            act=act,
            object_kind=f"exchange.{name}"[:60],
            object_id=subject,
            actor=question.actor,
            data=data,
        )
        batch.send()
        if question.person_id is not None and act == "exchange.ask":
            read_of_person(
                question.person_id, actor=question.actor, purpose=question.purpose, ground=question.ground,
                subject_kind="exchange", subject_id=name,
            )  # fmt: skip
