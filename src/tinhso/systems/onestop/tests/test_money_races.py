"""Two cashiers, two callbacks, two closings at once: one receipt, one payment, one book."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tinhso.core.cases.actions import confirm_payment, perform
from tinhso.core.payments.actions import close_book
from tinhso.core.payments.models import Closing, Payment, Receipt
from tinhso.core.payments.slots import Arrived
from tinhso.core.testing.province import small_province
from tinhso.systems.onestop.tests.money_world import FEE, owing
from tinhso.systems.onestop.tests.staff_world import BIRTH
from tinhso.systems.onestop.tests.test_staff_races import outcomes_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_cashiers_at_once_make_one_receipt() -> None:
    province = small_province((BIRTH,))
    staff = owing(province)
    people = [staff.actor("cashier"), staff.actor("one_stop_clerk")]
    jobs = [lambda who=who: perform(staff.case.id, "collect", {}, actor=who) for who in people]
    assert outcomes_of(*jobs) == ["done", "nothing_to_pay"]
    assert list(Receipt.objects.values_list("serial", flat=True)) == [1]
    second = owing(province)
    second.do("collect", "cashier")
    assert sorted(Receipt.objects.values_list("serial", flat=True)) == [1, 2], "the refused one left no gap"


def test_a_callback_four_times_at_once_is_one_payment() -> None:
    staff = owing(small_province((BIRTH,)))
    money = Arrived(transaction="T1", amount=FEE, at=timezone.now())
    jobs = [lambda: confirm_payment(staff.case.id, "transfer", money)] * 4
    assert outcomes_of(*jobs) == ["done"] * 4
    assert (Payment.objects.count(), Receipt.objects.count()) == (1, 1)


def test_one_transaction_for_two_cases_at_once_pays_one() -> None:
    province = small_province((BIRTH,))
    cases = [owing(province), owing(province)]
    money = Arrived(transaction="T1", amount=FEE, at=timezone.now())
    jobs = [lambda s=s: confirm_payment(s.case.id, "transfer", money) for s in cases]
    assert outcomes_of(*jobs) == ["done", "transaction_used"]
    assert list(Receipt.objects.values_list("serial", flat=True)) == [1]


def test_a_book_is_closed_once() -> None:
    province = small_province((BIRTH,))
    owing(province).do("collect", "cashier")
    cashier = province.officer("cashier")
    jobs = [lambda: close_book(province.centre.id, counted=FEE, note="", actor=cashier)] * 2
    assert outcomes_of(*jobs) == ["done", "nothing_to_close"]
    assert list(Closing.objects.values_list("number", flat=True)) == [1]
