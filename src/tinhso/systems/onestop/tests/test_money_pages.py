"""The cashier's and the citizen's pages of money, over HTTP, by the people who may and those who may not."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tinhso.core.cases.choices import Finance
from tinhso.core.payments.models import Closing, Payment, Receipt, StatementLine
from tinhso.core.people.models import Account
from tinhso.core.testing.province import SmallProvince
from tinhso.systems.onestop.tests.factories import within_budget
from tinhso.systems.onestop.tests.money_world import ACCOUNT, FEE, owing, rate, statement, with_accounts
from tinhso.systems.onestop.tests.staff_world import BIRTH, trust_service

SignIn = Callable[[Account], Client]


@pytest.fixture
def cashier(province: SmallProvince, signed_in: SignIn) -> Client:
    return signed_in(province.account("cashier"))


def text(answer: Any) -> str:
    return answer.content.decode()


def test_the_queue_shows_who_has_to_pay_and_the_page_takes_it_with_change(
    province: SmallProvince, cashier: Client
) -> None:
    staff = owing(province)
    with within_budget("staff.cashier"):
        page = cashier.get("/thu-ngan/")
    assert staff.case.code in text(page)
    address = f"/thu-ngan/thu/{staff.case.code}/"
    assert "8.000" in text(cashier.get(address))
    sent = {"seq": staff.state.seq, "fees": "registration", "how": "cash", "given": "10.000"}
    short = cashier.post(address, {**sent, "given": "5.000"})
    assert short.status_code == 409
    assert 'value="5.000"' in text(short), "what was typed is still there"
    wrong = cashier.post(address, {**sent, "given": "mười"})
    assert wrong.status_code == 422
    assert "Không đọc được số" in text(wrong)
    done = cashier.post(address, sent, follow=True)
    assert "2.000" in text(done)
    number = Receipt.objects.get().number
    assert number in text(done)
    assert cashier.post(address, sent).status_code == 409, "the same form again finds nothing to pay"
    assert Payment.objects.count() == 1
    assert staff.case.code not in text(cashier.get("/thu-ngan/"))
    with trust_service():
        printed = cashier.get(f"/mot-cua/bien-lai/{staff.case.code}/1/")
    assert printed.content.startswith(b"%PDF")
    assert cashier.get(f"/mot-cua/bien-lai/{staff.case.code}/2/").status_code == 404


def test_the_case_page_tells_why_and_offers_what_may_be_done(
    province: SmallProvince, signed_in: SignIn
) -> None:
    rate(channel="counter", amount=5000, valid=["2022-01-01", None])
    staff = owing(province)
    head = signed_in(province.account("centre_head"))
    page = text(head.get(f"/mot-cua/ho-so/{staff.case.code}/"))
    assert "NQ 23/2026/NQ-HĐND" in page
    assert "viec-waive" in page
    assert "viec-refund" not in page
    sent = {
        "seq": staff.state.seq,
        "fees": "registration",
        "reason": "Hộ nghèo",
        "ground": "NQ 1",
        "evidence": "Sổ 1",
    }
    bare = head.post(f"/mot-cua/ho-so/{staff.case.code}/waive/", {**sent, "ground": ""})
    assert bare.status_code == 409
    assert 'value="Hộ nghèo"' in text(bare)
    done = head.post(f"/mot-cua/ho-so/{staff.case.code}/waive/", sent, follow=True)
    assert "Sổ 1" in text(done)
    assert staff.state.finance == Finance.NONE


def test_void_and_refund_by_two_people_on_the_case_page(province: SmallProvince, signed_in: SignIn) -> None:
    staff = owing(province).handed_over()
    staff.do("collect", "cashier")
    clerk, head = signed_in(province.account("one_stop_clerk")), signed_in(province.account("centre_head"))
    address = f"/mot-cua/ho-so/{staff.case.code}"
    key = staff.state.payments[0].id
    clerk.post(f"{address}/void_payment/", {"seq": staff.state.seq, "payment": key, "reason": "ghi nhầm"})
    assert staff.state.finance == Finance.UNPAID
    assert "đã hủy" in text(clerk.get(f"{address}/"))
    staff.do("collect", "cashier")
    staff.do("withdraw", reason="x")
    staff.do("approve_withdrawal")
    sent = {"seq": staff.state.seq, "amount": "", "how": "transfer", "to": "Lan", "reason": "Rút hồ sơ"}
    clerk.post(f"{address}/refund/", sent)
    assert staff.case.code in text(clerk.get("/thu-ngan/hoan-tra/"))
    assert "viec-confirm_refund" in text(head.get(f"{address}/"))
    refund = staff.state.refunds[0].id
    head.post(f"{address}/confirm_refund/", {"seq": staff.state.seq, "refund": refund, "reference": "UNC 7"})
    assert staff.state.finance == Finance.REFUNDED
    assert "UNC 7" in text(head.get(f"{address}/"))


def test_the_day_book_adds_up_and_is_closed_on_its_page(province: SmallProvince, cashier: Client) -> None:
    staff = owing(province)
    staff.do("collect", "cashier")
    with within_budget("staff.cash_book"):
        page = cashier.get("/thu-ngan/so-thu/")
    assert Receipt.objects.get().number in text(page)
    assert cashier.get("/thu-ngan/so-thu/?tu=32/13/2026").status_code == 422
    assert cashier.get("/thu-ngan/so-thu/?noi=H30.41.26.01").status_code == 403
    assert cashier.post("/thu-ngan/so-thu/chot/", {"counted": ""}).status_code == 422
    short = cashier.post("/thu-ngan/so-thu/chot/", {"counted": "7.000"})
    assert (short.status_code, Closing.objects.count()) == (422, 0)
    assert 'value="7.000"' in text(short)
    cashier.post("/thu-ngan/so-thu/chot/", {"counted": "7.000", "note": "thiếu một nghìn"})
    assert Closing.objects.get().note == "thiếu một nghìn"


def test_the_settlement_is_a_page_and_a_table(province: SmallProvince, cashier: Client) -> None:
    staff = owing(province)
    staff.do("collect", "cashier")
    assert "8.000" in text(cashier.get("/thu-ngan/quyet-toan/"))
    sheet = cashier.get("/thu-ngan/quyet-toan/?csv=1").content.decode("utf-8-sig").splitlines()
    assert sheet[1].split(";")[0] == "H30.41.21"
    assert sheet[1].split(";")[-1] == "8000"
    assert "Quý này chưa thu" in text(cashier.get("/thu-ngan/quyet-toan/?quy=9&nam=2021"))


def test_a_statement_is_given_matched_and_the_rest_told(
    province: SmallProvince, cashier: Client, citizen: Client
) -> None:
    with_accounts()
    staff = owing(province)
    address = f"/ho-so/{staff.case.code}/nop-tien/"
    assert "VietQR" in text(citizen.get(address))
    shown = text(citizen.post(address, {"cach": "transfer"}, follow=True))
    content = staff.state.requests[0].parts[0].content
    assert content in shown
    assert ACCOUNT in shown
    assert "<svg" in shown
    file = io.BytesIO(statement([("FT1", content, FEE), ("FT2", "không rõ", 9000)]))
    file.name = "sao-ke.csv"
    sent = {"noi": "H30.41.21.01", "account": ACCOUNT, "file": file}
    assert cashier.post("/thu-ngan/sao-ke/", {**sent, "file": ""}).status_code == 422
    assert cashier.post("/thu-ngan/sao-ke/", sent).status_code == 302
    citizen.post(f"{address}kiem-tra/")
    assert staff.state.finance == Finance.PAID
    assert Receipt.objects.get().number in text(citizen.get(address))
    page = text(cashier.get("/thu-ngan/sao-ke/"))
    assert "không rõ" in page
    assert content not in page
    line = StatementLine.objects.get(state="unmatched")
    assert cashier.post(f"/thu-ngan/sao-ke/{line.id}/", {"code": "x"}).status_code == 404
    assert cashier.post(f"/thu-ngan/sao-ke/{line.id}/", {"bo": "1", "reason": ""}).status_code == 422
    assert cashier.post(f"/thu-ngan/sao-ke/{line.id}/", {"bo": "1", "reason": "nhầm"}).status_code == 302


def test_an_unreadable_statement_is_refused_whole(province: SmallProvince, cashier: Client) -> None:
    for data, told in (
        (b"\x00\xff\xfe\x01", "UTF-8"),
        (b"a;b;c\n1;2;3", "Không tìm thấy các cột"),
        (statement([("1", "x", 5)]).replace(b";5;", "; năm ;".encode()), "Dòng 3"),
    ):
        file = io.BytesIO(data)
        file.name = "x.csv"
        answer = cashier.post("/thu-ngan/sao-ke/", {"noi": "H30.41.21.01", "account": ACCOUNT, "file": file})
        assert answer.status_code == 422
        assert told in text(answer)
    assert StatementLine.objects.count() == 0


def test_citizens_see_their_own_money_only(province: SmallProvince, citizen: Client, other: Client) -> None:
    with_accounts()
    staff = owing(province)
    staff.do("collect", "cashier")
    with trust_service():
        assert citizen.get(f"/ho-so/{staff.case.code}/bien-lai/1.pdf").content.startswith(b"%PDF")
    assert citizen.get(f"/ho-so/{staff.case.code}/").status_code == 200
    for address in ("nop-tien/", "bien-lai/1.pdf"):
        assert other.get(f"/ho-so/{staff.case.code}/{address}").status_code == 404
    assert other.post(f"/ho-so/{staff.case.code}/nop-tien/", {"cach": "transfer"}).status_code == 404
    assert citizen.post(f"/ho-so/{staff.case.code}/nop-tien/", {"cach": "no"}).status_code == 404


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/thu-ngan/", {"cashier", "one_stop_clerk", "centre_head"}),
        ("/thu-ngan/so-thu/", {"cashier", "one_stop_clerk", "centre_head", "chair"}),
        ("/thu-ngan/hoan-tra/", {"cashier", "one_stop_clerk", "centre_head", "chair"}),
        ("/thu-ngan/sao-ke/", {"cashier", "one_stop_clerk", "centre_head"}),
        ("/thu-ngan/quyet-toan/", {"cashier", "one_stop_clerk", "centre_head", "chair"}),
    ],
)
def test_money_pages_open_for_their_roles_only(
    province: SmallProvince, signed_in: SignIn, address: str, allowed: set[str]
) -> None:
    for role in ("cashier", "one_stop_clerk", "centre_head", "civil_status_officer", "chair"):
        status = signed_in(province.account(role)).get(address).status_code
        assert (status == 200) == (role in allowed), (address, role, status)


def test_the_procedure_page_and_the_api_tell_the_resolution(province: SmallProvince, citizen: Client) -> None:
    rate(channel="counter", amount=5000, valid=["2022-01-01", None])
    page = text(citizen.get(f"/thu-tuc/{BIRTH}/"))
    assert "NQ 23/2026/NQ-HĐND" in page
    assert "5.000" in page
    staff = owing(province)
    data = citizen.get(f"/api/v1/onestop/cases/{staff.case.code}/fees").json()
    assert data["to_pay"] == 5000
    assert any("NQ 23/2026/NQ-HĐND" in line for line in data["fees"][0]["explanation"])
