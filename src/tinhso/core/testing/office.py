"""The least that staff pages need: a few units, one calendar, two people with accounts. Rows only, so it is quick.

For anything that files cases use `tinhso.core.testing.province`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tinhso.core.access.models import Holding, PostRole, Role
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Post, Unit, UnitCalendar, WorkCalendar
from tinhso.core.people.models import Account, Person
from tinhso.kit.text import fold

FROM = date(2022, 1, 1)
WEEK = [[["07:30", "11:30"], ["13:00", "17:00"]]] * 5 + [[], []]
#: (code, kind, parent): a province, a district with an office, two communes, one with its one-stop centre.
UNITS = (
    ("H30", "province", ""),
    ("H30.41", "district", "H30"),
    ("H30.41.03", "division", "H30.41"),
    ("H30.41.21", "commune", "H30.41"),
    ("H30.41.21.01", "centre", "H30.41.21"),
    ("H30.41.26", "commune", "H30.41"),
)


@dataclass(frozen=True)
class Office:
    """`clerk` holds `one_stop_clerk` at the centre H30.41.21.01; `citizen` holds no post."""

    units: dict[str, Unit]
    clerk: Account
    citizen: Account


def small_office(permissions: tuple[str, ...] = ("cases.see", "cases.receive")) -> Office:
    """Make it inside a test's transaction; `permissions` are what the clerk's role carries."""
    units: dict[str, Unit] = {}
    for code, kind, parent in UNITS:
        above = units.get(parent)
        units[code] = Unit(code=code, name=f"Đơn vị {code}", kind=kind, parent=above, path=code)
    Unit.objects.bulk_create(units.values())
    calendar = WorkCalendar.objects.create(code="office", name="Giờ hành chính", weekly=WEEK)
    UnitCalendar.objects.create(unit=units["H30"], calendar=calendar)
    clerk, citizen = (
        _account(name, user) for name, user in (("Lê Thị Thu", "thu"), ("Nguyễn Thị Lan", "lan"))
    )
    role = Role.objects.create(code="one_stop_clerk", name="Cán bộ tiếp nhận", permissions=list(permissions))
    post = Post.objects.create(code="one_stop_clerk", unit=units["H30.41.21.01"], title="Cán bộ tiếp nhận")
    PostRole.objects.create(post=post, role=role)
    Holding.objects.create(person=clerk.person, post=post, valid_from=FROM)
    orgs.forget()
    return Office(units, clerk, citizen)


def _account(name: str, user: str) -> Account:
    person = Person.objects.create(full_name=name, folded_name=fold(name))
    return Account.objects.create(username=user, person=person, password="!")  # noqa: S106  nobody signs in with it
