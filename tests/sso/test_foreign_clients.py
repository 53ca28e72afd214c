"""Programs that others wrote sign people in through a running installation: npm's openid-client and oauth4webapi, Authlib."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.installation import PASSWORD, PEOPLE, Installation
from tests.sso.node import foreign
from tests.sso.person import Person
from tinhso.core.testing.browser import person as window
from tinhso.core.testing.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CB, BYE = "http://127.0.0.1:1/cb", "http://127.0.0.1:1/bye"
CONNECT = """
import json, django
django.setup()
from tinhso.core.access.actor import system_actor
from tinhso.systems.sso.actions import clients
row, secret = clients.create(actor=system_actor("tests"), says=clients.Says(**json.loads({says!r})))
print(json.dumps({{"id": row.client_id, "secret": secret}}))
"""


@dataclass(frozen=True)
class Connected:
    id: str
    secret: str


def connect(province: Installation, **says: Any) -> Connected:
    done = province.python(CONNECT.format(says=json.dumps(says)))
    assert done.returncode == 0, done.stderr[-3000:]
    return Connected(**json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture
def citizen(province: Installation) -> Iterator[Person]:
    one = Person(province.url, PEOPLE["citizen"])
    yield one
    one.client.close()


@pytest.fixture(scope="module")
def web(province: Installation) -> Connected:
    return connect(
        province, name="Chương trình ngoài", redirect_uris=[CB], logout_uris=[BYE],
        scopes=["openid", "profile", "phone", "posts"],
    )  # fmt: skip


def settings(province: Installation, web: Connected, **more: Any) -> dict[str, Any]:
    return {
        "issuer": province.url, "redirect": CB, "bye": BYE, "scope": "openid profile posts", "web": asdict(web), **more,
    }  # fmt: skip


def test_openid_client(province: Installation, web: Connected, citizen: Person) -> None:
    service = connect(province, name="Dịch vụ ngoài", kind="service", scopes=["cases.read"])
    device = connect(province, name="Ki-ốt", kind="device", scopes=["openid", "profile"])
    given = settings(province, web, service=asdict(service), device=asdict(device))
    with foreign("openid_client.mjs", given) as program:
        program.tell({"address": citizen.go(program.said()["open"], CB)})
        assert {"/dang-nhap/", "/oidc/authorize"} <= set(citizen.pages)
        seen = program.said()
        assert (seen["claims"]["acr"], seen["claims"]["amr"]) == ("1", ["pwd"])
        assert seen["person"]["name"]
        assert (seen["told"]["active"], seen["afterwards"]["active"]) == (True, False)
        program.tell({"address": citizen.go(program.said()["open"], CB)})
        again = program.said()
        assert again["silent"]["sub"] == seen["claims"]["sub"]
        assert program.said()["own"]["sub"] == service.id
        asked = program.said()
        citizen.post("/thiet-bi/", code=asked["code"], answer="yes")
        assert program.said()["device"]["sub"]
        assert citizen.go(again["end"], BYE) == f"{BYE}?state=s"
        assert citizen.client.get(f"{province.url}/ung-dung-da-ket-noi/").status_code == 302


def test_oauth4webapi(province: Installation, web: Connected, citizen: Person) -> None:
    with foreign("oauth4webapi.mjs", settings(province, web)) as program:
        program.tell({"address": citizen.go(program.said()["open"], CB)})
        seen = program.said()
    assert seen["claims"]["aud"] == web.id
    assert seen["person"]["sub"] == seen["claims"]["sub"]
    assert seen["told"]["scope"] == "openid profile posts"
    assert (seen["stolen"], seen["family"]) == ("invalid_grant", "invalid_grant")


def test_authlib(province: Installation, web: Connected) -> None:
    """An officer, so that posts are told."""
    officer = Person(province.url, PEOPLE["officer"])
    told = officer.client.get(f"{province.url}/.well-known/openid-configuration").json()
    program = OAuth2Client(
        web.id, web.secret, scope="openid profile posts", redirect_uri=CB, code_challenge_method="S256"
    )
    verifier = "v" * 64
    url, state = program.create_authorization_url(
        told["authorization_endpoint"], code_verifier=verifier, nonce="n-1"
    )
    back = officer.go(url, CB)
    token = program.fetch_token(
        told["token_endpoint"], authorization_response=back, code_verifier=verifier, state=state
    )
    keys = KeySet.import_key_set(officer.client.get(told["jwks_uri"]).json())
    claims = CodeIDToken(
        jwt.decode(token["id_token"], keys).claims, {}, params={"nonce": "n-1", "client_id": web.id}
    )
    claims.validate()
    person = program.get(told["userinfo_endpoint"]).json()
    assert person["sub"] == claims["sub"]
    assert person["groups"] == ["civil_status_officer@H30.41.21"]
    program.refresh_token(told["token_endpoint"])
    assert program.introspect_token(
        told["introspection_endpoint"], token=program.token["access_token"]
    ).json()["active"]
    assert (
        program.revoke_token(told["revocation_endpoint"], token=program.token["refresh_token"]).status_code
        == 200
    )
    officer.client.close()


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.browser
def test_signed_out_here_is_signed_out_there(province: Installation, chromium: Browser, shots: Any) -> None:
    """In a browser: into a foreign program by our sign-in and consent, out of it by back-channel when the stay ends here."""
    port = _port()
    base = f"http://127.0.0.1:{port}"
    program = connect(
        province, name="Sổ tay du lịch", redirect_uris=[f"{base}/cb"], backchannel_uri=f"{base}/backchannel",
        scopes=["openid", "profile", "posts"], contact="Sở Văn hóa",
    )  # fmt: skip
    given = {"issuer": province.url, "port": port, **asdict(program)}
    with (
        foreign("relying_party.mjs", given) as running,
        window(chromium, province.url, (360, 740), shots=shots) as person,
    ):
        assert running.said()["ready"] == base
        person.page.goto(f"{base}/login")
        person.page.fill("#name", PEOPLE["citizen"])
        person.page.fill("#password", PASSWORD)
        person.page.get_by_role("button", name="Đăng nhập", exact=True).click()
        person.page.get_by_role("button", name="Đồng ý", exact=True).wait_for()
        person.inspect("consent")
        person.page.get_by_role("button", name="Đồng ý", exact=True).click()
        person.page.get_by_text("Xin chào").wait_for()
        person.open("/ung-dung-da-ket-noi/", "connections")
        assert "Sổ tay du lịch" in person.text
        person.page.locator("summary").filter(has_text="").first.wait_for(state="attached")
        person.page.evaluate("document.querySelector('form[action=\"/dang-xuat/\"]').submit()")
        person.page.wait_for_url("**/")

        def out() -> bool:
            person.page.goto(base)
            return "Chưa đăng nhập" in person.page.content()

        eventually(out, what="the program to hear of the sign-out")
        person.check()
