"""A case that owes money, the accounts and rates of the small province, and a bank's statement about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.rates import save_rates
from tinhso.core.payments.actions import save_accounts
from tinhso.core.testing.province import SmallProvince
from tinhso.systems.onestop.tests.staff_world import BIRTH, Staff

SYSTEM = system_actor("test")
ACCOUNT = "111000000931"
LATE_BIRTH = {"child_birth": "2026-01-05"}
FEE = 8000


def owing(
    province: SmallProvince, *, now: datetime | None = None, centre: str = "", channel: str = "counter"
) -> Staff:
    """A birth registered too late, filed at the counter: 8.000 đồng lệ phí."""
    return Staff.file(province, channel=channel, now=now, centre=centre, **LATE_BIRTH)


def with_accounts() -> None:
    """Accounts of the province, one for each kind of money."""
    save_accounts(
        [
            {
                "unit": "H30",
                "kind": kind,
                "bank": "970415",
                "bank_name": "VietinBank",
                "number": number,
                "holder": "KHO BAC NHA NUOC",
                "valid": ["2022-01-01", None],
            }
            for kind, number in (("phi", "111000000930"), ("le_phi", ACCOUNT))
        ],
        actor=SYSTEM,
    )


def rate(**values: Any) -> None:
    """One resolution about the charge of a birth registration."""
    row = {
        "province": "93",
        "procedure": BIRTH,
        "fee": "registration",
        "resolution": "NQ 23/2026/NQ-HĐND",
        **values,
    }
    save_rates([row], actor=SYSTEM)


HEAD = "Ngày giao dịch;Mã giao dịch;Nội dung;Phát sinh nợ;Phát sinh có;Người chuyển"


def statement(lines: Sequence[tuple[str, str, int]], *, head: str = HEAD) -> bytes:
    """A bank's CSV: (number, content, amount)."""
    rows = [
        f"23/11/2026 10:00:00;{number};{content};;{amount};NGUYEN THI LAN"
        for number, content, amount in lines
    ]
    return "\n".join(["SAO KÊ TÀI KHOẢN;;;;;", head, *rows]).encode("utf-8-sig")
