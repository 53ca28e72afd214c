"""Lists and search with a million cases, as ordinary users: 95th percentile in ms, and statements per list."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

CASES = 1_000_000
ROUNDS = 60
WORDS = ("nguyen", "tran thi", "le van", "pham ngoc", "huynh", "khai sinh", "vo thanh")

FILL = """
INSERT INTO cases_case (id, code, key, seq, state, applicant_id, applicant_name, filer_id, reception_id, competent_id,
  procedure_id, version_id, channel, status, finance, delivery, sync, clock, submitted_at, accepted_at, due_original,
  due_current, finished_at, source)
SELECT uuidv7(), 'L' || n, 'list:' || n, 1, '{"seq": 1}', p.id, p.full_name, p.id, u.centre, u.committee,
  m.procedure_id, m.version_id, 'online', CASE WHEN n %% 20 = 0 THEN 4 ELSE 10 END, 'none', 'waiting', 'none', 'running',
  now() - n * interval '31 seconds', now() - n * interval '31 seconds', now() - (n - 20000) * interval '31 seconds',
  now() - (n - 20000) * interval '31 seconds', CASE WHEN n %% 20 = 0 THEN NULL ELSE now() END, ''
FROM generate_series(%s, %s) n
JOIN (SELECT row_number() OVER () - 1 AS i, id, full_name FROM people_person LIMIT 5000) p ON p.i = n %% 5000
JOIN (SELECT row_number() OVER (ORDER BY c.path) - 1 AS i, c.id AS centre, c.parent_id AS committee FROM orgs_unit c
      WHERE c.kind = 'centre') u ON u.i = n %% (SELECT count(*) FROM orgs_unit WHERE kind = 'centre')
CROSS JOIN (SELECT procedure_id, version_id FROM cases_case LIMIT 1) m
"""
"""Every twentieth case is open; units and people take turns, so that an ordinary unit has about 12,000."""


def fill(total: int = CASES) -> None:
    """Add cases, their tasks and their search entries up to `total`; the state is small, lists do not read it."""
    from bench.acts import file_one

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE key LIKE 'list:%%'")
        have = cursor.fetchone()[0]
        if have >= total:
            return
        file_one()
        for start in range(have + 1, total + 1, 100_000):
            cursor.execute(FILL, [start, start + 99_999])
        _tasks(cursor)
        _entries(cursor)
        cursor.execute("VACUUM ANALYZE cases_case, desk_task, search_searchentry")


def _tasks(cursor: Any) -> None:
    cursor.execute(
        "INSERT INTO desk_task (id, kind, subject_id, subject_key, token, title, about, unit_id, role, opened_at, due_at,"
        " urgent, closed_at, outcome) SELECT uuidv7(), 'case.work', id, code, 'list', 'Thẩm định', applicant_name,"
        " competent_id, 'civil_status_officer', submitted_at, due_current, false, finished_at, '' FROM cases_case"
        " WHERE key LIKE 'list:%'"
    )


def _entries(cursor: Any) -> None:
    from tinhso.core.search.rules import scope_of, vector

    cursor.execute(
        "SELECT c.id, c.code, c.applicant_name, u.path, w.path, c.submitted_at, c.applicant_id FROM cases_case c"
        " JOIN orgs_unit u ON u.id = c.reception_id JOIN orgs_unit w ON w.id = c.competent_id WHERE c.key LIKE 'list:%'"
    )
    found = cursor.fetchall()
    with (
        connection.cursor() as out,
        out.copy(  # type: ignore[attr-defined]
            "COPY search_searchentry (id, source, key, title, summary, url, words, public, scope, rank, at) FROM STDIN"
        ) as copy,
    ):
        for case_id, code, name, reception, competent, at, person in found:
            scope = scope_of(people=[str(person)], paths=[reception, competent])
            title = f"{code} {name}"
            copy.write_row(
                (case_id, "case", code, title, "Đăng ký khai sinh", f"/ho-so/{code}/", vector(title, "Đăng ký khai sinh"),
                 False, scope, 0, at)
            )  # fmt: skip


def p95(act: Callable[[int], Any]) -> tuple[float, int]:
    """95th percentile in ms over rounds with a warm cache, and the most statements one round sent."""
    times, most = [], 0
    for n in range(ROUNDS + 5):
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            act(n)
            times.append((time.perf_counter() - begun) * 1000)
        most = max(most, len(queries))
    return sorted(times[5:])[int(ROUNDS * 0.95) - 1], most


def run(cases: int = CASES) -> dict[str, float]:
    from bench import people
    from tinhso.core.cases.queries import Filter, list_cases
    from tinhso.core.desk.queries import inbox
    from tinhso.core.search.queries import find

    fill(cases)
    clerk, officer, chief = (people.actor(name) for name in ("motcua", "hotich", "chutichtinh"))
    inbox_ms, inbox_n = p95(lambda n: inbox(officer))
    clerk_ms, clerk_n = p95(lambda n: list_cases(clerk, Filter(status=4 if n % 2 else 0)))
    due_ms, _ = p95(lambda n: list_cases(officer, Filter(side="competent", open_only=True)))
    chief_ms, _ = p95(lambda n: list_cases(chief, Filter(side="competent")))
    search_ms, search_n = p95(lambda n: find(officer, WORDS[n % len(WORDS)]))
    return {
        "lists.inbox p95 ms": inbox_ms,
        "lists.inbox queries": inbox_n,
        "lists.cases p95 ms": max(clerk_ms, due_ms),
        "lists.cases queries": clerk_n,
        "lists.cases whole province p95 ms": chief_ms,
        "lists.search p95 ms": search_ms,
        "lists.search queries": search_n,
    }
