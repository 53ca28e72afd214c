"""A small province for tests and trials: one province, one district, two communes, their posts, people and calendar.

Made by the rooms' own actions, so it breaks when they do. Call `small_province()` inside a test's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tinhso.core.access import actions as access
from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.access.queries import standing_of_account, standing_of_person
from tinhso.core.access.roles import load_roles, role_ids
from tinhso.core.cases import rates, versions
from tinhso.core.cases.actions.publish import load_entry
from tinhso.core.orgs import actions as orgs
from tinhso.core.orgs import queries as org_queries
from tinhso.core.orgs.models import Territory, Unit
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account, Person
from tinhso.core.procedures.catalog import Catalog, Entry

FROM = date(2022, 1, 1)
PASSWORD = "vườn cam Hậu Giang"  # noqa: S105  of people who do not exist
WEEK = [[["07:30", "11:30"], ["13:00", "17:00"]]] * 5 + [[], []]
TERRITORIES = (
    ("93", "Tỉnh Hậu Giang", "province", None),
    ("930", "Thành phố Vị Thanh", "district", "93"),
    ("31318", "Phường I", "commune", "930"),
    ("31333", "Xã Vị Tân", "commune", "930"),
)
COMMUNE_ROLES = (
    "chair civil_status_officer land_officer social_officer construction_officer education_officer business_officer "
    "document_clerk"
)
# (code, name, kind, agency, parent, territory, roles of its posts)
UNITS = (
    ("H30", "Ủy ban nhân dân tỉnh Hậu Giang", "province", "", None, "93", "chair"),
    ("H30.01", "Trung tâm Phục vụ hành chính công tỉnh", "centre", "one_stop", "H30", "93",
     "centre_head one_stop_clerk cashier"),
    ("H30.11", "Sở Tài nguyên và Môi trường", "department", "natural_resources", "H30", "93",
     "department_head division_head environment_officer land_officer document_clerk"),
    ("H30.12", "Sở Xây dựng", "department", "construction", "H30", "93",
     "department_head division_head construction_officer"),
    ("H30.13", "Sở Tư pháp", "department", "justice", "H30", "93",
     "department_head division_head civil_status_officer"),
    ("H30.14", "Văn phòng Đăng ký đất đai", "department", "land_registry", "H30", "93",
     "department_head division_head land_officer"),
    ("H30.15", "Sở Giáo dục và Đào tạo", "department", "education", "H30", "93",
     "department_head division_head education_officer"),
    ("H30.16", "Sở Kế hoạch và Đầu tư", "department", "finance", "H30", "93",
     "department_head division_head business_officer"),
    ("H30.17", "Sở Giao thông vận tải", "department", "transport", "H30", "93", "department_head"),
    ("H30.18", "Sở Nông nghiệp và Phát triển nông thôn", "department", "agriculture", "H30", "93", "department_head"),
    ("H30.19", "Sở Văn hóa, Thể thao và Du lịch", "department", "culture", "H30", "93",
     "department_head culture_officer"),
    ("H30.21", "Công an tỉnh", "department", "police", "H30", "93", "department_head police_officer"),
    ("H30.41", "Ủy ban nhân dân thành phố Vị Thanh", "district", "", "H30", "930", "chair"),
    ("H30.41.01", "Bộ phận Một cửa thành phố Vị Thanh", "centre", "one_stop", "H30.41", "930",
     "centre_head one_stop_clerk cashier"),
    ("H30.41.02", "Phòng Tài chính - Kế hoạch", "division", "finance", "H30.41", "930",
     "division_head department_head business_officer"),
    ("H30.41.03", "Phòng Quản lý đô thị", "division", "construction", "H30.41", "930",
     "division_head department_head construction_officer"),
    ("H30.41.04", "Phòng Tài nguyên và Môi trường", "division", "natural_resources", "H30.41", "930",
     "division_head department_head land_officer environment_officer"),
    ("H30.41.15", "Bảo hiểm xã hội thành phố Vị Thanh", "other", "insurance", "H30.41", "930",
     "insurance_head insurance_officer"),
    ("H30.41.21", "Ủy ban nhân dân Phường I", "commune", "", "H30.41", "31318",
     COMMUNE_ROLES),
    ("H30.41.21.01", "Bộ phận Một cửa Phường I", "centre", "one_stop", "H30.41.21", "31318",
     "centre_head one_stop_clerk cashier"),
    ("H30.41.21.02", "Công an Phường I", "other", "police", "H30.41.21", "31318", "police_head police_officer"),
    ("H30.41.26", "Ủy ban nhân dân Xã Vị Tân", "commune", "", "H30.41", "31333",
     COMMUNE_ROLES),
    ("H30.41.26.01", "Bộ phận Một cửa Xã Vị Tân", "centre", "one_stop", "H30.41.26", "31333",
     "centre_head one_stop_clerk cashier"),
    ("H30.41.26.02", "Công an Xã Vị Tân", "other", "police", "H30.41.26", "31333", "police_head police_officer"),
)  # fmt: skip
BELOW = frozenset({"department_head", "division_head"})
CITIZENS = (
    ("citizen", "Nguyễn Thị Lan", "093192000123", "1992-05-14", "F", "0912345678"),
    ("other", "Trần Văn Bình", "093085004567", "1985-11-02", "M", "0987654321"),
)


@dataclass(frozen=True)
class SmallProvince:
    """What `small_province` made. Units by code; `citizen` lives in Phường I, `other` is somebody else."""

    units: dict[str, Unit]
    holders: dict[tuple[str, str], UUID]
    citizen: Account
    other: Account
    administrator: Account
    procedures: tuple[str, ...] = field(default=())

    @property
    def commune(self) -> Unit:
        return self.units["H30.41.21"]

    @property
    def centre(self) -> Unit:
        return self.units["H30.41.21.01"]

    def officer(self, role: str, unit: str = "") -> Actor:
        """Whoever holds a role at a unit (by code), acting in that post; Phường I or its centre unless given."""
        places = [unit] if unit else ["H30.41.21", "H30.41.21.01"]
        person = next(self.holders[place, role] for place in places if (place, role) in self.holders)
        return standing_of_person(person).actor()

    def account(self, role: str, unit: str = "") -> Account:
        """The account of the same officer, for signing a test client in."""
        person_id = self.officer(role, unit).person_id
        assert person_id is not None  # noqa: S101
        return Account.objects.get(person_id=person_id)

    @staticmethod
    def actor(account: Account) -> Actor:
        """The actor behind an account."""
        standing = standing_of_account(account.id)
        assert standing is not None  # noqa: S101
        return standing.actor()


def small_province(procedures: tuple[str, ...] | None = None) -> SmallProvince:
    """Make it. `procedures` are codes to publish from the catalogue; None publishes every entry there is."""
    system = system_actor("test")
    load_roles()
    _territories()
    units = _units(system)
    _calendar(system, units["H30"])
    holders = _posts(system, units)
    accounts = {key: _citizen(system, *rest) for key, *rest in CITIZENS}
    codes = _publish(system, procedures)
    org_queries.forget()
    return SmallProvince(
        units, holders, accounts["citizen"], accounts["other"], _administrator(system, units["H30"]), codes
    )


def _territories() -> None:
    made: dict[str, Territory] = {}
    for code, name, level, parent in TERRITORIES:
        made[code] = Territory.objects.create(
            code=code, name=name, level=level, parent=made.get(parent or ""), valid_from=FROM
        )


def _units(system: Actor) -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for code, name, kind, agency, parent, territory, _ in UNITS:
        made[code] = orgs.create_unit(
            actor=system,
            code=code,
            name=name,
            kind=kind,
            agency=agency,
            territory_code=territory,
            valid_from=FROM,
            parent_id=made[parent].id if parent else None,
        )
    centres = [u.id for u in made.values() if u.kind == "centre"]
    Unit.objects.filter(id__in=centres).update(
        address="Số 1 đường Trần Hưng Đạo, Phường I", phone="0293 3580 111"
    )
    return made


def _calendar(system: Actor, root: Unit) -> None:
    orgs.create_calendar(actor=system, code="standard", name="Giờ hành chính", weekly=WEEK)
    for year in (2026, 2027):
        orgs.add_public_holidays(actor=system, code="standard", year=year)
    orgs.assign_calendar(actor=system, unit_id=root.id, code="standard")


def _posts(system: Actor, units: dict[str, Unit]) -> dict[tuple[str, str], UUID]:
    """One post, one person, one account for every role of every unit; user names like `chair.h30-41-21`."""
    holders: dict[tuple[str, str], UUID] = {}
    for code, *_, roles in UNITS:
        for role in roles.split():
            holders[code, role] = _officer(system, units[code], role).id
    return holders


def _officer(system: Actor, unit: Unit, role: str) -> Person:
    post = orgs.create_post(actor=system, unit_id=unit.id, code=role, title=TITLES[role])
    access.assign_role(actor=system, post_id=post.id, role=role, below=role in BELOW)
    person = people.find_or_create_person(
        actor=system,
        says=people.Particulars(
            full_name=f"Lê {NAMES[len(unit.code + role) % len(NAMES)]} {role[:1].upper()}"
        ),
    )
    access.appoint(actor=system, person_id=person.id, post_id=post.id, valid_from=FROM)
    name = f"{role}.{unit.code.replace('.', '-').lower()}"
    Account.objects.create(username=name, person=person, password=_hashed())
    return person


def _administrator(system: Actor, root: Unit) -> Account:
    post = orgs.create_post(actor=system, unit_id=root.id, code="administrator", title="Quản trị hệ thống")
    for role in ("administrator", "auditor"):
        access.assign_role(actor=system, post_id=post.id, role=role, below=True)
    person = people.find_or_create_person(actor=system, says=people.Particulars(full_name="Phạm Quản Trị"))
    access.appoint(actor=system, person_id=person.id, post_id=post.id, valid_from=FROM)
    return Account.objects.create(username="quantri", person=person, password=_hashed())


def _citizen(system: Actor, name: str, number: str, birth: str, sex: str, phone: str) -> Account:
    person = people.find_or_create_person(
        actor=system,
        says=people.Particulars(
            full_name=name,
            number=number,
            birth=birth,
            sex=sex,
            phone=phone,
            address="Số 12 đường Nguyễn Huệ",
            territory_code="31318",
            email="",
        ),
    )
    return Account.objects.create(username=number, person=person, password=_hashed())


@lru_cache(maxsize=1)
def _hashed() -> str:
    """One hash for all: hashing a password well takes longer than the rest of the fixture."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


