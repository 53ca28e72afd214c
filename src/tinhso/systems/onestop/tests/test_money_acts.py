"""Money in the database: numbers without gaps, one transaction once, statements, refunds, closed books, settlements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from tinhso.core.cases.actions import check_payment, confirm_payment, pay_back, perform, start_payment
from tinhso.core.cases.actions.money import assign_line, match_statement_line
from tinhso.core.cases.choices import Finance, Status
from tinhso.core.cases.models import FeeRate
from tinhso.core.cases.rates import save_rates
from tinhso.core.cases.rebuild import rebuilt
from tinhso.core.cases.state import dump
from tinhso.core.payments import queries as book
from tinhso.core.payments.actions import close_book, save_accounts, set_aside, take_statement
from tinhso.core.payments.models import Account, Payment, Receipt, Refund, StatementLine, Transfer
from tinhso.core.payments.slots import Arrived
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.systems.onestop.documents import make_receipts, revoke_receipts
from tinhso.systems.onestop.documents.money import fee_receipt
from tinhso.systems.onestop.documents.words import Subject
from tinhso.systems.onestop.tests.money_world import (
    ACCOUNT,
    FEE,
    SYSTEM,
    owing,
    rate,
    statement,
    with_accounts,
)
from tinhso.systems.onestop.tests.staff_world import ZONE, Staff, trust_service

OTHER_CENTRE = "H30.41.26.01"


def arrived(number: str = "T1", amount: int = FEE, **more: Any) -> Arrived:
    return Arrived(transaction=number, amount=amount, at=timezone.now(), **more)


def numbers(unit: str = "") -> list[int]:
    rows = Receipt.objects.filter(unit__code=unit) if unit else Receipt.objects.all()
    return list(rows.order_by("serial").values_list("serial", flat=True))


def same_as_acts(staff: Staff) -> None:
    """The case's rows are what its acts say."""
    state, broken = rebuilt(staff.case.id)
    assert broken is None
    assert dump(state) == dump(staff.state)


def test_a_receipt_is_numbered_without_gaps_whatever_was_refused(province: SmallProvince) -> None:
    one, two = owing(province), owing(province)
    one.do("collect", "cashier", how="cash")
    for data in ({"amount": "9000"}, {"how": "gold"}, {"fees": ["no"]}):
        with pytest.raises(Refusal):
            two.do("collect", "cashier", **data)
    two.do("collect", "one_stop_clerk", how="transfer")
    assert numbers() == [1, 2]
    receipts = list(Receipt.objects.order_by("serial"))
    year = timezone.localdate().year
    assert receipts[0].number == f"L{year % 100}-0000001"
    assert receipts[0].series == f"receipt:H30.41.21.01:le_phi:{year}"
    assert two.state.fees[0].receipt == receipts[1].number
    same_as_acts(two)


def test_numbers_sent_with_the_act_are_not_believed(province: SmallProvince) -> None:
    staff = owing(province)
    forged = [{"number": "L26-9999999", "kind": "le_phi", "amount": "1", "series": "x", "serial": 99}]
    staff.do("collect", "cashier", receipts=forged, payment="00000000-0000-7000-8000-000000000001")
    assert numbers() == [1]


def test_every_centre_has_its_own_series(province: SmallProvince) -> None:
    here, there = owing(province), owing(province, centre=OTHER_CENTRE)
    here.do("collect", "cashier")
    with pytest.raises(Refusal, match="không có quyền"):
        there.do("collect", "cashier")
    perform(there.case.id, "collect", {}, actor=province.officer("cashier", OTHER_CENTRE))
    assert numbers("H30.41.21.01") == numbers(OTHER_CENTRE) == [1]


def test_the_same_transaction_is_one_receipt(province: SmallProvince) -> None:
    """Scenario 11 with rows: twice gives one payment, one receipt, one act."""
    staff = owing(province)
    confirm_payment(staff.case.id, "transfer", arrived())
    again = confirm_payment(staff.case.id, "transfer", arrived())
    assert again.effects == ()
    assert (Payment.objects.count(), numbers()) == (1, [1])
    assert staff.state.finance == Finance.PAID
    same_as_acts(staff)


