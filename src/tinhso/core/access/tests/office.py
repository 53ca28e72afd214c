"""A ward with posts, roles and people, made with the rooms' own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tinhso.core.access import actions
from tinhso.core.access.actor import system_actor
from tinhso.core.access.roles import load_roles
from tinhso.core.orgs import actions as orgs
from tinhso.core.orgs.models import Post, Unit
from tinhso.core.orgs.tests import small
from tinhso.core.people import actions as people
from tinhso.core.people.actions import Particulars
from tinhso.core.people.models import Account, Person

SYSTEM = system_actor("tests")
PASSWORD = "vườn cam nhà tôi"
FROM = date(2022, 1, 1)


@dataclass
class Office:
    """The units, and one person with an account for each of three posts; `clerk` also stands in as head."""

    units: small.Small
    clerk: Account
    chair: Account
    admin: Account
    citizen: Account


def make() -> Office:
    load_roles()
    units = small.make()
    clerk = account("motcua", "Lê Thị Bé", "093190000001")
    appoint(clerk.person, post(units.desk, "one_stop_clerk", "one_stop_clerk"))
    appoint(clerk.person, post(units.desk, "centre_head", "centre_head"), date(2024, 1, 1))
    chair = account("chutich", "Trần Văn Cường", "093070000002")
    appoint(chair.person, post(units.ward, "chair", "chair"))
    admin = account("quantri", "Phạm Thị Dung", "093180000003")
    appoint(admin.person, post(units.province, "administrator", "administrator", below=True))
    return Office(units, clerk, chair, admin, account("congdan", "Nguyễn Văn An", "093085000123"))


def account(username: str, name: str, number: str) -> Account:
    person = people.find_or_create_person(actor=SYSTEM, says=Particulars(name, number))
    return people.create_account(actor=SYSTEM, person_id=person.id, username=username, password=PASSWORD)


def post(unit: Unit, code: str, role: str, *, below: bool = False) -> Post:
    made = orgs.create_post(actor=SYSTEM, unit_id=unit.id, code=code, title=code)
    actions.assign_role(actor=SYSTEM, post_id=made.id, role=role, below=below)
    return made


def appoint(person: Person, held: Post, since: date = FROM) -> None:
    actions.appoint(actor=SYSTEM, person_id=person.id, post_id=held.id, valid_from=since)
