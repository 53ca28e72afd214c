"""Working out a plan: `after(plan, before)` gives the picture, with every fault and its place in the plan. Pure."""

from __future__ import annotations

from dataclasses import replace

from tinhso.core.reorganisation.picture import (
    GOVERNMENTS,
    Before,
    ByPlace,
    ByRules,
    Picture,
    PlaceNow,
    UnitNow,
    Way,
    Whole,
    same_work,
)
from tinhso.core.reorganisation.plan import (
    Change,
    Close,
    Create,
    Dissolve,
    Divide,
    Merge,
    Place,
    Plan,
    Target,
)


def after(plan: Plan, before: Before) -> Picture:
    """The picture of a plan, with its faults."""
    units = {code: replace(u, old=code) for code, u in before.units.items()}
    picture = Picture(before, units, dict(before.places))
    _Places(plan, picture).work_out()
    _Units(plan, picture).work_out()
    return picture


class _Places:
    """Territories and levels of a plan."""

    def __init__(self, plan: Plan, picture: Picture) -> None:
        self.plan, self.picture = plan, picture

    def work_out(self) -> None:
        picture = self.picture
        picture.ended_levels = {e.level: e.done_by for e in self.plan.levels}
        seen: set[str] = set()
        for n, place in enumerate(self.plan.territories):
            if place.code in seen:
                picture.fault(
                    f"territories[{n}].code", f"Địa bàn {place.code} được nêu hai lần. Gộp làm một."
                )
            seen.add(place.code)
            picture.places[place.code] = PlaceNow(place.code, place.name, place.level, place.parent)
            self._origins(n, place)
        self._whole_once()
        self._end()
        self._nobody_lost()

    def _origins(self, n: int, place: Place) -> None:
        for m, origin in enumerate(place.from_):
            if origin.code not in self.picture.before.places:
                self.picture.fault(
                    f"territories[{n}].from[{m}]",
                    f"Trước ngày sắp xếp không có địa bàn mã {origin.code}. Kiểm tra lại mã.",
                )
                continue
            self.picture.goes.setdefault(origin.code, []).append((place.code, not origin.part))

    def _whole_once(self) -> None:
        for code, into in self.picture.goes.items():
            if any(whole for _, whole in into) and len(into) > 1:
                where = ", ".join(new for new, _ in into)
                self.picture.fault(
                    "territories",
                    f"Địa bàn {code} vừa nhập toàn bộ vừa nhập nơi khác ({where}). Ghi rõ “part: true” nếu chia.",
                )

    def _end(self) -> None:
        """What is no more: whole territories that went into another code, and those of levels that end."""
        picture, named = self.picture, {p.code for p in self.plan.territories}
        for code, place in picture.before.places.items():
            gone = code in picture.goes and code not in named
            if gone or (place.level in picture.ended_levels and code not in named):
                picture.ended_places.add(code)
                picture.places.pop(code, None)

    def _nobody_lost(self) -> None:
        for place in self.picture.places.values():
            if place.parent and place.parent not in self.picture.places:
                self.picture.fault(
                    "territories",
                    f"{place.name} ({place.code}) thuộc {place.parent} là địa bàn chấm dứt, mà phương án không nói về đâu. "
                    "Thêm địa bàn này vào “territories”.",
                )


