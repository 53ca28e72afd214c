"""Statements of every act: kept prepared by the server, and sent together in as few round trips as can be."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import RawCursor
from psycopg.pq import TransactionStatus

#: A statement whose parameters are `$1`, `$2`, ..., and their values.
Statement = tuple[bytes, Sequence[Any]]


def prepared(sql: bytes, params: Sequence[Any]) -> RawCursor[Any]:
    """Send one statement that the server keeps prepared; Django's log does not see it."""
    return send([(sql, params)])[0]


def send(statements: Sequence[Statement], *, last: bool = False) -> list[RawCursor[Any]]:
    """Send statements in one round trip; BEGIN goes along with the first of a transaction.

    `last` says that the caller's `atomic` block sends nothing after them. When that block is the outermost one,
    COMMIT goes along too, and Django, when it comes to commit, finds the transaction ended. What must not be
    committed has to be an error of one of the statements. Raises the first database error.
    """
    here = connections[DEFAULT_DB_ALIAS]  # once: the proxy looks for the thread's connection at every use
    here.ensure_connection()
    raw = here.connection
    begins = not raw.autocommit and raw.info.transaction_status == TransactionStatus.IDLE
    ends = last and len(here.atomic_blocks) == 1 and not here.needs_rollback
    together = begins or ends or len(statements) > 1
    with here.wrap_database_errors, raw.pipeline() if together else nullcontext():
        sent = [RawCursor(raw).execute(sql, params, prepare=True) for sql, params in statements]
        if ends:
            RawCursor(raw).execute(b"COMMIT")
    return sent
