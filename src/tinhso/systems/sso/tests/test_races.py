"""Two with the same code at the same moment."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from tinhso.core.testing.office import small_office
from tinhso.core.testing.race import race
from tinhso.core.testing.web import signed_in
from tinhso.kit.errors import Refusal
from tinhso.systems.sso.actions import keys
from tinhso.systems.sso.models import Grant, Key, Token
from tinhso.systems.sso.tests.conftest import PERMISSIONS, plant
from tinhso.systems.sso.tests.relying import SYSTEM, Relying, connect


@pytest.fixture
def racing(transactional_db: None, rsa: tuple[str, str, dict], client: Browser) -> Relying:
    plant(rsa)
    office = small_office(permissions=PERMISSIONS)
    signed_in(client, office.citizen)
    return connect(client, trusted=True)


def test_a_code_used_twice_at_once_gives_one(racing: Relying) -> None:
    code = racing.code()
    statuses = sorted(answer.status_code for answer in race(*[lambda: racing.redeem(code)] * 4))
    assert statuses == [200, 400, 400, 400]
    assert Token.objects.filter(kind="a").count() == 1
    assert Grant.objects.get().revoke_reason == "code_replayed"


def test_a_refresh_token_used_twice_at_once_gives_one(racing: Relying) -> None:
    token = racing.tokens()["refresh_token"]
    statuses = sorted(answer.status_code for answer in race(*[lambda: racing.refresh(token)] * 4))
    assert statuses == [200, 400, 400, 400]
    assert Grant.objects.get().revoke_reason == "refresh_reused"


def test_two_administrators_rotating_at_once_make_one_key(racing: Relying) -> None:
    outcomes = race(*[lambda: keys.rotate(actor=SYSTEM)] * 2)
    assert sum(isinstance(one, Refusal) for one in outcomes) == 1
    assert Key.objects.filter(use="sig").count() == 2
