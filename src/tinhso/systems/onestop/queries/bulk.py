"""What the page of an act on many cases offers to choose from: who holds the steps, which papers all have."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, QuerySet, UUIDField
from django.db.models.functions import Cast

from tinhso.core.access.queries import people_with_role
from tinhso.core.cases.models import Case
from tinhso.core.cases.versions import definition_of
from tinhso.core.desk.models import Task
from tinhso.core.jobs.models import Item
from tinhso.core.orgs import queries as orgs

#: The names of the list's filters in its address.
FILTERS = ("ben", "trang-thai", "thu-tuc", "tim", "qua-han", "dang-mo")


def people_for(run_id: UUID) -> list[tuple[str, str]]:
    """Who could be given a step of at least one chosen case: (person id, name), by name."""
    rows = Task.objects.filter(subject_id__in=_chosen(run_id), closed_at__isnull=True)
    found: dict[str, str] = {}
    for unit_id, role in rows.order_by().values_list("unit_id", "role").distinct():
        holders = people_with_role(unit_id, role)
        for part in orgs.children_of(unit_id) if not holders else ():
            holders += people_with_role(part.id, role)
        found |= {str(p.id): p.full_name for p in holders}
    return sorted(found.items(), key=lambda pair: pair[1])


def papers_for_all(run_id: UUID) -> list[tuple[str, str]]:
    """The papers every chosen case may hold: (id, name). None when the cases are of procedures without common papers."""
    versions = Case.objects.filter(id__in=_chosen(run_id)).order_by().values_list("version_id", flat=True)
    common: dict[str, str] | None = None
    for version_id in versions.distinct():
        own = {p.id: p.name.vi for p in definition_of(version_id).papers}
        common = own if common is None else {k: v for k, v in common.items() if own.get(k) == v}
    return list((common or {}).items())


def _chosen(run_id: UUID) -> QuerySet[Item, UUID]:
    return Item.objects.filter(run_id=run_id).values_list(Cast(F("key"), UUIDField()), flat=True)
