"""A trust service on a free port for the whole run, and one signed paper to look at."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from tinhso.core.signing.pki.authority import Authority, SignerRef
from tinhso.core.signing.pki.serve import make_server
from tinhso.core.signing.render import render
from tinhso.core.signing.sign import sign_pdf

PAPER = """
#import "@local/decree30:1.0.0": *
#let d = json(bytes(sys.inputs.data))
#show: official-page.with(title: "Giấy thử")
#letterhead(agency: "UBND Phường I", number: "01/2026", place: "Vị Thanh", date: "ngày 23 tháng 11 năm 2026")
#title-block("Giấy thử")
#field-line("Họ tên", d.name)
#signature-block(authority: "TM. Ủy ban nhân dân", title: "Chủ tịch", name: "Trần Thị Mỹ Hạnh")
"""
CHAIR = SignerRef.person(
    person_id=1, post_id=2, name="Trần Thị Mỹ Hạnh", title="Chủ tịch", organisation="Ủy ban nhân dân Phường I"
)
AGENCY = SignerRef.agency(unit_id=3, name="Ủy ban nhân dân Phường I")
SIGN: dict[str, Any] = {"reason": "Cấp kết quả", "location": "Vị Thanh"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def trust() -> Iterator[Authority]:
    """The demonstration authority with its services answering."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with override_settings(TRUST_URL=url):
        authority = Authority(Path(settings.SECRETS_ROOT) / "pki", url)
        server = make_server(authority, host="127.0.0.1", port=port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield authority
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def paper() -> bytes:
    return render(PAPER, {"name": "Nguyễn Thị Ánh Tuyết"})


@pytest.fixture(scope="session")
def signed(trust: Authority, paper: bytes) -> bytes:
    """Signed by the chair, then by the agency."""
    return sign_pdf(sign_pdf(paper, signer=CHAIR, **SIGN), signer=AGENCY, field_name="agency", **SIGN)
