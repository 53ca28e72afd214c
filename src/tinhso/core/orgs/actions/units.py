"""Acts on units: each closes one period and opens the next, and says on which decision it rests."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.models import Succession, Territory, TerritoryPeriod, Unit, UnitKind, UnitPeriod
from tinhso.core.orgs.policy import EDIT_UNITS, ActorLike, require
from tinhso.core.orgs.queries.directory import forget
from tinhso.core.orgs.rules import free_path, path_of
from tinhso.kit.errors import NotFound, Refusal, Stale


def create_unit(
    *,
    actor: ActorLike,
    code: str,
    name: str,
    kind: str,
    parent_id: UUID | None,
    agency: str = "",
    territory_code: str = "",
    valid_from: date,
    ground: str = "",
    short_name: str = "",
) -> Unit:
    """A new unit under a parent, in force from a day. Refuses a code in use and a name left empty."""
    code, name = code.strip(), " ".join(name.split())
    _check_new(code, name, kind)
    with transaction.atomic():
        parent = _locked(parent_id) if parent_id else None
        path = new_path(code, parent)
        require(actor, EDIT_UNITS, path)
        territory = Territory.objects.filter(code=territory_code).first() if territory_code else None
        try:
            with transaction.atomic():
                unit = Unit.objects.create(
                    code=code,
                    name=name,
                    short_name=short_name,
                    kind=kind,
                    agency=agency,
                    parent=parent,
                    path=path,
                    territory=territory,
                    active=valid_from <= timezone.localdate(),
                )
        except IntegrityError as error:
            raise _code_in_use(code) from error
        _open_period(unit, valid_from, ground)
        _audit("orgs.create_unit", unit, actor, {"code": code, "name": name, "from": str(valid_from)})
    forget()
    return unit


def _code_in_use(code: str) -> Refusal:
    return Refusal("code_in_use", _("Mã %(code)s đã có đơn vị khác dùng.") % {"code": code}, field="code")


def _check_new(code: str, name: str, kind: str) -> None:
    if not code or not name:
        empty = "name" if code else "code"
        raise Refusal("incomplete", _("Đơn vị cần có mã và tên."), status=422, field=empty)
    if kind not in UnitKind.values:
        raise Refusal("unknown_kind", _("Không có loại đơn vị này."), status=422, field="kind")


def rename_unit(*, actor: ActorLike, unit_id: UUID, name: str, on: date, ground: str = "") -> Unit:
    """Another name from a day; papers of before keep the old one."""
    return _change(actor, unit_id, on, ground, "orgs.rename_unit", name=" ".join(name.split()))


def recode_unit(*, actor: ActorLike, unit_id: UUID, code: str, on: date, ground: str = "") -> Unit:
    """Another official code from a day; case codes made with the old one still lead to the unit."""
    return _change(actor, unit_id, on, ground, "orgs.recode_unit", code=code.strip())


def move_unit(*, actor: ActorLike, unit_id: UUID, parent_id: UUID, on: date, ground: str = "") -> Unit:
    """Put a unit, with everything below it, under another parent from a day."""
    return _change(actor, unit_id, on, ground, "orgs.move_unit", parent_id=parent_id)


def update_unit_contact(*, actor: ActorLike, unit_id: UUID, address: str, phone: str) -> Unit:
    """Where a unit is found and called; what receipts and information pages print. Not dated: only today's counts."""
    after = {"address": " ".join(address.split()), "phone": " ".join(phone.split())}
    with transaction.atomic():
        unit = _locked(unit_id)
        require(actor, EDIT_UNITS, unit.path)
        before = {"address": unit.address, "phone": unit.phone}
        if before != after:
            unit.address, unit.phone = after["address"], after["phone"]
            unit.save(update_fields=["address", "phone"])
            _audit("orgs.update_unit_contact", unit, actor, {"before": before, "after": after})
    forget()
    return unit


def close_unit(
    *, actor: ActorLike, unit_id: UUID, on: date, ground: str = "", successor_id: UUID | None = None
) -> Unit:
    """End a unit on a day (the first day it is no more), naming the unit that continues it if there is one.

    Refuses while units below it are still open.
    """
    with transaction.atomic():
        unit = _locked(unit_id)
        require(actor, EDIT_UNITS, unit.path)
        period = _open_one(unit, on)
        if Unit.objects.filter(parent=unit, periods__valid__contains=on).exists():
            raise Refusal(
                "has_open_parts", _("Còn đơn vị trực thuộc đang hoạt động; đóng hoặc chuyển chúng trước.")
            )
        if successor_id == unit.id:
            raise Refusal(
                "own_successor", _("Một đơn vị không thể tự kế thừa."), status=422, field="successor"
            )
        period.valid = DateRange(period.valid.lower, on)
        period.save(update_fields=["valid"])
        if successor_id:
            Succession.objects.create(predecessor=unit, successor=_locked(successor_id), on=on, ground=ground)
        _project(unit, timezone.localdate())
        told = {"on": str(on), "ground": ground, "successor": str(successor_id or "")}
        _audit("orgs.close_unit", unit, actor, told)
    forget()
    return unit


def apply_due_changes(today: date) -> int:
    """Bring the columns of units in line with the period in force today; returns how many changed.

    Changes dated in the future are written at once as periods; this makes them visible on their day.
    """
    changed = 0
    with transaction.atomic():
        due = TerritoryPeriod.objects.filter(valid__contains=today).select_related("territory")
        for period in due.select_for_update(of=("self",)):
            changed += _project_place(period)
        for unit in Unit.objects.select_for_update().order_by("path"):
            changed += _project(unit, today)
    forget()
    return changed


