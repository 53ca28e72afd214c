"""How many statements a sign-in to a program costs: the figure that speed hangs on. It may only shrink."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tinhso.core.testing.office import Office
from tinhso.core.testing.web import signed_in
from tinhso.systems.sso.choices import Kind
from tinhso.systems.sso.tests.relying import Relying, connect


def _statements(do: Any) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as seen:
        found = do()
    told = [q["sql"] for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    return len(told), found


def test_a_flow_asks_the_database_little(
    office: Office, web: Relying, client: Browser, settings: Any
) -> None:
    """Session, actor, program; then one batch that writes grant and log (which the log of statements does not see)."""
    settings.ORGS_CACHE_SECONDS = 60
    signed_in(client, office.clerk)
    web.tokens()
    authorize, code = _statements(web.code)
    redeem, got = _statements(lambda: web.redeem(code))
    refresh, _answer = _statements(lambda: web.refresh(got.json()["refresh_token"]))
    assert (authorize, redeem, refresh) == (3, 2, 2)


def test_a_programs_own_token_costs_one_look_and_one_write(office: Office, client: Browser) -> None:
    service = connect(client, kind=Kind.SERVICE, scopes=("a.b",))
    count, answer = _statements(lambda: service.token(grant_type="client_credentials"))
    assert (answer.status_code, count) == (200, 1)
