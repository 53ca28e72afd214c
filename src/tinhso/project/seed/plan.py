"""What the province is to consist of, read from the reference files and checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tinhso.core.access.roles import role_ids
from tinhso.core.orgs.models import UnitKind
from tinhso.core.orgs.references import agencies, reference
from tinhso.kit.yamlfile import Document, Fault, FaultsError

TERRITORIES = "units-hau-giang-2022"
STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post as the reference file describes it. `same_as`: who holds that post of the unit above holds this too."""

    code: str
    title: str
    roles: tuple[str, ...]
    roles_below: tuple[str, ...]
    count: int
    same_as: str


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit to be, with the code of the one above it; parents come before children."""

    code: str
    name: str
    short_name: str
    kind: str
    agency: str
    parent: str
    territory: str
    address: str
    calendar: str
    posts: tuple[PlannedPost, ...]


@dataclass(frozen=True, slots=True)
class _Seat:
    """Where a People's Committee and its parts are: what all of them share."""

    territory: str
    suffix: str
    address: str
    centre_calendar: str


def planned_units() -> list[PlannedUnit]:
    """Every unit of the province, parents first. `FaultsError` when a file names an unknown role or agency."""
    structure, places = reference("units"), reference(TERRITORIES, "territories").data
    _check(structure)
    pattern, root, own = structure.data, places["agency_id"], places["calendars"]
    found = list(
        _committee(pattern["province"], UnitKind.PROVINCE, places["province"] | {"agency_id": root}, "", own)
    )
    for district in places["districts"]:
        found += _committee(pattern["district"], UnitKind.DISTRICT, district, root, own)
        for commune in district["communes"]:
            found += _committee(pattern["commune"], UnitKind.COMMUNE, commune, district["agency_id"], own)
    return found


def _committee(
    pattern: dict[str, Any], kind: str, place: dict[str, Any], parent: str, calendars: Mapping[str, str]
) -> Iterator[PlannedUnit]:
    """A People's Committee and everything in it."""
    here = place["name"][:1].lower() + place["name"][1:]
    is_root = kind == UnitKind.PROVINCE
    seat = _Seat(
        place["code"], "" if is_root else f" {here}", place.get("address", f"Trụ sở UBND {here}"),
        calendars.get(place["code"], ""),
    )  # fmt: skip
    yield PlannedUnit(
        code=place["agency_id"], name=f"Ủy ban nhân dân {here}", short_name=f"UBND {here}", kind=kind,
        agency="people_committee", parent=parent, territory=seat.territory, address=seat.address,
        calendar=STANDARD if is_root else "", posts=_posts(pattern["posts"]),
    )  # fmt: skip
    for part in pattern["units"]:
        yield from _part(part, place["agency_id"], seat)


def _part(row: dict[str, Any], parent: str, seat: _Seat) -> Iterator[PlannedUnit]:
    code, short = f"{parent}.{row['code']}", row.get("short_name", "")
    own_calendar = seat.centre_calendar if row["kind"] == UnitKind.CENTRE else ""
    yield PlannedUnit(
        code=code, name=row["name"] + seat.suffix, short_name=short + seat.suffix if short else "", kind=row["kind"],
        agency=row["agency"], parent=parent, territory=seat.territory, address=seat.address,
        calendar=own_calendar or row.get("calendar", ""), posts=_posts(row.get("posts", [])),
    )  # fmt: skip
    for part in row.get("units", []):
        yield from _part(part, code, seat)


def _posts(rows: list[dict[str, Any]]) -> tuple[PlannedPost, ...]:
    return tuple(
        PlannedPost(
            row["code"], row["title"], tuple(row["roles"]), tuple(row.get("roles_below", ())), row.get("count", 1),
            row.get("same_as", ""),
        )
        for row in rows
    )  # fmt: skip


def _check(structure: Document) -> None:
    known_roles, known_agencies = role_ids(), agencies()
    faults: list[Fault] = []

    def walk(row: dict[str, Any], where: tuple[str | int, ...]) -> None:
        if row.get("agency", "people_committee") not in known_agencies:
            faults.append(structure.fault((*where, "agency"), f"Không có lĩnh vực “{row['agency']}”."))
        for n, post in enumerate(row.get("posts", [])):
            faults.extend(
                structure.fault((*where, "posts", n), f"Không có vai trò “{role}”.")
                for role in (*post["roles"], *post.get("roles_below", []))
                if role not in known_roles
            )
        for n, part in enumerate(row.get("units", [])):
            walk(part, (*where, "units", n))

    for level in ("province", "district", "commune"):
        walk(structure.data[level], (level,))
    if faults:
        raise FaultsError(faults)
