"""The ends of stays, and every program hearing of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django.test import Client as Browser
from django.utils import timezone

from tinhso.core.access import actions as access
from tinhso.core.access.models import Holding, SignInSession
from tinhso.core.access.queries import actor_for_account
from tinhso.core.audit.queries import entries_of
from tinhso.core.events.dispatch import deliver_due
from tinhso.core.people import actions as people
from tinhso.core.testing.office import Office
from tinhso.core.testing.web import signed_in
from tinhso.systems.sso.actions import cleaning, logout, sessions
from tinhso.systems.sso.models import Grant, LogoutNotice, Token
from tinhso.systems.sso.tests.relying import SITE, SYSTEM, Relying, claims_of, connect


class Listener:
    """A program's address for logout tokens: answers with `status`, keeps what it was sent."""

    def __init__(self) -> None:
        self.status, self.tokens = 200, list[str]()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                listener.tokens += parse_qs(body).get("logout_token", [])
                self.send_response(listener.status)
                if 300 <= listener.status < 400:
                    self.send_header("Location", "http://127.0.0.1:9/")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self.server.server_port}/logout"


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    thread = threading.Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def hearing(office: Office, client: Browser, listener: Listener) -> Relying:
    return connect(
        client, trusted=True, backchannel_uri=listener.uri, logout_uris=("https://rp.example/bye",)
    )


def sweep() -> int:
    return sessions.sweep(now=timezone.now(), today=timezone.localdate())


def close_account(office: Office, client: Browser) -> None:
    people.set_active(actor=SYSTEM, account_id=office.clerk.id, active=False)


def other_password(office: Office, client: Browser) -> None:
    people.set_password(actor=SYSTEM, account_id=office.clerk.id, password="một câu dài khác hẳn")


def sign_out(office: Office, client: Browser) -> None:
    client.post("/dang-xuat/")


def own_list(office: Office, client: Browser) -> None:
    stay = SignInSession.objects.get(account=office.clerk)
    access.end_session(actor=actor_for_account(office.clerk.id), session_id=stay.id)


@pytest.mark.parametrize("end", [close_account, other_password, sign_out, own_list])
def test_however_a_stay_ends_its_programs_hear_and_its_tokens_die(
    office: Office,
    hearing: Relying,
    client: Browser,
    listener: Listener,
    end: Callable[[Office, Browser], None],
) -> None:
    signed_in(client, office.clerk)
    got = hearing.tokens()
    said = claims_of(got["id_token"])
    end(office, client)
    deliver_due()
    assert hearing.userinfo(got["access_token"]).status_code == 401
    assert hearing.refresh(got["refresh_token"]).status_code == 400
    logout.tell(notice_id=LogoutNotice.objects.get().id)
    told = claims_of(listener.tokens[0])
    assert (told["iss"], told["aud"]) == (SITE, hearing.client.client_id)
    assert (told["sub"], told["sid"]) == (said["sub"], said["sid"])
    assert "nonce" not in told
    assert set(told["events"]) == {logout.EVENT}
    assert (LogoutNotice.objects.get().sent_at is not None, sweep()) == (True, 0)


def test_a_stay_whose_time_came_is_found_by_the_sweep(
    office: Office, hearing: Relying, client: Browser
) -> None:
    signed_in(client, office.clerk)
    got = hearing.tokens()
    assert sweep() == 0
    SignInSession.objects.update(ends_at=timezone.now())
    assert sweep() == 1
    assert hearing.refresh(got["refresh_token"]).status_code == 400
    assert LogoutNotice.objects.count() == 1


def test_what_may_work_on_works_on_until_the_password_changes(
    office: Office, hearing: Relying, client: Browser
) -> None:
    signed_in(client, office.clerk)
    got = hearing.tokens(scope="openid offline_access")
    sign_out(office, client)
    deliver_due()
    assert LogoutNotice.objects.count() == 1, "the person is gone all the same"
    got = hearing.refresh(got["refresh_token"]).json()
    assert sweep() == 0
    close_account(office, client)
    assert hearing.refresh(got["refresh_token"]).status_code == 400
    assert sweep() == 1


def test_when_a_post_ends_programs_that_knew_of_it_hear(
    office: Office, hearing: Relying, client: Browser
) -> None:
    other = connect(client, name="Khác", redirect="https://o.example/cb", trusted=True)
    signed_in(client, office.clerk)
    with_posts, without = hearing.tokens(scope="openid posts"), other.tokens(scope="openid")
    Holding.objects.filter(person=office.clerk.person).update(valid_to=timezone.localdate())
    assert hearing.userinfo(with_posts["access_token"]).json()["posts"] == [], "even before anybody looks"
    assert sweep() == 1
    assert hearing.userinfo(with_posts["access_token"]).status_code == 401
    assert other.userinfo(without["access_token"]).status_code == 200
    assert LogoutNotice.objects.get().client_id == hearing.client.id
    assert "code" in hearing.sent_back(scope="openid posts"), "the stay itself goes on"