def _publish(system: Actor, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    versions.forget()
    rates.forget()
    folders = Catalog(Path(settings.CATALOG), frozenset()).folders()
    entries = [_entry(f) for f in folders if wanted is None or f.name in wanted]
    for entry in entries:
        load_entry(entry, actor=system)
    return tuple(e.code for e in entries)


@lru_cache(maxsize=200)
def _entry(folder: Path) -> Entry:
    """One folder of the catalogue, read and checked once per process."""
    return Catalog(Path(settings.CATALOG), role_ids()).read(folder)


TITLES = {
    "chair": "Chủ tịch",
    "centre_head": "Phụ trách Bộ phận Một cửa",
    "one_stop_clerk": "Cán bộ tiếp nhận và trả kết quả",
    "cashier": "Thu ngân",
    "department_head": "Giám đốc",
    "division_head": "Trưởng phòng",
    "document_clerk": "Văn thư",
    "civil_status_officer": "Công chức tư pháp - hộ tịch",
    "business_officer": "Chuyên viên đăng ký kinh doanh",
    "construction_officer": "Công chức xây dựng",
    "land_officer": "Công chức địa chính",
    "social_officer": "Công chức văn hóa - xã hội",
    "education_officer": "Chuyên viên giáo dục",
    "environment_officer": "Chuyên viên môi trường",
    "culture_officer": "Chuyên viên văn hóa",
    "council_member": "Ủy viên Hội đồng thẩm định",
    "police_officer": "Cán bộ công an",
    "police_head": "Trưởng Công an",
    "insurance_officer": "Viên chức bảo hiểm xã hội",
    "insurance_head": "Giám đốc",
}
NAMES = ("Minh", "Hoa", "Hùng", "Thu", "Dũng", "Mai", "Sơn", "Yến")
