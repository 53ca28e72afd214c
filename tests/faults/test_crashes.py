"""Processes that die at the worst moment, a database that restarts, a disk that is full."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.faults.web import begin, fill_in, visit
from tests.installation import BIRTH, ROOT, Api, Installation, birth_answers, birth_case, notice, pg_ctl
from tinhso.core.testing.waiting import eventually

OF_CASE = (
    "FROM events_delivery d JOIN events_event e ON e.id = d.event_id "
    "JOIN cases_case c ON e.subject_id = c.id::text WHERE c.code = %s AND d.done_at IS NULL"
)
OPEN = f"SELECT count(*) {OF_CASE}"
#: Everything else of the case comes later, so that the worker takes this handler's delivery first.
THIS_FIRST = (
    "UPDATE events_delivery SET next_at = now() + interval '1 hour' "
    f"WHERE id IN (SELECT d.id {OF_CASE} AND d.handler <> %s) RETURNING 1"
)
ALL_NOW = f"UPDATE events_delivery SET next_at = now() WHERE id IN (SELECT d.id {OF_CASE}) RETURNING 1"
WAITS_FOR_LOCK = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'events_delivery'::regclass"
RECEIPTS = (
    "SELECT count(*) FROM signing_issueddocument WHERE case_code = %s AND kind LIKE 'onestop.receipt.%%'"
)
MESSAGES = "SELECT count(*) FROM notify_message m JOIN cases_case c ON m.key LIKE 'case:' || c.id || ':%%' WHERE c.code = %s"


@pytest.fixture
def no_worker(province: Installation) -> Iterator[Installation]:
    """The installation while its worker is dead; it lives again afterwards."""
    eventually(province.all_handled, what="the worker's earlier work")
    province.kill("worker")
    yield province
    province.start("worker")


def test_a_worker_killed_after_the_work_does_it_once(no_worker: Installation) -> None:
    """Killed -9 between a handler's work and its mark: nothing of it stays, and the next worker does it once.

    A lock lets the worker do the work and holds it up where it would mark the delivery done.
    """
    code = no_worker.filed()["code"]
    no_worker.act("clerk", code, "accept")
    assert no_worker.ask(THIS_FIRST, code, "onestop.make_paper")
    with psycopg.connect(no_worker.database) as held:
        held.execute("LOCK TABLE events_delivery IN SHARE MODE")
        no_worker.start("worker")
        eventually(lambda: no_worker.number(WAITS_FOR_LOCK) > 0, what="the worker at the mark")
        no_worker.kill("worker")
        held.rollback()
    assert no_worker.number(RECEIPTS, code) + no_worker.number(MESSAGES, code) == 0
    assert no_worker.ask(ALL_NOW, code)
    no_worker.start("worker")
    eventually(lambda: no_worker.number(OPEN, code) == 0, what=f"the deliveries of {code}")
    _once(no_worker, code)


def test_a_worker_killed_in_the_middle_of_many_loses_and_doubles_nothing(no_worker: Installation) -> None:
    codes = [no_worker.filed()["code"] for _ in range(4)]
    for code in codes:
        no_worker.act("clerk", code, "accept")
    no_worker.start("worker")
    eventually(lambda: any(no_worker.number(RECEIPTS, c) for c in codes), what="the first receipt")
    no_worker.kill("worker")
    no_worker.start("worker")
    eventually(lambda: all(no_worker.number(OPEN, c) == 0 for c in codes), what="all deliveries")
    for code in codes:
        _once(no_worker, code)


def _once(province: Installation, code: str) -> None:
    """One receipt; one message that it was filed and one that it was accepted."""
    assert province.number(RECEIPTS, code) == 1
    assert province.number(MESSAGES, code) == 2


@dataclass
class Filer:
    """Somebody who files until it succeeds, sending the very same request again when it did not."""

    province: Installation
    paper: str
    codes: dict[str, str] = field(default_factory=dict)
    retries: int = 0

    def file(self, count: int) -> None:
        with self.province.api("citizen") as api:
            for _ in range(count):
                key = uuid4().hex
                body = birth_case(self.paper, key)
                self.codes[key] = eventually(lambda b=body, k=key: self._once(api, b, k), what="a filing")

    def _once(self, api: Api, body: dict[str, object], key: str) -> str:
        try:
            answer = api.client.post("/cases", json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            self.retries += 1
            return ""
        if answer.status_code != 201:
            assert answer.status_code >= 500 or answer.status_code == 409, answer.text
            self.retries += 1
            return ""
        return str(answer.json()["code"])


def test_the_database_restarts_while_people_file(province: Installation) -> None:
    """A crash restart of PostgreSQL under four people filing: every success is there, nothing is there twice."""
    with province.api("citizen") as api:
        paper = api.upload(notice())
    filers = [Filer(province, paper) for _ in range(4)]
    before = province.number("SELECT count(*) FROM cases_case")
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(f.file, 6) for f in filers]
        eventually(lambda: sum(len(f.codes) for f in filers) >= 4, what="the first cases")
        pg_ctl(province.home, "restart", "-m", "immediate")
        for run in runs:
            run.result(timeout=120)
    told = {key: code for f in filers for key, code in f.codes.items()}
    assert len(told) == 24
    assert sum(f.retries for f in filers) > 0, "nobody was interrupted; the test proved nothing"
    kept = dict(province.ask("SELECT right(key, 32), code FROM cases_case WHERE key LIKE 'api:%%'"))
    assert {key: kept.get(key) for key in told} == told
    assert province.number("SELECT count(*) FROM cases_case") == before + 24
    eventually(province.all_handled, what="the worker after the restart")
    assert httpx.get(f"{province.url}/readyz", timeout=30).status_code == 200


STORE_ON_A_FULL_DISK = """
import json, os, sys
from pathlib import Path
from django.conf import settings
settings.configure(FILES_ROOT=Path(sys.argv[1]), USE_I18N=False)
from tinhso.core.files import disk
from tinhso.core.files.errors import NoSpace
import io
try:
    disk.write(io.BytesIO(b"0" * 2_000_000))
    print("kept")
