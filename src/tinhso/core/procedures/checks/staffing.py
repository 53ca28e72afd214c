"""Whether somebody holds each role of a process in every unit that may have to do it, on the day a version starts.

A warning, not a wall: posts are filled after a publication as well as before it. Asks the directory of units and
one query for all roles, however many units there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from tinhso.core.access.models import Holding, Role
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.errors import NoCompetentUnit, UnknownUnit
from tinhso.core.orgs.models import Unit
from tinhso.core.procedures.model import Competence, Definition, Step
from tinhso.kit.errors import NotFound
from tinhso.kit.expressions import ExpressionError, compile

PLACES = {"competent": "cơ quan giải quyết", "reception": "nơi tiếp nhận", "asked": "cơ quan được hỏi"}
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Vacant:
    """A role that nobody holds in some units: the steps that need it, and those units."""

    role: str
    name: str
    at: str
    steps: tuple[str, ...]
    units: tuple[Unit, ...]

    @property
    def words(self) -> str:
        """One sentence, the first few units by name."""
        shown = ", ".join(u.name for u in self.units[:SHOWN])
        more = f" và {len(self.units) - SHOWN} đơn vị khác" if len(self.units) > SHOWN else ""
        steps = ", ".join(self.steps)
        return f"Chưa có ai giữ vai trò “{self.name}” ({PLACES.get(self.at, self.at)}, bước {steps}) tại: {shown}{more}."


def verify_staffing(definition: Definition, on: date) -> list[Vacant]:
    """Every role of the process that has no holder in some unit on that day, most units first."""
    deciding = _deciding(definition, on)
    places = {"competent": deciding, "reception": _receiving(deciding, on)}
    needs: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in definition.steps.values():
        if step.role:
            needs[step.role, step.at].append(step)
    held = _held({role for role, _at in needs}, on)
    names = dict(
        Role.objects.filter(code__in=held.keys() | {r for r, _ in needs}).values_list("code", "name")
    )
    found = []
    for (role, at), steps in needs.items():
        units = places[at] if at in places else _asked(steps, on)
        missing = tuple(u for u in units if not _covered(u, held.get(role, ())))
        if missing:
            titles = tuple(s.name.vi or s.id for s in steps)
            found.append(Vacant(role, names.get(role, role), at, titles, missing))
    return sorted(found, key=lambda v: -len(v.units))


def _deciding(definition: Definition, on: date) -> list[Unit]:
    found: dict[object, Unit] = {}
    for rule in definition.competence:
        if (rule.valid_from is None or rule.valid_from <= on) and (
            rule.valid_to is None or on < rule.valid_to
        ):
            found |= {u.id: u for u in _units(rule, on)}
    return sorted(found.values(), key=lambda u: u.code)


def _units(rule: Competence, on: date) -> Iterator[Unit]:
    """The units that a rule may lead to: that of the province, or one for each territory of its level."""
    codes = [settings.PROVINCE_CODE]
    if rule.level != "province":
        codes = [t.code for t in orgs.directory().territories.values() if t.level == rule.level]
    for code in codes:
        try:
            yield orgs.competent_unit(rule.level, rule.agency or None, code, on)
        except NoCompetentUnit:
            continue  # a territory of another day, or a level this province does not have


def _receiving(deciding: Iterable[Unit], on: date) -> list[Unit]:
    found: dict[object, Unit] = {}
    for unit in deciding:
        try:
            centre = orgs.one_stop_of(unit.id, on)
        except UnknownUnit:
            continue
        found[centre.id] = centre
    return sorted(found.values(), key=lambda u: u.code)


def _asked(steps: Iterable[Step], on: date) -> list[Unit]:
    """Who may be asked: a unit named by its code, else the units of every commune, as the applicant may name any."""
    found: dict[object, Unit] = {}
    for step in steps:
        text = str(step.options.get("unit", ""))
        agency = str(step.options.get("agency") or "")
        try:
            if text and not compile(text).names:
                named = orgs.unit_by_code(str(compile(text).evaluate({})), on)
                found[named.id] = named
                continue
        except (ExpressionError, NotFound):
            continue
        found |= {u.id: u for u in _units(Competence("commune", agency), on)}
    return sorted(found.values(), key=lambda u: u.code)


def _held(roles: set[str], on: date) -> dict[str, list[tuple[str, bool]]]:
    """By role: the (path, also below) pairs of units where somebody holds it on the day."""
    rows = (
        Holding.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on, post__active=True
        )
        .filter(post__roles__role_id__in=roles)
        .values_list("post__roles__role_id", "post__unit__path", "post__roles__below")
        .distinct()
    )
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for role, path, below in rows:
        found[role].append((path, below))
    return found


def _covered(unit: Unit, held: Iterable[tuple[str, bool]]) -> bool:
    return any(unit.path == path or (below and unit.path.startswith(path + ".")) for path, below in held)
