"""A case in the small province, carried through its steps by the people who may; a trust service to sign with."""

from __future__ import annotations

import copy
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import override_settings

from tinhso.core.access.actor import Actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions import Done, file_case, perform
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.models import Case
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import PaperState, Party, State, load_state
from tinhso.core.files.actions import store_made
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.roles import roles_of
from tinhso.core.signing.keys import demonstration
from tinhso.core.signing.models import IssuedDocument
from tinhso.core.signing.pki.serve import make_server
from tinhso.core.signing.render import render
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.yamlfile import load
from tinhso.systems.onestop.actions.staff import RESULT_KIND

BIRTH = "1.001193"
ZONE = Facts.zone
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
DRAFT = {"book_number": "01", "registered_on": "2026-11-23"}


def _announced(app: Any, before: Callable[[], None]) -> Any:
    def answer(environ: Any, start_response: Any) -> Any:
        before()
        return app(environ, start_response)

    return answer


@contextmanager
def trust_service(before: Callable[[], None] | None = None) -> Iterator[str]:
    """Time stamps and revocation answers on a free port, for as long as the block lasts.

    `before` is called ahead of every answer, to let something happen while a paper is being signed.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with override_settings(TRUST_URL=url):
        server = make_server(demonstration(), host="127.0.0.1", port=port)
        if before is not None:
            server.set_app(_announced(server.get_app(), before))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield url
        finally:
            server.shutdown()
            server.server_close()


@cache
def birth_answers() -> dict[str, Any]:
    """The first worked example of the birth procedure, for a child of Phường I."""
    folder = next((Path(settings.CATALOG) / "procedures").glob(f"*/{BIRTH}"))
    path = sorted((folder / "examples").glob("01*.yml"))[0]
    answers = dict(load(path, Path(settings.CATALOG)).data["form"])
    for name in ("residence", "birth_address"):
        answers[name] = {"detail": "Số 12 đường Nguyễn Huệ", "territory": "31318"}
    return answers


def birth_source() -> dict[str, Any]:
    """The birth procedure as its files say it, to change and publish."""
    root = Path(settings.CATALOG)
    return copy.deepcopy(Catalog(root, roles_of(root)).source(next((root / "procedures").glob(f"*/{BIRTH}"))))


def scan(actor: Actor) -> str:
    """The id of a one-page PDF the actor brought."""
    pdf = render("#set page(width: 5cm, height: 3cm)\nGiấy chứng sinh", {})
    return str(
        store_made(pdf, name="giay.pdf", media_type="application/pdf", actor=actor, purpose="cases.paper").id
    )


@dataclass
class Staff:
    """A case and the people around it; every method is one act by whoever does it."""

    province: SmallProvince
    case: Case

    @staticmethod
    def file(
        province: SmallProvince,
        *,
        channel: str = "online",
        papers: tuple[str, ...] = ("birth_proof",),
        now: datetime | None = None,
        centre: str = "",
        fetch_at: str = "",
        **answers: Any,
    ) -> Staff:
        person = province.citizen.person
        party = Party(
            id=str(person.id), kind="person", full_name=person.full_name, birth=person.birth, sex=person.sex,
            identity="093192000123", phone=person.phone, address=person.address, territory=person.territory_code,
        )  # fmt: skip
        done = file_case(
            procedure=BIRTH,
            applicant=party,
            answers={**birth_answers(), **answers},
            papers=tuple(PaperState(id=p, files=(scan(province.actor(province.citizen)),)) for p in papers),
            channel=channel,
            key=str(uuid4()),
            actor=province.actor(province.citizen),
            filer_id=person.id,
            reception_id=province.units[centre].id if centre else None,
            return_unit_id=province.units[fetch_at].id if fetch_at else None,
            now=now,
        )
        return Staff(province, done.case)

    def actor(self, role: str, unit: str = "") -> Actor:
        return self.province.officer(role, unit)

    @property
    def state(self) -> State:
        self.case.refresh_from_db()
        return load_state(self.case.state)

    def open(self, role: str = "one_stop_clerk", unit: str = "") -> CaseFile:
        return cases.open_case_by_id(self.case.id, actor=self.actor(role, unit))

    def do(self, act: str, role: str = "one_stop_clerk", *, now: datetime | None = None, **data: Any) -> Done:
        return perform(self.case.id, act, data, actor=self.actor(role), now=now)

    def accepted(self, now: datetime | None = None) -> Staff:
        self.do("accept", now=now)
        return self

    def handed_over(self) -> Staff:
        self.accepted().do("hand_over")
        return self

    def drafted(self) -> Staff:
        self.handed_over().do("complete", "civil_status_officer", fields=DRAFT)
        return self


def signing_token(staff: Staff) -> str:
    """The id of the open signing step."""
    return next(t.id for t in staff.state.tokens if t.do == "sign")


def papers(staff: Staff) -> list[IssuedDocument]:
    """The results issued in the case, oldest first."""
    return list(
        IssuedDocument.objects.filter(case_code=staff.case.code, kind=RESULT_KIND).order_by("issued_at")
    )
