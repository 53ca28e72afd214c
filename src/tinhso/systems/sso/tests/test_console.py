"""Programs and keys, and who may touch them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as here
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Role
from tinhso.core.access.queries import actor_for_account
from tinhso.core.audit.queries import entries_of
from tinhso.core.testing.office import Office
from tinhso.core.testing.web import signed_in
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.systems.sso import keyring, vault
from tinhso.systems.sso.actions import clients, keys
from tinhso.systems.sso.choices import KEY_KEEP, KEY_LEAD, Kind
from tinhso.systems.sso.models import Client, Key
from tinhso.systems.sso.queries import clients as queries
from tinhso.systems.sso.rules import addresses
from tinhso.systems.sso.tests.relying import SYSTEM, Relying, claims_of, connect

NEW = {
    "name": "Quản lý văn bản", "kind": "web", "redirect_uris": "https://vb.example/cb\nhttps://vb.example/cb2",
    "scope_profile": "1", "scope_posts": "1", "subject": "pairwise", "min_level": "1", "trusted": "1",
}  # fmt: skip


def test_connecting_a_program_on_the_page(office: Office, client: Browser) -> None:
    signed_in(client, office.clerk)
    assert client.get("/quan-tri/ung-dung/moi/").status_code == 200
    page = client.post("/quan-tri/ung-dung/moi/", NEW)
    row = Client.objects.get()
    secret = page.context["secret"]
    assert "no-store" in page["Cache-Control"]
    assert row.redirect_uris == ["https://vb.example/cb", "https://vb.example/cb2"]
    assert row.scope == "openid profile posts"
    assert secret not in (row.secret, row.client_id)
    assert vault.matches(keyring.ring().pepper, secret, row.secret)
    assert "Quản lý văn bản" in client.get("/quan-tri/ung-dung/").text
    shown = client.get(f"/quan-tri/ung-dung/{row.id}/").text
    assert row.client_id in shown
    assert row.secret not in shown
    assert [e.act for e in entries_of("sso.client", str(row.id))] == ["sso.create_client"]


def test_a_mistake_loses_nothing(office: Office, client: Browser) -> None:
    signed_in(client, office.clerk)
    page = client.post("/quan-tri/ung-dung/moi/", NEW | {"redirect_uris": "http://vb.example/cb"})
    assert page.status_code == 422
    assert "https://" in page.text
    assert "Quản lý văn bản" in page.text
    assert not Client.objects.exists()


def test_changing_and_closing_a_program(office: Office, client: Browser, web: Relying) -> None:
    signed_in(client, office.clerk)
    here_at = f"/quan-tri/ung-dung/{web.client.id}/"
    assert client.get(here_at + "sua/").status_code == 200
    changed = NEW | {"redirect_uris": "https://moi.example/cb", "name": "Tên mới"}
    assert client.post(here_at + "sua/", changed).status_code == 302
    row = Client.objects.get()
    assert (row.name, row.redirect_uris, row.sector) == ("Tên mới", ["https://moi.example/cb"], "rp.example")
    client.post(here_at + "ngung/")
    assert not Client.objects.get().active
    client.post(here_at + "mo/")
    acts = [e.act for e in entries_of("sso.client", str(row.id))]
    assert sorted(acts) == ["sso.close_client", "sso.create_client", "sso.edit_client", "sso.open_client"]


def test_two_secrets_overlap_for_a_day(office: Office, client: Browser) -> None:
    service = connect(client, name="Dịch vụ", kind=Kind.SERVICE, scopes=("a.b",))
    old = service.secret
    signed_in(client, office.clerk)
    page = client.post(f"/quan-tri/ung-dung/{service.client.id}/doi-khoa/")
    new = page.context["secret"]

    def works(secret: str) -> bool:
        service.secret = secret
        return service.token(grant_type="client_credentials").status_code == 200

    assert (works(old), works(new)) == (True, True)
    Client.objects.update(old_secret_until=timezone.now() - timedelta(seconds=1))
    assert (works(old), works(new)) == (False, True)
    third = clients.rotate_secret(actor=SYSTEM, client_id=service.client.id, at_once=True)
    assert (works(new), works(third)) == (False, True)


# Rights: role × act -------------------------------------------------------------------------------------------------

ACTS = {
    "create": lambda actor, row: clients.create(actor=actor, says=clients.Says("X", redirect_uris=("https://x.example/",))),
    "edit": lambda actor, row: clients.edit(actor=actor, client_id=row.id, says=clients.Says("X", redirect_uris=("https://x.example/",))),
    "rotate_secret": lambda actor, row: clients.rotate_secret(actor=actor, client_id=row.id),
    "close": lambda actor, row: clients.set_active(actor=actor, client_id=row.id, active=False),
    "list": lambda actor, row: queries.clients(actor),
    "see": lambda actor, row: queries.client_page(actor, row.id, now=timezone.now()),
    "rotate_key": lambda actor, row: keys.rotate(actor=actor),
    "withdraw_key": lambda actor, row: keys.withdraw(actor=actor, key_id=Key.objects.filter(use="sig")[0].id, reason="lộ"),
    "see_keys": lambda actor, row: queries.keys(actor),
}  # fmt: skip
OF_KEYS = {"rotate_key", "withdraw_key", "see_keys"}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("held", ["", "cases.see", "sso.clients", "sso.keys"])
def test_who_may_do_what(office: Office, web: Relying, act: str, held: str) -> None:
    Role.objects.update(permissions=[held] if held else [])
    office_actor = actor_for_account(office.clerk.id)
    wanted = "sso.keys" if act in OF_KEYS else "sso.clients"
    if held == wanted:
        ACTS[act](office_actor, web.client)
    else:
        with pytest.raises(Forbidden):
            ACTS[act](office_actor, web.client)
        with pytest.raises(Forbidden):
            ACTS[act](Actor(), web.client)


PAGES = ("/quan-tri/ung-dung/", "/quan-tri/ung-dung/moi/", "/quan-tri/khoa-ky/")


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_administrators_are_theirs(office: Office, client: Browser, page: str) -> None:
    assert client.get(page).status_code == 302
    signed_in(client, office.citizen)
    assert client.get(page).status_code == 403
    signed_in(client, office.clerk)
    assert client.get(page).status_code == 200


# Keys --------------------------------------------------------------------------------------------------------------------


def test_keys_overlap(office: Office, web: Relying, client: Browser) -> None:
    """The new one is known before it signs, the old one after it signed last."""
    signed_in(client, office.clerk)
    first = keyring.ring().keys[0].kid
    client.post("/quan-tri/khoa-ky/moi/")
    now, second = timezone.now(), str(Key.objects.filter(use="sig").latest("signs_from").id)
    ring = keyring.read()
    published = [key["kid"] for key in ring.jwks(now)["keys"]]
    assert sorted(published) == sorted([first, second])
    assert ring.signing(now).kid == first
    assert ring.signing(now + KEY_LEAD + timedelta(seconds=1)).kid == second
    late = now + KEY_LEAD + KEY_KEEP + timedelta(seconds=1)
    assert [key["kid"] for key in ring.jwks(late)["keys"]] == [second]
    assert client.post("/quan-tri/khoa-ky/moi/").status_code == 409, "one waits already"
    assert "Chờ đến lượt" in client.get("/quan-tri/khoa-ky/").text


def test_a_token_signed_before_the_change_is_good_after_it(
    office: Office, web: Relying, client: Browser
) -> None:
    signed_in(client, office.clerk)
    token = web.tokens()["id_token"]
    keys.rotate(actor=SYSTEM, at_once=True)
    assert claims_of(token)["aud"] == web.client.client_id
    assert claims_of(web.tokens()["id_token"])["aud"] == web.client.client_id


def test_a_leaked_key_is_out_at_once(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.clerk)
    token, leaked = web.tokens()["id_token"], keyring.ring().keys[0].kid
    client.post(f"/quan-tri/khoa-ky/{leaked}/thu-hoi/", {"reason": "Máy chủ bị xâm nhập"})
    assert keyring.ring().verify(token, now=timezone.now(), expired=True) is None
    assert leaked not in str(client.get("/oidc/jwks").json())
    assert claims_of(web.tokens()["id_token"])["aud"] == web.client.client_id
    assert "withdraw_key" in list(entries_of("sso.key", leaked))[-1].act


def test_keys_change_by_the_clock_once_a_quarter(office: Office) -> None:
    now = timezone.now()
    assert keys.rotate_due(actor=SYSTEM, now=now) is None
    Key.objects.filter(use="sig").update(signs_from=now - timedelta(days=90))
    assert keys.rotate_due(actor=SYSTEM, now=now) is not None
    assert keys.rotate_due(actor=SYSTEM, now=now) is None


def test_keys_lie_encrypted(office: Office, settings: Any) -> None:
    row = Key.objects.get(use="sig")
    assert "PRIVATE" not in row.secret
    assert set(row.public) <= {"kty", "use", "alg", "kid", "n", "e"}
    settings.SECRET_KEY = "another"
    with pytest.raises(vault.VaultError):
        keyring.read()
    settings.SECRET_KEY_FALLBACKS = ["only for tests"]
    keys.relock_all(actor=SYSTEM)
    settings.SECRET_KEY_FALLBACKS = []
    assert keyring.read().keys[0].kid == str(row.id)
    assert here.SECRET_KEY == "another"


def test_the_command(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sso_keys", "rotate", "--now")
    assert capsys.readouterr().out.count("RS256") == 2
    with pytest.raises(CommandError):
        call_command("sso_keys", "withdraw", "no-id", "--reason", "x")


# Addresses ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "kind", "good"),
    [
        ("https://a.example/cb", Kind.WEB, True),
        ("http://127.0.0.1:8080/cb", Kind.WEB, True),
        ("http://a.example/cb", Kind.WEB, False),
        ("https://*.example/cb", Kind.WEB, False),
        ("https://a.example/cb#x", Kind.WEB, False),
        ("https://u:p@a.example/cb", Kind.WEB, False),
        ("https://a.example/x/../cb", Kind.WEB, False),
        ("https://a.example/c b", Kind.WEB, False),
        ("https:///cb", Kind.WEB, False),
        ("https://a.example:99999/cb", Kind.WEB, False),
        ("javascript:alert(1)", Kind.NATIVE, False),
        ("vn.gov.haugiang.app:/cb", Kind.NATIVE, True),
        ("vn.gov.haugiang.app:/cb", Kind.WEB, False),
        ("data:text/html,x", Kind.NATIVE, False),
    ],
)
def test_addresses_a_program_may_name(uri: str, kind: str, good: bool) -> None:
    if good:
        assert addresses.checked(uri, field="x", kind=kind) == uri
    else:
        with pytest.raises(Refusal):
            addresses.checked(uri, field="x", kind=kind)


def test_only_a_native_program_on_the_own_machine_changes_its_port() -> None:
    registered = ["http://127.0.0.1/cb"]
    assert addresses.same("http://127.0.0.1:51234/cb", registered, Kind.NATIVE)
    assert not addresses.same("http://127.0.0.1:51234/cb", registered, Kind.WEB)
    assert not addresses.same("http://127.0.0.1:51234/other", registered, Kind.NATIVE)
    assert not addresses.same("http://127.0.0.1.evil.example/cb", registered, Kind.NATIVE)
    assert not addresses.same("http://127.0.0.1:5@evil.example/cb", registered, Kind.NATIVE)
