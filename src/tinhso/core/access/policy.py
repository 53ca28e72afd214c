"""Turning a person's rights into a filter on rows: one comparison of unit paths, whatever the table."""

from __future__ import annotations

from django.db.models import Q

from tinhso.core.access.actor import Actor


def unit_scope(actor: Actor, permission: str, *, field: str = "unit__path", unit_field: str = "unit") -> Q:
    """The rows an actor may touch by a permission: at the units where it holds, and below where it extends.

    `field` is the path column or the way to it, `unit_field` the foreign key to the unit ("" when the table
    keeps only a path). Exact units compare ids and need no join. Nobody's rows when the permission is nowhere held.
    """
    if actor.system:
        return Q()
    rule = Q(pk__in=[])
    exact = [g for g in actor.grants if permission in g.permissions and not g.below]
    if exact and unit_field:
        rule |= Q(**{f"{unit_field}__in": sorted({g.unit_id for g in exact})})
    elif exact:
        rule |= Q(**{f"{field}__in": sorted({g.path for g in exact})})
    for path, below in actor.paths(permission):
        if below:
            rule |= Q(**{field: path}) | Q(**{f"{field}__startswith": path + "."})
    return rule
