"""What the tests of the one-stop share: the small province, and people signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tinhso.core.cases import rates, versions
from tinhso.core.orgs.queries import forget
from tinhso.core.people.models import Account
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.core.testing.web import signed_in as in_browser
from tinhso.systems.onestop.tests.staff_world import BIRTH

INFORMATION = "2.001263"


@pytest.fixture(scope="module")
def province_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    """The small province, made once for the tests of a module and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province((BIRTH, INFORMATION))
        transaction.set_rollback(True)


@pytest.fixture
def province(province_of_module: SmallProvince, db: None) -> SmallProvince:
    """The small province with birth registration and one information page; what a test does is undone after it."""
    forget()
    rates.forget()
    versions.forget()
    return province_of_module


@pytest.fixture
def signed_in() -> Callable[[Account], Client]:
    """A browser of somebody signed in; no template may fail silently in it."""

    def open_browser(account: Account) -> Client:
        client = Client()
        return in_browser(client, account)

    return open_browser


@pytest.fixture
def citizen(province: SmallProvince, signed_in: Callable[[Account], Client]) -> Client:
    """The browser of the citizen of Phường I."""
    return signed_in(province.citizen)


@pytest.fixture
def other(province: SmallProvince, signed_in: Callable[[Account], Client]) -> Client:
    """The browser of somebody else."""
    return signed_in(province.other)
