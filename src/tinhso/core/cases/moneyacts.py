"""The acts about money: who may do them, when, and what numbers them."""

from __future__ import annotations

from tinhso.core.cases.actions import money as numbers
from tinhso.core.cases.acts import ActKind
from tinhso.core.cases.choices import Status as S
from tinhso.core.cases.rules import money, refunds

ANY = frozenset(S)
MONEY_ACTS = (
    ActKind(
        "collect",
        "Thu phí, lệ phí",
        "cases.receive|cases.cashier",
        money.collect,
        money.PaidData,
        statuses=frozenset({S.NEW, S.ACCEPTED, S.PROCESSING, S.FINANCIAL, S.DONE}),
        prepare=numbers.number_collected,
    ),
    ActKind("payment_started", "Chọn cách nộp tiền", "filing", money.start_payment, money.StartData),
    ActKind(
        "payment_confirmed",
        "Tiền đã về tài khoản",
        "system",
        money.confirm_payment,
        money.ConfirmData,
        statuses=ANY,
        prepare=numbers.number_arrived,
    ),
    ActKind(
        "void_payment",
        "Hủy biên lai",
        "cases.cashier",
        money.void_payment,
        money.VoidData,
        statuses=ANY,
        prepare=numbers.before_void,
        sense=refunds.something_counted,
    ),
    ActKind(
        "waive",
        "Miễn phí, lệ phí",
        "cases.approve",
        money.waive,
        money.WaiveData,
        statuses=frozenset({S.NEW, S.ACCEPTED, S.PROCESSING, S.SUPPLEMENT, S.FINANCIAL, S.DONE, S.RETURNED}),
        sense=refunds.something_owed,
    ),
    ActKind(
        "refund",
        "Đề nghị hoàn trả",
        "cases.cashier|cases.receive",
        refunds.ask_refund,
        refunds.RefundData,
        statuses=ANY,
        sense=refunds.something_over,
    ),
    ActKind(
        "confirm_refund",
        "Duyệt hoàn trả",
        "cases.approve",
        refunds.confirm_refund,
        refunds.DecideData,
        statuses=ANY,
        sense=refunds.something_asked,
    ),
    ActKind(
        "reject_refund",
        "Không duyệt hoàn trả",
        "cases.approve",
        refunds.reject_refund,
        refunds.DecideData,
        statuses=ANY,
        sense=refunds.something_asked,
    ),
)
