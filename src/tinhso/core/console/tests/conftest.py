"""What the tests of this room share: the small province, and its people signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tinhso.core.access.models import PostRole
from tinhso.core.access.queries import open_posts
from tinhso.core.orgs.queries import directory, forget
from tinhso.core.people.models import Account
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.core.testing.web import signed_in

BIRTH, INFORMATION = "1.001193", "2.001263"


@pytest.fixture(scope="module")
def province_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    """The small province, made once for the tests of a module and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province((BIRTH, INFORMATION))
        transaction.set_rollback(True)


@pytest.fixture
def province(province_of_module: SmallProvince, db: None) -> SmallProvince:
    """What a test does is undone after it."""
    forget()
    return province_of_module


@pytest.fixture
def browser(province: SmallProvince) -> Callable[[Account], Client]:
    """A browser of somebody signed in."""
    return lambda account: signed_in(Client(), account)


@pytest.fixture
def admin(province: SmallProvince, browser: Callable[[Account], Client]) -> Client:
    """The administrator (who is the auditor too in the small province)."""
    return browser(province.administrator)


@pytest.fixture
def only_auditor(province: SmallProvince) -> Account:
    """The same person with the auditor's role alone."""
    PostRole.objects.filter(post__code="administrator", role_id="administrator").delete()
    forget()
    return province.administrator


@pytest.fixture
def warm(settings: Any) -> None:
    """The directory as in production: its token is looked at every few seconds, not at every question."""
    settings.ORGS_CACHE_SECONDS = 60
    directory()
    open_posts()