def test_a_transaction_of_another_case_is_refused_and_takes_no_number(province: SmallProvince) -> None:
    one, two = owing(province), owing(province)
    confirm_payment(one.case.id, "transfer", arrived())
    with pytest.raises(Refusal) as caught:
        confirm_payment(two.case.id, "transfer", arrived())
    assert caught.value.code == "transaction_used"
    assert numbers() == [1]
    assert two.state.finance == Finance.UNPAID


def test_late_money_on_a_stopped_case_has_a_receipt_and_goes_back(province: SmallProvince) -> None:
    """Scenarios 8 and 11: withdrawn, stopped, then the bank's news comes; two people give it back."""
    staff = owing(province).handed_over()
    staff.do("withdraw", reason="nhầm")
    staff.do("approve_withdrawal")
    confirm_payment(staff.case.id, "transfer", arrived())
    confirm_payment(staff.case.id, "transfer", arrived())
    assert (staff.state.status, staff.state.finance) == (Status.STOPPED, Finance.REFUND_DUE)
    assert staff.case.finance == "refund_due"
    assert numbers() == [1]
    staff.do("refund", "cashier", reason="Hồ sơ đã dừng", to="Nguyễn Thị Lan, 0123 VCB")
    refund = Refund.objects.get()
    assert (refund.state, refund.le_phi, refund.phi) == ("asked", FEE, 0)
    head = staff.actor("centre_head")
    _, told = pay_back(staff.case.id, str(refund.id), actor=head)
    assert "ủy nhiệm chi" in told
    refund.refresh_from_db()
    assert (refund.state, refund.decided_by) == ("confirmed", head.name)
    assert staff.state.finance == Finance.REFUNDED
    same_as_acts(staff)


def test_a_void_receipt_keeps_its_number(province: SmallProvince) -> None:
    staff = owing(province)
    staff.do("collect", "cashier")
    staff.do("void_payment", "cashier", payment=staff.state.payments[0].id, reason="thu nhầm người")
    staff.do("collect", "cashier")
    assert [(r.serial, r.void) for r in Receipt.objects.order_by("serial")] == [(1, True), (2, False)]
    assert Payment.objects.exclude(void="").get().void == "thu nhầm người"
    same_as_acts(staff)


# Bank transfers -------------------------------------------------------------------------------------------------


def test_the_citizen_is_told_where_to_pay_once(province: SmallProvince) -> None:
    with_accounts()
    staff = owing(province)
    citizen = province.actor(province.citizen)
    part = start_payment(staff.case.id, "transfer", actor=citizen).state.requests[0].parts[0]
    assert (part.account, part.amount, part.kind) == (ACCOUNT, "8000", "le_phi")
    assert part.content.endswith("L")
    assert start_payment(staff.case.id, "transfer", actor=citizen).effects == ()
    assert Transfer.objects.count() == 1
    with pytest.raises(Forbidden):
        start_payment(staff.case.id, "transfer", actor=province.actor(province.other))


def test_without_an_account_one_pays_at_the_counter(province: SmallProvince) -> None:
    staff = owing(province)
    with pytest.raises(Refusal) as caught:
        start_payment(staff.case.id, "transfer", actor=province.actor(province.citizen))
    assert caught.value.code == "no_account"


def started(province: SmallProvince) -> tuple[Staff, str]:
    staff = owing(province)
    done = start_payment(staff.case.id, "transfer", actor=province.actor(province.citizen))
    return staff, done.state.requests[0].parts[0].content


def upload(province: SmallProvince, lines: list[tuple[str, str, int]]) -> list[StatementLine]:
    cashier = province.officer("cashier")
    _, found = take_statement(
        statement(lines), name="sao-ke.csv", account=ACCOUNT, unit_id=province.centre.id, actor=cashier
    )
    return found


