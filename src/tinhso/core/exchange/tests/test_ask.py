"""Questions between systems: on record before they are asked, answered in the asker's type, or refused in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.audit.models import Entry, PersonRead
from tinhso.core.audit.queries import verify
from tinhso.core.exchange.ask import ask
from tinhso.core.exchange.errors import Unanswered
from tinhso.core.exchange.slots import PROVIDERS, Provider
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.slots import SlotError
from tinhso.kit.uuid7 import uuid7

pytestmark = pytest.mark.django_db
WHY = {"purpose": "Đăng ký khai sinh", "ground": "Luật Hộ tịch 60/2014/QH13 Điều 16"}
OFFICER = Actor(person_id=uuid7(), name="Lê Thu", post_title="Công chức tư pháp - hộ tịch")


@dataclass(frozen=True, slots=True)
class MarriageOf:
    """Asks whether somebody is married."""

    number: str


@dataclass(frozen=True, slots=True)
class Marriage:
    married: bool


@pytest.fixture(autouse=True)
def _no_providers(monkeypatch):
    monkeypatch.setattr(PROVIDERS, "_items", {})
    monkeypatch.setattr(PROVIDERS, "_frozen", False)


def _provide(answer) -> None:
    PROVIDERS.add(Provider(MarriageOf, Marriage, answer))


def _acts() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("act", flat=True))


def test_the_answer_comes_in_the_askers_type_and_the_provider_knows_who_asks_and_why():
    seen = []

    def answer(request: MarriageOf, question) -> Marriage:
        seen.append((request, question))
        return Marriage(request.number.endswith("1"))

    _provide(answer)
    assert ask(MarriageOf("093191"), Marriage, actor=OFFICER, timeout=3, **WHY) == Marriage(True)
    ((request, question),) = seen
    assert (request.number, question.actor, question.purpose, question.ground) == (
        "093191",
        OFFICER,
        *WHY.values(),
    )
    assert timezone.now() < question.deadline < timezone.now() + timedelta(seconds=4)


def test_the_question_is_on_record_with_purpose_and_ground_and_the_person_can_see_it():
    person = uuid7()
    _provide(lambda request, question: Marriage(True))
    ask(MarriageOf("093191"), Marriage, actor=OFFICER, person_id=person, **WHY)
    entry = Entry.objects.get()
    assert (entry.act, entry.object_kind, entry.object_id) == (
        "exchange.ask",
        "exchange.MarriageOf",
        str(person),
    )
    assert entry.data == WHY | {"asked": {"number": "093191"}}
    assert entry.actor["name"] == "Lê Thu"
    read = PersonRead.objects.get(person_id=person)
    assert (read.purpose, read.ground, read.subject_id) == (*WHY.values(), "MarriageOf")
    assert verify().breaks == ()


@pytest.mark.parametrize("missing", ["purpose", "ground"])
def test_without_purpose_or_ground_nothing_is_asked(missing):
    called = []
    _provide(lambda request, question: called.append(request))
    with pytest.raises(ValueError, match="purpose and its legal ground"):
        ask(MarriageOf("1"), Marriage, actor=OFFICER, **WHY | {missing: " "})
    assert called == []
    assert _acts() == []


def test_a_refusal_is_recorded_and_reaches_the_asker_as_it_is():
    def answer(request: MarriageOf, question) -> Marriage:
        raise NotFound("unknown_person", "Không có người này.")

    _provide(answer)
    with pytest.raises(NotFound, match="Không có người này"):
        ask(MarriageOf("1"), Marriage, actor=OFFICER, **WHY)
    assert _acts() == ["exchange.ask", "exchange.refused"]
    assert Entry.objects.order_by("-id").first().data["code"] == "unknown_person"


def test_nobody_there_is_a_typed_refusal_and_the_asker_may_name_a_fallback():
    with pytest.raises(Unanswered) as found:
        ask(MarriageOf("1"), Marriage, actor=OFFICER, **WHY)
    assert (found.value.code, found.value.status) == ("no_provider", 503)
    told: list[Refusal] = []

    def fallback(refusal: Refusal) -> Marriage:
        told.append(refusal)
        return Marriage(False)

    assert ask(MarriageOf("1"), Marriage, actor=OFFICER, otherwise=fallback, **WHY) == Marriage(False)
    assert [r.code for r in told] == ["no_provider"]


def test_an_answer_after_the_deadline_is_no_answer():
    _provide(lambda request, question: Marriage(True))
    with pytest.raises(Unanswered, match="chậm"):
        ask(MarriageOf("1"), Marriage, actor=OFFICER, timeout=-1, **WHY)


def test_an_answer_of_another_type_is_a_fault_and_not_handed_on():
    _provide(lambda request, question: {"married": True})
    with pytest.raises(TypeError, match="not Marriage"):
        ask(MarriageOf("1"), Marriage, actor=OFFICER, otherwise=lambda refusal: Marriage(False), **WHY)


def test_a_fault_of_the_provider_leaves_the_question_on_record():
    def answer(request: MarriageOf, question) -> Marriage:
        raise ZeroDivisionError

    _provide(answer)
    with pytest.raises(ZeroDivisionError):
        ask(MarriageOf("1"), Marriage, actor=OFFICER, **WHY)
    assert _acts() == ["exchange.ask"]


def test_inside_a_transaction_it_refuses_to_ask():
    called = []
    _provide(lambda request, question: called.append(request))
    with pytest.raises(RuntimeError), transaction.atomic():
        ask(MarriageOf("1"), Marriage, actor=OFFICER, **WHY)
    assert called == []


def test_two_providers_of_one_question_stop_the_start():
    _provide(lambda request, question: Marriage(True))
    with pytest.raises(SlotError):
        _provide(lambda request, question: Marriage(False))