def _project_place(period: TerritoryPeriod) -> bool:
    place = period.territory
    new = {"name": period.name, "level": period.level, "parent_id": period.parent_id}
    if all(getattr(place, key) == value for key, value in new.items()):
        return False
    Territory.objects.filter(id=place.id).update(**new)
    return True


def _change(actor: ActorLike, unit_id: UUID, on: date, ground: str, act: str, **new: Any) -> Unit:
    """End the open period on a day and open one that differs in `name`, `code` or `parent_id`."""
    if any(not value for value in new.values()):
        raise Refusal("incomplete", _("Cần ghi nội dung mới."), status=422, field=next(iter(new)))
    with transaction.atomic():
        unit = _locked(unit_id)
        require(actor, EDIT_UNITS, unit.path)
        if "parent_id" in new:
            parent = _locked(new["parent_id"])
            require(actor, EDIT_UNITS, parent.path)
            if parent.path == unit.path or parent.path.startswith(unit.path + "."):
                raise Refusal(
                    "circle", _("Không thể đặt một đơn vị dưới chính nó."), status=422, field="parent"
                )
        if "code" in new and Unit.objects.filter(code=new["code"]).exclude(id=unit.id).exists():
            raise Refusal(
                "code_in_use", _("Mã %(code)s đã có đơn vị khác dùng.") % {"code": new["code"]}, field="code"
            )
        period = _open_one(unit, on)
        before = {key: str(getattr(period, key)) for key in new}
        period.valid = DateRange(period.valid.lower, on)
        period.save(update_fields=["valid"])
        kept = ("code", "name", "parent_id", "territory_id")
        values = {key: getattr(period, key) for key in kept} | new
        UnitPeriod.objects.create(unit=unit, valid=DateRange(on, None), ground=ground, **values)
        _project(unit, timezone.localdate())
        after = {key: str(value) for key, value in new.items()}
        _audit(act, unit, actor, {"before": before, "after": after, "on": str(on), "ground": ground})
    forget()
    return unit


def _locked(unit_id: UUID) -> Unit:
    unit = Unit.objects.select_for_update().filter(id=unit_id).first()
    if unit is None:
        raise NotFound("unknown_unit", _("Không có đơn vị này."))
    return unit


def _open_one(unit: Unit, on: date) -> UnitPeriod:
    """The unit's period without end. Refuses a unit that is closed, and a day not after the period's start."""
    period = UnitPeriod.objects.filter(unit=unit, valid__endswith=None).first()
    if period is None:
        raise Stale("unit_closed", _("Đơn vị này đã đóng."))
    if period.valid.lower is not None and on <= period.valid.lower:
        raise Refusal(
            "too_early",
            _("Thay đổi phải sau ngày %(day)s, ngày thông tin hiện tại có hiệu lực.")
            % {"day": f"{period.valid.lower:%d/%m/%Y}"},
            status=422,
            field="on",
        )
    return period


def _open_period(unit: Unit, first: date, ground: str) -> None:
    UnitPeriod.objects.create(
        unit=unit,
        valid=DateRange(first, None),
        code=unit.code,
        name=unit.name,
        parent=unit.parent,
        territory=unit.territory,
        ground=ground,
    )


def new_path(code: str, parent: Unit | None) -> str:
    """The path of a new unit under a parent: never one that another unit has or had."""
    path = path_of(code, *((parent.code, parent.path) if parent else ("", "")))
    return free_path(path, _taken(path))


def _taken(path: str) -> set[str]:
    """Paths like this one that units have or had."""
    rows = Unit.objects.filter(path__startswith=path).values_list("path", flat=True)
    former = Unit.objects.exclude(former_paths=[]).values_list("former_paths", flat=True)
    return {*rows, *(p for paths in former for p in paths)}


def _project(unit: Unit, today: date) -> bool:
    """Write what holds today into the unit's columns, and new paths below it; whether anything changed."""
    period = UnitPeriod.objects.filter(unit=unit, valid__contains=today).select_related("parent").first()
    if period is None:
        if unit.active:
            Unit.objects.filter(id=unit.id).update(active=False)
            unit.active = False
            return True
        return False
    path = unit.path
    if period.parent_id != unit.parent_id:
        path = _path_under(unit, period.parent.path if period.parent else "")
    new = {
        "name": period.name,
        "code": period.code,
        "parent_id": period.parent_id,
        "territory_id": period.territory_id or unit.territory_id,
        "path": path,
        "active": True,
    }
    changed = {key: value for key, value in new.items() if getattr(unit, key) != value}
    if not changed:
        return False
    if path != unit.path:
        _move_below(unit.path, path)
        Unit.objects.filter(id=unit.id).update(former_paths=[*unit.former_paths, unit.path])
    Unit.objects.filter(id=unit.id).update(**changed)
    for key, value in changed.items():
        setattr(unit, key, value)
    return True


def _path_under(unit: Unit, above: str) -> str:
    """The path of a unit under another parent: the one it had there before, else a free one."""
    former = [p for p in unit.former_paths if p.rpartition(".")[0] == above]
    if former:
        return str(former[-1])
    label = unit.path.rpartition(".")[2]
    path = f"{above}.{label}" if above else label
    return free_path(path, _taken(path))


def _move_below(old: str, new: str) -> None:
    for row in Unit.objects.select_for_update().filter(path__startswith=old + "."):
        moved = new + row.path[len(old) :]
        Unit.objects.filter(id=row.id).update(path=moved, former_paths=[*row.former_paths, row.path])


def _audit(act: str, unit: Unit, actor: ActorLike, data: dict[str, Any]) -> None:
    batch = Batch()
    record(batch, act=act, object_kind="unit", object_id=str(unit.id), actor=actor, data=data)
    batch.send()