def test_a_statement_pays_the_cases_it_names_and_again_changes_nothing(province: SmallProvince) -> None:
    with_accounts()
    (one, first), (two, second) = started(province), started(province)
    lines = [
        ("FT1", f"MBVCB.123. {first} .CT tu 0123", FEE),
        ("FT2", f"ck {second.lower()[:8]} {second.lower()[8:]}", 5000),
        ("FT3", "tien an trua", 20_000),
    ]
    open_lines = upload(province, lines)
    told = [match_statement_line(line) for line in open_lines]
    assert [m.case_code for m in told] == [one.case.code, two.case.code, ""]
    assert (one.state.finance, two.state.finance) == (Finance.PAID, Finance.PARTLY)
    assert [line.transaction for line in upload(province, lines)] == ["FT3"]
    for line in open_lines:
        match_statement_line(line)
    assert (Payment.objects.count(), numbers()) == (2, [1, 2])
    assert [line.transaction for line in book.unmatched(province.officer("cashier")).rows] == ["FT3"]


def test_a_cashier_says_whose_money_it_is(province: SmallProvince) -> None:
    with_accounts()
    staff = owing(province)
    line = upload(province, [("FT9", "nop le phi khai sinh cho be", 10_000)])[0]
    cashier = province.officer("cashier")
    assert assign_line(line, staff.case.code, actor=cashier).case_code == staff.case.code
    assert staff.state.finance == Finance.REFUND_DUE
    assert staff.state.money.over == 2000
    assert assign_line(line, staff.case.code, actor=cashier).message == "Đã ghi nhận trước đó"
    assert Payment.objects.get().surplus == 2000
    other = upload(province, [("FT10", "x", 5)])[0]
    with pytest.raises(Refusal):
        assign_line(other, "khong-co", actor=cashier)
    set_aside(other, reason="Chuyển nhầm", actor=cashier)
    assert book.unmatched(cashier).rows == []
    with pytest.raises(Refusal):
        set_aside(other, reason="nữa", actor=cashier)


def test_money_that_came_before_the_question_is_found_when_asked(province: SmallProvince) -> None:
    with_accounts()
    staff, content = started(province)
    upload(province, [("FT1", content, FEE)])
    citizen = province.actor(province.citizen)
    assert check_payment(staff.case.id, "transfer", actor=citizen) == 1
    assert check_payment(staff.case.id, "transfer", actor=citizen) == 0
    assert staff.state.finance == Finance.PAID
    assert StatementLine.objects.get().state == "matched"


def test_statements_are_for_the_cashiers_of_the_place(province: SmallProvince) -> None:
    for actor in (province.officer("chair"), province.officer("cashier", OTHER_CENTRE)):
        with pytest.raises(Forbidden):
            take_statement(
                statement([("1", "x", 1)]), name="a", account=ACCOUNT, unit_id=province.centre.id, actor=actor
            )


# Books ----------------------------------------------------------------------------------------------------------


def test_the_day_book_adds_up_and_closes_once(province: SmallProvince) -> None:
    one, two, three = owing(province), owing(province), owing(province)
    one.do("collect", "cashier", how="cash")
    two.do("collect", "cashier", how="transfer")
    three.do("collect", "cashier", how="cash")
    three.do("void_payment", "cashier", payment=three.state.payments[0].id, reason="nhầm")
    cashier, today = province.officer("cashier"), timezone.localdate()
    shown = book.day_book(cashier, province.centre.id, today, today)
    assert (shown.taken, shown.cash, shown.void) == (2 * FEE, FEE, 1)
    assert len(shown.payments.rows) == 3
    with pytest.raises(Refusal) as caught:
        close_book(province.centre.id, counted=FEE - 1000, note="", actor=cashier)
    assert caught.value.code == "difference"
    closing = close_book(province.centre.id, counted=FEE, note="", actor=cashier)
    assert (closing.number, closing.expected) == (1, FEE)
    with pytest.raises(Refusal, match="chưa có khoản thu"):
        close_book(province.centre.id, counted=0, note="", actor=cashier)
    with pytest.raises(Refusal) as caught:
        one.do("void_payment", "cashier", payment=one.state.payments[0].id, reason="muộn")
    assert caught.value.code == "book_closed"
    with pytest.raises(Forbidden):
        book.day_book(province.officer("cashier", OTHER_CENTRE), province.centre.id, today, today)


