"""Writing what is not a case's: accounts, statements, closed books."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db import series
from tinhso.core.db.batch import Batch
from tinhso.core.orgs import queries as orgs
from tinhso.core.payments import policy, queries
from tinhso.core.payments.models import Account, Closing, Payment, Refund, Statement, StatementLine
from tinhso.core.payments.rules import Line, read_statement
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.kit.uuid7 import uuid7


def save_accounts(rows: Sequence[Mapping[str, Any]], *, actor: Actor) -> int:
    """Put the accounts of the catalogue in place of those there are; returns how many are new or changed.

    A row is `{unit, kind, bank, bank_name, number, holder, valid: [from, to], source}`. An account that is
    in force already under the same number stays untouched.
    """
    with transaction.atomic():
        wanted = {(r["unit"], r["kind"], str(r["valid"][0])): r for r in rows}
        known = {
            (a.unit.code, a.kind, a.valid.lower.isoformat()): a
            for a in Account.objects.select_related("unit")
        }
        changed = [key for key, row in wanted.items() if key not in known or _differs(known[key], row)]
        Account.objects.filter(
            id__in=[a.id for key, a in known.items() if key not in wanted or key in changed]
        ).delete()
        Account.objects.bulk_create(_account(wanted[key]) for key in changed)
        gone = [key for key in known if key not in wanted]
        if changed or gone:
            _record(
                "payments.accounts",
                "accounts",
                "catalog",
                actor,
                {"changed": len(changed), "gone": len(gone)},
            )
    return len(changed) + len(gone)


def _account(row: Mapping[str, Any]) -> Account:
    return Account(
        unit_id=orgs.unit_by_code(row["unit"]).id,
        kind=row["kind"],
        bank=row["bank"],
        bank_name=row["bank_name"],
        number=row["number"],
        holder=row["holder"],
        source=row.get("source", ""),
        valid=DateRange(_day(row["valid"][0]), _day(row["valid"][1])),
    )


def _differs(account: Account, row: Mapping[str, Any]) -> bool:
    names = ("bank", "bank_name", "number", "holder")
    return any(getattr(account, n) != row[n] for n in names) or account.valid.upper != _day(row["valid"][1])


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def take_statement(
    data: bytes, *, name: str, account: str, unit_id: UUID, actor: Actor
) -> tuple[Statement, list[StatementLine]]:
    """Keep a bank statement's lines, each transaction once; returns the statement and its lines still unmatched.

    The same file again, or another one with the same transactions, adds nothing and gives what is open.
    """
    if actor.person_id is None or unit_id not in policy.units_of(actor):
        raise Forbidden("no_book", "Bạn không có quyền nạp sao kê cho nơi này.")
    if not (account.isalnum() and account.isascii() and len(account) <= 19):  # noqa: PLR2004  as accounts are
        raise Refusal("bad_account", "Hãy ghi đúng số tài khoản nhận tiền của sao kê.", 422, field="account")
    lines = read_statement(data)
    if not lines:
        raise Refusal("empty", "Sao kê không có dòng tiền vào nào.", 422, field="file")
    with transaction.atomic():
        statement, _ = Statement.objects.get_or_create(
            sha256=hashlib.sha256(data + account.encode()).hexdigest(),
            defaults={
                "name": name[:200],
                "unit_id": unit_id,
                "account": account,
                "at": timezone.now(),
                "by_id": actor.person_id,
                "by_name": actor.name,
            },
        )
        StatementLine.objects.bulk_create(
            (_kept(line, statement) for line in lines), ignore_conflicts=True, batch_size=1000
        )
        _record(
            "payments.statement",
            "statement",
            str(statement.id),
            actor,
            {"lines": len(lines), "name": name[:200]},
        )
    numbers = [line.transaction for line in lines]
    found = StatementLine.objects.filter(account=account, transaction__in=numbers, state="unmatched")
    return statement, list(found.order_by("at", "id"))


def _kept(line: Line, statement: Statement) -> StatementLine:
    return StatementLine(
        statement=statement,
        unit_id=statement.unit_id,
        account=statement.account,
        transaction=line.transaction,
        at=line.at,
        amount=line.amount,
        content=line.content,
        payer=line.payer,
    )


def match_line(line_id: UUID, subject_key: str, note: str = "") -> None:
    """Say which subject a line was for; called in the transaction that records the money."""
    StatementLine.objects.filter(id=line_id).update(state="matched", subject_key=subject_key, note=note[:300])


def match_transaction(transaction_id: str, subject_key: str) -> None:
    """The same for a line known by its account and the bank's number (`account:number`)."""
    account, _, number = transaction_id.partition(":")
    StatementLine.objects.filter(account=account, transaction=number, state="unmatched").update(
        state="matched", subject_key=subject_key
    )