class _Units:
    """Units of a plan, in its order."""

    def __init__(self, plan: Plan, picture: Picture) -> None:
        self.plan, self.picture = plan, picture
        self.named: dict[str, str] = {}

    def work_out(self) -> None:
        for n, step in enumerate(self.plan.units):
            self.here = f"units[{n}]"
            match step:
                case Create():
                    self._found(step.unit, "unit", ())
                case Merge():
                    self._merge(step)
                case Change():
                    self._change(step)
                case Dissolve():
                    self._close(step.unit, ByPlace(step.level, step.otherwise), "unit")
                case Divide():
                    self._close(step.unit, ByRules(step.rules, step.otherwise), "unit")
                case Close():
                    self._close(step.unit, Whole(step.to), "unit")
        self.here = "units"
        self._targets()
        self._above()

    # Steps ------------------------------------------------------------------------------------------------------

    def _merge(self, step: Merge) -> None:
        into, sources = step.into, [c for c in step.from_ if self._known(c, "from")]
        if into.keep:
            if not self._known(into.keep, "into.keep"):
                return
            target = self._go_on(into.keep, into)
        else:
            target = self._found(into, "into", tuple(sources))
        for code in sources:
            if code != into.keep:
                self._join(code, target)

    def _join(self, old: str, target: str) -> None:
        """A unit and its parts go into another and its parts; a part nobody there answers to begins there."""
        if not self._once(old, "from"):
            return
        for part in self._parts_before(old):
            fits = [u for u in self.picture.parts(target) if same_work(u, part) and u.kind == part.kind]
            if fits:
                self._join(part.code, fits[0].code)
            else:
                own = part.code.removeprefix(old + ".")
                made = self._add(replace(part, code=f"{target}.{own}", under=target, old="", territory=""))
                self._join(part.code, made)
        self.picture.ways[old] = Whole(target)
        unit = self.picture.units[target]
        self.picture.units[target] = replace(unit, continues=(*unit.continues, old))
        self.picture.units.pop(old, None)

    def _close(self, code: str, way: Way, where: str) -> None:
        if not self._known(code, where) or not self._once(code, where):
            return
        for part in self._parts_before(code):
            self._close_part(part, way)
        self.picture.ways[code] = way
        self.picture.units.pop(code, None)

    def _close_part(self, part: UnitNow, way: Way) -> None:
        if part.kind in GOVERNMENTS or part.code in self.named:
            return  # a commune of a district that ends has its own line in the plan
        self.named[part.code] = self.here
        for deeper in self._parts_before(part.code):
            self._close_part(deeper, way)
        self.picture.ways[part.code] = way
        self.picture.units.pop(part.code, None)

    def _change(self, step: Change) -> None:
        if self._known(step.unit, "unit") and self._once(step.unit, "unit"):
            target = Target(code=step.code, name=step.name, under=step.under, territory=step.territory)
            self._go_on(step.unit, target)

    def _go_on(self, old: str, new: Target) -> str:
        unit = self.picture.units.pop(old)
        code = new.code or unit.code
        if code != old and code in self.picture.before.used:
            self.picture.fault(self.here, f"Mã {code} đã có đơn vị khác dùng. Chọn mã khác.")
        self.named.setdefault(old, self.here)
        self.picture.units[code] = replace(
            unit,
            code=code,
            name=new.name or unit.name,
            under=new.under or unit.under,
            territory=new.territory or unit.territory,
        )
        if code != old:
            for part in self.picture.parts(old):
                self.picture.units[part.code] = replace(part, under=code)
        return code

    def _found(self, new: Target, where: str, sources: tuple[str, ...]) -> str:
        first = self.picture.before.units.get(sources[0]) if sources else None
        under = new.under or (first.under if first else "")
        if new.code in self.picture.before.used or new.code in self.picture.units:
            self.picture.fault(
                f"{self.here}.{where}.code", f"Mã {new.code} đã có đơn vị khác dùng. Chọn mã khác."
            )
        if new.territory and new.territory not in self.picture.places:
            self.picture.fault(
                f"{self.here}.{where}.territory", f"Sau ngày sắp xếp không có địa bàn mã {new.territory}."
            )
        return self._add(
            UnitNow(
                new.code,
                new.name,
                new.kind,
                new.agency or (first.agency if first else ""),
                under,
                new.territory,
            )
        )

    def _add(self, unit: UnitNow) -> str:
        self.picture.units[unit.code] = unit
        return unit.code

    # Checks -----------------------------------------------------------------------------------------------------

    def _known(self, code: str, where: str) -> bool:
        if code in self.picture.before.units:
            return True
        self.picture.fault(
            f"{self.here}.{where}",
            f"Trước ngày sắp xếp không có đơn vị đang hoạt động mang mã {code}. Kiểm tra lại mã.",
        )
        return False

    def _once(self, code: str, where: str) -> bool:
        if code not in self.named:
            self.named[code] = self.here
            return True
        self.picture.fault(
            f"{self.here}.{where}", f"Đơn vị {code} đã được nêu ở {self.named[code]}. Chỉ nêu một lần."
        )
        return False

    def _parts_before(self, code: str) -> list[UnitNow]:
        return [u for u in self.picture.before.units.values() if u.under == code]

    def _targets(self) -> None:
        for old, way in self.picture.ways.items():
            if isinstance(way, Whole):
                named = [way.to]
            elif isinstance(way, ByRules):
                named = [*(r.unit for r in way.rules), way.otherwise]
            else:
                named = [way.otherwise]
            for code in named:
                if code and code not in self.picture.units:
                    self.picture.fault(
                        self.named.get(old, self.here),
                        f"Công việc của {old} giao cho {code}, nhưng sau ngày sắp xếp không có đơn vị này.",
                    )

    def _above(self) -> None:
        """Every unit stands under one that exists, and none under itself."""
        for unit in self.picture.units.values():
            if unit.under and unit.under not in self.picture.units:
                self.picture.fault(
                    self.named.get(unit.old or unit.code, self.here),
                    f"{unit.name} ({unit.code}) còn thuộc {unit.under} là đơn vị chấm dứt. Nêu rõ về đâu (“under”) hoặc nhập vào đâu.",
                )
            seen, above = {unit.code}, unit.under
            while above and above in self.picture.units:
                if above in seen:
                    self.picture.fault(
                        self.named.get(unit.old or unit.code, self.here),
                        f"{unit.code} thuộc chính nó qua {above}.",
                    )
                    break
                seen.add(above)
                above = self.picture.units[above].under