def test_the_settlement_tells_each_agency_its_money(province: SmallProvince) -> None:
    staff = owing(province).handed_over()
    staff.do("collect", "cashier")
    other = owing(province)
    other.do("collect", "cashier")
    staff.do("withdraw", reason="x")
    staff.do("approve_withdrawal")
    staff.do("refund", "cashier", reason="Dừng", to="Lan")
    staff.do("confirm_refund", "centre_head")
    today = timezone.localdate()
    quarter = (today.month + 2) // 3
    cashier = province.officer("cashier")
    rows = book.settlement(cashier, province.centre.id, today.year, quarter)
    assert [(r.agency_code, r.count, r.le_phi, r.back_le_phi, r.total) for r in rows] == [
        ("H30.41.21", 2, 2 * FEE, FEE, FEE)
    ]
    assert book.settlement(cashier, province.centre.id, today.year - 1, quarter) == []


# Rates and accounts ---------------------------------------------------------------------------------------------


def test_the_day_of_filing_decides_with_the_rates_of_the_table(province: SmallProvince) -> None:
    """Scenario 10 through the database: sent the evening before, accepted after."""
    rate(channel="online", amount=0, valid=["2026-08-08", None])
    rate(channel="counter", amount=5000, valid=["2026-11-24", None])
    evening = datetime(2026, 11, 23, 22, 0, tzinfo=ZONE)
    staff = owing(province, now=evening)
    staff.do("accept", now=datetime(2026, 11, 24, 9, 0, tzinfo=ZONE))
    assert staff.state.fees[0].amount == "8000"
    later = owing(province, now=datetime(2026, 11, 24, 0, 0, tzinfo=ZONE))
    fee = later.state.fees[0]
    assert (fee.amount, fee.source) == ("5000", "NQ 23/2026/NQ-HĐND")
    assert fee.rule == str(FeeRate.objects.get().id)


def test_loading_rates_and_accounts_again_changes_nothing(province: SmallProvince) -> None:
    rows = [
        {
            "province": "93",
            "procedure": "1",
            "fee": "a",
            "percent": 50,
            "valid": ["2026-01-01", None],
            "resolution": "NQ",
        }
    ]
    assert [save_rates(rows, actor=SYSTEM) for _ in range(2)] == [1, 0]
    assert save_rates([{**rows[0], "percent": 40}], actor=SYSTEM) == 1
    assert save_rates([], actor=SYSTEM) == 1
    with_accounts()
    ids = set(Account.objects.values_list("id", flat=True))
    with_accounts()
    assert set(Account.objects.values_list("id", flat=True)) == ids
    assert save_accounts([], actor=SYSTEM) == 2
    assert book.payee(province.commune.id, "phi", date(2026, 1, 1)) is None


# Papers ---------------------------------------------------------------------------------------------------------


def test_every_receipt_has_its_paper_and_a_void_one_is_taken_back(province: SmallProvince) -> None:
    staff = owing(province)
    staff.do("collect", "cashier", amount="3000")
    staff.do("collect", "cashier", amount="5000")
    with trust_service():
        made = make_receipts(staff.case.id, actor=SYSTEM)
        assert make_receipts(staff.case.id, actor=SYSTEM) == made
    assert [d.kind for d in made] == ["onestop.fee_receipt.1", "onestop.fee_receipt.2"]
    staff.do("void_payment", "cashier", payment=staff.state.payments[0].id, reason="ghi nhầm")
    assert revoke_receipts(staff.case.id, actor=SYSTEM) == 1
    assert revoke_receipts(staff.case.id, actor=SYSTEM) == 0
    made[0].refresh_from_db()
    assert made[0].state == "revoked"


def test_a_receipt_says_the_amount_in_words_and_why(province: SmallProvince) -> None:
    staff = owing(province)
    staff.do("collect", "cashier")
    subject = Subject(staff.case, staff.state, staff.open().definition, (), timezone.now())
    data = fee_receipt(subject, 1)
    assert data["total_words"] == "Tám nghìn đồng"
    assert data["receipt_no"] == Receipt.objects.get().number
    assert any("áp dụng từ 01/07/2026" in text for text in data["reasons"])