def set_aside(line: StatementLine, *, reason: str, actor: Actor) -> None:
    """Say that a line is no payment of a fee (a mistake, other income), so that it is not asked about again."""
    if not reason.strip():
        raise Refusal("required", "Hãy ghi vì sao khoản này không phải phí, lệ phí.", 422, field="reason")
    with transaction.atomic():
        changed = StatementLine.objects.filter(id=line.id, state="unmatched").update(
            state="aside", note=reason.strip()[:300]
        )
        if not changed:
            raise Refusal("matched", "Dòng sao kê này đã được xử lý.")
        _record("payments.set_aside", "statement_line", str(line.id), actor, {"reason": reason.strip()})


def close_book(unit_id: UUID, *, counted: int, note: str, actor: Actor) -> Closing:
    """Close a centre's book: everything since the last closing is counted and can no longer be voided.

    `counted` is the cash in the drawer in đồng; a difference needs a note. Refused when there is nothing.
    """
    if actor.person_id is None or unit_id not in policy.units_of(actor):
        raise Forbidden("no_book", "Bạn không có quyền chốt sổ của nơi này.")
    unit = orgs.unit(unit_id)
    with transaction.atomic():
        number = series.take(f"closing:{unit.code}")  # holds off whoever else closes the same book
        closing = Closing(
            id=uuid7(), unit_id=unit_id, number=number, at=timezone.now(), by_id=actor.person_id,
            by_name=actor.name, expected=0, counted=counted, totals={}, note=note.strip()[:500],
        )  # fmt: skip
        closing.save(force_insert=True)
        # money that comes in from here on belongs to the next book
        taken = Payment.objects.filter(unit_id=unit_id, closing__isnull=True).update(closing=closing)
        back = Refund.objects.filter(unit_id=unit_id, closing__isnull=True, state="confirmed").update(
            closing=closing
        )
        if not taken and not back:
            raise Refusal("nothing_to_close", "Từ lần chốt trước chưa có khoản thu, khoản hoàn nào.")
        book = queries.closed_book(closing)
        if counted != book.cash and not note.strip():
            raise Refusal(
                "difference", "Tiền mặt kiểm đếm khác với sổ; hãy ghi lý do chênh lệch.", 422, field="note"
            )
        closing.expected, closing.totals = book.cash, _totals(book)
        closing.save(update_fields=["expected", "totals"])
        _record(
            "payments.close_book", "closing", str(closing.id), actor, {"unit": unit.code, "number": number}
        )
    return closing


def _totals(book: queries.DayBook) -> dict[str, Any]:
    return {
        "receipts": [
            {"kind": s.kind, "how": s.how, "count": s.count, "amount": str(s.amount)} for s in book.receipts
        ],
        "surplus": str(book.surplus),
        "void": book.void,
        "refunds": str(book.returned),
    }


def _record(act: str, kind: str, key: str, actor: Actor, data: dict[str, Any]) -> None:
    batch = Batch()
    record(batch, act=act, object_kind=kind, object_id=key, actor=actor, data=data)
    batch.send()
