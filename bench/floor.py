"""The floor: the same rows an act writes, as a pgbench script made from one real act's rows.

The script writes what the action wrote (case, act, paper, task, audit entry, event, deliveries, series),
with the same sizes, in one transaction, by prepared statements, and nothing else: no rules, no checks.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from bench import processor
from bench.setup import CLIENTS, pgbench

ID = "(lpad(to_hex(:a::bigint), 8, '0') || '00007000' || lpad(to_hex(:b::bigint), 16, '8'))::uuid"
SERIES = (
    "INSERT INTO db_series (key, last) VALUES ('bench' || :unit, 1) "
    "ON CONFLICT (key) DO UPDATE SET last = db_series.last + 1 RETURNING last;"
)
GENERATED = {"sort_at"}
AUDIT = (
    "WITH next AS (UPDATE audit_lane SET seq = seq + 1, hash = sha256(hash || {digest}) "
    "WHERE id = pg_backend_pid() % 64 RETURNING id, seq, hash) "
    "INSERT INTO audit_entry (lane, seq, at, act, object_kind, object_id, actor, data, digest, hash) "
    "SELECT id, seq, now(), {act}, {kind}, {object}, {actor}, {data}, {digest}, hash FROM next;"
)


def rows(table: str, where: str, params: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {where}", params)
        names = [c.name for c in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def literal(value: Any) -> str:
    """A SQL literal pgbench leaves alone: it would take `:name` for a variable, so colons are kept apart."""
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case datetime():
            return "now()"
        case memoryview() | bytes():
            return f"'\\x{bytes(value).hex()}'::bytea"
    text, kind = str(value), "::uuid" if isinstance(value, UUID) else ""
    if isinstance(value, dict | list):
        text, kind = json.dumps(value, ensure_ascii=False), "::jsonb"
    return "'" + re.sub(r":(?=\w)", ".", text).replace("'", "''") + "'" + kind


def insert(table: str, row: dict[str, Any], **over: str) -> str:
    """An INSERT of a row with some columns replaced by expressions; a serial id is left to the server."""
    values = {
        k: over.get(k, literal(v))
        for k, v in row.items()
        if k not in GENERATED and not (k == "id" and isinstance(v, int))
    }
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())});"


def audit_of(case_id: UUID, act: str) -> str:
    entry = rows("audit_entry", "object_id = %s AND act = %s", [str(case_id), act])[0]
    return AUDIT.format(
        act=literal(entry["act"]),
        kind=literal(entry["object_kind"]),
        object=literal(entry["object_id"]),
        actor=literal(entry["actor"]),
        data=literal(entry["data"]),
        digest=literal(entry["digest"]),
    )


def events_of(case_id: UUID, seq: int) -> list[str]:
    """The event of an act and its deliveries, under a new event id."""
    event = rows("events_event", "subject_id = %s AND (data->>'seq')::int = %s", [str(case_id), seq])[0]
    deliveries = rows("events_delivery", "event_id = %s", [event["id"]])
    return [
        insert("events_event", event, id=ID),
        *(insert("events_delivery", d, event_id=ID, done_at="now()") for d in deliveries),
    ]


def file_script(case_id: UUID) -> str:
    """The rows of filing, as one transaction."""
    case = rows("cases_case", "id = %s", [case_id])[0]
    lines = [
        "\\set a random(1, 2147483647)",
        "\\set b random(1, 2147483647)",
        "\\set unit random(1, 83)",
        "BEGIN;",
        SERIES,
        insert("cases_case", case, id=ID, code=f"'b' || {ID}", key=f"'b' || {ID}"),
        *(
            insert("cases_act", r, case_id=ID)
            for r in rows("cases_act", "case_id = %s AND seq = 1", [case_id])
        ),
        *(
            insert("cases_casepaper", r, case_id=ID)
            for r in rows("cases_casepaper", "case_id = %s", [case_id])
        ),
        *(
            insert("desk_task", r, id=ID, subject_id=ID)
            for r in rows("desk_task", "subject_id = %s", [case_id])
        ),
        audit_of(case_id, "cases.file"),
        *events_of(case_id, 1),
        "COMMIT;",
    ]
    return "\n".join(lines)


def advance_script(case_id: UUID, most: int) -> str:
    """The rows of accepting, on one of `most` numbered cases in `bench_ids`."""
    case = rows("cases_case", "id = %s", [case_id])[0]
    changed = (
        "seq",
        "state",
        "status",
        "finance",
        "delivery",
        "clock",
        "accepted_at",
        "due_original",
        "due_current",
    )
    sets = ", ".join(f"{name} = {literal(case[name])}" for name in changed if name != "seq")
    act = rows("cases_act", "case_id = %s AND seq = 2", [case_id])[0]
    lines = [
        "\\set a random(1, 2147483647)",
        "\\set b random(1, 2147483647)",
        f"\\set n random(1, {most})",
        "BEGIN;",
        "SELECT c.* FROM cases_case c JOIN bench_ids i ON i.id = c.id WHERE i.n = :n FOR UPDATE OF c;",
        f"UPDATE cases_case SET seq = seq + 1, {sets} WHERE id = (SELECT id FROM bench_ids WHERE n = :n);",
        insert(
            "cases_act",
            act,
            case_id="(SELECT id FROM bench_ids WHERE n = :n)",
            seq="(SELECT seq FROM cases_case WHERE id = (SELECT id FROM bench_ids WHERE n = :n))",
        ),
        "UPDATE desk_task SET person_id = person_id WHERE subject_id = (SELECT id FROM bench_ids WHERE n = :n) AND closed_at IS NULL;",
        audit_of(case_id, "cases.accept"),
        *events_of(case_id, 2),
        "COMMIT;",
    ]
    return "\n".join(lines)


def number_cases(most: int = 20_000) -> int:
    """Freshly filed cases under numbers from 1 on, in a table the script looks them up in; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_ids")
        cursor.execute(
            "CREATE TABLE bench_ids AS SELECT row_number() OVER () AS n, id FROM cases_case "
            "WHERE key LIKE 'b%%' AND seq = 1 LIMIT %s",
            [most],
        )
        cursor.execute("ALTER TABLE bench_ids ADD PRIMARY KEY (n)")
        cursor.execute("SELECT count(*) FROM bench_ids")
        return int(cursor.fetchone()[0])


def run(script: str, seconds: int) -> tuple[float, float]:
    """Transactions a second of a script with the benchmark's clients, and the processor seconds of one: server and client."""
    settings, used = connection.settings_dict, processor.server() + processor.children()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "floor.sql"
        path.write_text(script)
        command = [
            pgbench(), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", str(path),
            "-h", settings["HOST"] or "localhost", "-U", settings["USER"] or "postgres", settings["NAME"],
        ]  # fmt: skip
        if settings["PORT"]:
            command[1:1] = ["-p", settings["PORT"]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        raise RuntimeError(done.stderr[-2000:] + done.stdout[-500:])
    count = re.search(r"actually processed: (\d+)", done.stdout)
    spent = processor.server() + processor.children() - used
    return float(found.group(1)), spent / int(count.group(1)) if count else 0.0
