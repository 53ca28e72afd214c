"""What the tests of this room share: the small province, its people signed in, and lists to bring."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tinhso.core.access import actions as access
from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.access.queries import standing_of_person
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.models import Run
from tinhso.core.orgs import actions as orgs
from tinhso.core.orgs.queries import forget
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account
from tinhso.core.testing.province import FROM, SmallProvince, small_province
from tinhso.core.testing.web import signed_in
from tinhso.systems.accounts.actions import importing

SYSTEM = system_actor("tests")
HEAD = ["Họ và tên", "Số định danh", "Mã cán bộ", "Email", "Đơn vị", "Chức danh", "Từ ngày"]


@pytest.fixture(scope="module")
def province_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    """The small province without procedures, made once for a module and rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province(())
        transaction.set_rollback(True)


@pytest.fixture
def province(province_of_module: SmallProvince, db: None) -> SmallProvince:
    """What a test does is undone after it."""
    forget()
    return province_of_module


@pytest.fixture
def admin(province: SmallProvince) -> Actor:
    """The administrator of the province."""
    return province.actor(province.administrator)


@pytest.fixture
def unit_admin_account(province: SmallProvince) -> Account:
    """The administrator of Phường I and what lies below it."""
    post = orgs.create_post(
        actor=SYSTEM, unit_id=province.commune.id, code="quan-tri", title="Quản trị đơn vị"
    )
    access.assign_role(actor=SYSTEM, post_id=post.id, role="unit_administrator", below=True)
    person = people.find_or_create_person(
        actor=SYSTEM, says=people.Particulars("Đỗ Thị Quản", "093188000777")
    )
    access.appoint(actor=SYSTEM, person_id=person.id, post_id=post.id, valid_from=FROM)
    return people.create_account(actor=SYSTEM, person_id=person.id, username="quan-tri-phuong")


@pytest.fixture
def unit_admin(unit_admin_account: Account) -> Actor:
    return standing_of_person(unit_admin_account.person_id).actor()


@pytest.fixture
def browser(province: SmallProvince) -> Callable[[Account], Client]:
    """A browser of somebody signed in."""
    return lambda account: signed_in(Client(), account)


def workbook(rows: Sequence[Sequence[Any]], merge: str = "", title: str = "Danh sách") -> bytes:
    """A workbook with one sheet."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row(n: int, unit: str = "H30.41.21", post: str = "Văn thư", **changes: str) -> list[str]:
    """A line of somebody, number `n`."""
    said = {
        "name": f"Nguyễn Văn {'ABCDEGHIKL'[n % 10]}", "number": f"093085{n:06d}", "staff": f"CB{n:05d}", "email": f"a{n}@haugiang.gov.vn",
        "unit": unit, "post": post, "from": "01/07/2026",
    } | changes  # fmt: skip
    return list(said.values())


def checked(actor: Actor, data: bytes, **asked: str) -> Run:
    """A list brought and looked through; the run that waits for confirmation."""
    run = importing.bring(actor=actor, data=data, name="ds.xlsx", **asked)
    importing.look_through(actor=actor, run=run, meant=run.data["meant"])
    runs.work(run.id)
    run.refresh_from_db()
    assert run.state == "done", run.error
    return Run.objects.get(id=run.result["url"].split("/")[-3])


def done(actor: Actor, data: bytes, **asked: str) -> Run:
    """The same, confirmed and done."""
    run = checked(actor, data, **asked)
    importing.confirm(actor=actor, run=run, make_posts=True, invite=True)
    runs.work(run.id)
    run.refresh_from_db()
    return run
