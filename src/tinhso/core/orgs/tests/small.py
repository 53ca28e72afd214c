"""A province of two communes, made with the room's own actions, for the tests of this room and those above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tinhso.core.orgs import actions
from tinhso.core.orgs.models import Territory, Unit

FROM = date(2022, 1, 1)
WEEK = [[["07:30", "11:30"], ["13:00", "17:00"]]] * 5 + [[], []]


@dataclass(frozen=True)
class Doer:
    """Somebody who acts, as this room knows an actor: rights by unit path; `everywhere` for the system."""

    person_id: UUID | None = None
    name: str = "Người thử"
    system: str = ""
    rights: frozenset[str] = frozenset()
    path: str = ""
    account_id: UUID | None = None
    post_id: UUID | None = None
    post_title: str = ""
    unit_id: UUID | None = None
    on_behalf_of: None = None
    channel: str = "test"
    request_id: str = ""

    def may(self, permission: str, path: str | None = None) -> bool:
        here = path is None or path == self.path or path.startswith(self.path + ".")
        return bool(self.system) or (permission in self.rights and here)


SYSTEM = Doer(system="tests")
VISITOR = Doer()


@dataclass
class Small:
    """The units by the names tests use."""

    province: Unit
    centre: Unit
    department: Unit
    district: Unit
    justice: Unit
    ward: Unit
    desk: Unit
    village: Unit


def make() -> Small:
    place = Territory.objects.create(code="93", name="Tỉnh Hậu Giang", level="province")
    city = Territory.objects.create(code="930", name="Thành phố Vị Thanh", level="district", parent=place)
    Territory.objects.create(code="31318", name="Phường I", level="commune", parent=city)
    Territory.objects.create(code="31333", name="Xã Vị Tân", level="commune", parent=city)

    def unit(code, name, kind, parent=None, agency="people_committee", territory="93"):
        return actions.create_unit(
            actor=SYSTEM,
            code=code,
            name=name,
            kind=kind,
            parent_id=parent and parent.id,
            agency=agency,
            territory_code=territory,
            valid_from=FROM,
        )

    province = unit("H30", "Ủy ban nhân dân tỉnh Hậu Giang", "province")
    district = unit("H30.41", "Ủy ban nhân dân thành phố Vị Thanh", "district", province, territory="930")
    ward = unit("H30.41.21", "Ủy ban nhân dân phường I", "commune", district, territory="31318")
    small = Small(
        province=province,
        centre=unit("H30.01", "Trung tâm Phục vụ hành chính công", "centre", province, "one_stop"),
        department=unit("H30.11", "Sở Tài nguyên và Môi trường", "department", province, "natural_resources"),
        district=district,
        justice=unit("H30.41.04", "Phòng Tư pháp", "division", district, "justice", "930"),
        ward=ward,
        desk=unit("H30.41.21.01", "Bộ phận Một cửa phường I", "centre", ward, "one_stop", "31318"),
        village=unit("H30.41.26", "Ủy ban nhân dân xã Vị Tân", "commune", district, territory="31333"),
    )
    actions.create_calendar(actor=SYSTEM, code="standard", name="Giờ hành chính", weekly=WEEK)
    actions.assign_calendar(actor=SYSTEM, unit_id=province.id, code="standard")
    return small