except NoSpace as refusal:
    left = [str(p) for p in settings.FILES_ROOT.rglob("*") if p.is_file() and p.name != ".lock"]
    print(json.dumps([refusal.status, refusal.message, left], ensure_ascii=False))
"""


def test_a_full_disk_is_said_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))

    told = subprocess.run(
        [sys.executable, "-c", STORE_ON_A_FULL_DISK, str(tmp_path)], env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT, capture_output=True, text=True, preexec_fn=small, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    status, message, left = json.loads(told.stdout.splitlines()[-1])
    assert status == 507
    assert "chưa được nhận" in message
    assert left == []


def test_a_page_says_that_the_disk_is_full_and_keeps_the_filing(province: Installation) -> None:
    """The real upload page, while nothing can be written where files are kept."""
    with visit(province, "citizen") as web:
        address = begin(web, BIRTH)
        fill_in(web, address, birth_answers(), "situation", "birth_proof_page")
        page = web.get(f"{address}giay-to/")
        with _unwritable(province.home / "files"):
            refused = web.send(page, files={"paper-birth_proof": ("tot.pdf", notice())}, status=422)
        assert "tạm thời không lưu được tệp" in refused.text
        again = web.send(page, {"upload": "1"}, files={"paper-birth_proof": ("tot.pdf", notice())})
        assert "tot.pdf" in again.text


@contextmanager
def _unwritable(folder: Path) -> Iterator[None]:
    """A folder where nothing can be made, for root too: a file stands where the new files would go."""
    temporary = folder / "tmp"
    aside = folder / "tmp-aside"
    os.rename(temporary, aside)
    temporary.write_text("")
    try:
        yield
    finally:
        temporary.unlink()
        os.rename(aside, temporary)