@pytest.mark.parametrize("status", [400, 500, 302])
def test_a_program_that_does_not_listen_is_told_again(
    office: Office, hearing: Relying, client: Browser, listener: Listener, status: int
) -> None:
    signed_in(client, office.clerk)
    hearing.tokens()
    sign_out(office, client)
    deliver_due()
    notice = LogoutNotice.objects.get()
    listener.status = status
    with pytest.raises(logout.NotToldError):
        logout.tell(notice_id=notice.id)
    listener.status = 200
    logout.tell(notice_id=notice.id)
    logout.tell(notice_id=notice.id)
    assert len(listener.tokens) == 2
    notice.refresh_from_db()
    assert (notice.attempts, notice.sent_at is not None) == (2, True)


def test_a_program_that_is_gone_is_given_up_after_a_while(
    office: Office, hearing: Relying, client: Browser, listener: Listener
) -> None:
    signed_in(client, office.clerk)
    hearing.tokens()
    sign_out(office, client)
    deliver_due()
    notice = LogoutNotice.objects.get()
    listener.status = 503
    for _n in range(logout.MOST_ATTEMPTS - 1):
        with pytest.raises(logout.NotToldError):
            logout.tell(notice_id=notice.id)
    logout.tell(notice_id=notice.id)
    notice.refresh_from_db()
    assert notice.given_up_at is not None
    signed_in(client, office.clerk)
    page = client.get(f"/quan-tri/ung-dung/{hearing.client.id}/")
    assert "HTTP 503" in page.text


def test_a_program_signs_the_person_out_everywhere(office: Office, hearing: Relying, client: Browser) -> None:
    signed_in(client, office.clerk)
    hint = hearing.tokens()["id_token"]
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": "https://rp.example/bye", "state": "s"}
    answer = client.get("/oidc/logout", asked)
    assert answer.context["target"] == "https://rp.example/bye?state=s"
    assert client.get("/ung-dung-da-ket-noi/").status_code == 302
    assert LogoutNotice.objects.count() == 1
    assert SignInSession.objects.get().ended_at is not None
    assert client.get("/oidc/logout", asked).context["target"] == "https://rp.example/bye?state=s", (
        "again is no harm"
    )


def test_without_proof_the_person_is_asked(office: Office, hearing: Relying, client: Browser) -> None:
    signed_in(client, office.clerk)
    asked = {"client_id": hearing.client.client_id, "post_logout_redirect_uri": "https://rp.example/bye"}
    page = client.get("/oidc/logout", asked)
    assert "Ứng dụng thử đề nghị đăng xuất" in page.text
    assert client.get("/ung-dung-da-ket-noi/").status_code == 200
    out = client.post("/oidc/dang-xuat/", {"query": page.context["query"]})
    assert out.context["target"] == "https://rp.example/bye"
    assert client.get("/ung-dung-da-ket-noi/").status_code == 302


def test_signing_out_cannot_be_forged_from_elsewhere(office: Office, hearing: Relying) -> None:
    browser = Browser(enforce_csrf_checks=True)
    signed_in(browser, office.clerk)
    assert browser.post("/oidc/dang-xuat/", {"query": ""}).status_code == 403
    assert browser.post("/oidc/dong-y/", {"query": "", "answer": "yes"}).status_code == 403
    assert browser.get("/ung-dung-da-ket-noi/").status_code == 200


def test_ending_is_written_down(office: Office, hearing: Relying, client: Browser) -> None:
    signed_in(client, office.clerk)
    hearing.tokens()
    stay = str(SignInSession.objects.get().id)
    sign_out(office, client)
    deliver_due()
    assert [entry.act for entry in entries_of("sso.session", stay)] == ["sso.end_session"]


def test_what_is_long_over_is_forgotten(office: Office, hearing: Relying, client: Browser) -> None:
    signed_in(client, office.clerk)
    hearing.tokens()
    now = timezone.now()
    assert sum(cleaning.forget_old(now=now).values()) == 0
    assert cleaning.forget_old(now=now + timedelta(days=40))["grants"] == 1
    assert (Grant.objects.count(), Token.objects.count()) == (0, 0)
