"""Roles are data: `catalog/references/roles.yml`, loaded into rows; a permission nobody registered is a fault."""

from __future__ import annotations

from tinhso.core.access.models import Role
from tinhso.core.access.permissions import PERMISSIONS
from tinhso.core.orgs.references import reference
from tinhso.kit.yamlfile import Document, Fault, FaultsError, nearest


def role_ids() -> frozenset[str]:
    """The roles a definition may name."""
    return frozenset(row["id"] for row in checked_roles().data["roles"])


def checked_roles() -> Document:
    """The file of roles; raises `FaultsError` naming file and line for an unknown permission or a role given twice."""
    document = reference("roles")
    faults: list[Fault] = []
    seen: set[str] = set()
    for n, row in enumerate(document.data["roles"]):
        if row["id"] in seen:
            faults.append(document.fault(("roles", n, "id"), f"Vai trò “{row['id']}” khai hai lần."))
        seen.add(row["id"])
        ids = [other["id"] for other in document.data["roles"]]
        for m, given in enumerate(row.get("gives", [])):
            if given not in ("*", *ids):
                hint = nearest(given, ids)
                faults.append(document.fault(("roles", n, "gives", m), f"Không có vai trò “{given}”.{hint}"))
        for m, code in enumerate(row["permissions"]):
            if code not in PERMISSIONS:
                hint = nearest(code, [p.code for p in PERMISSIONS])
                faults.append(
                    document.fault(("roles", n, "permissions", m), f"Không có quyền “{code}”.{hint}")
                )
    if faults:
        raise FaultsError(faults)
    return document


def load_roles() -> int:
    """Bring the rows in line with the file; a role no longer in it keeps its name and loses all rights.

    Returns how many rows changed.
    """
    rows = checked_roles().data["roles"]
    wanted = {row["id"]: (row["name"]["vi"], row["permissions"], row.get("gives", [])) for row in rows}
    changed = 0
    known = {role.code: role for role in Role.objects.all()}
    for code, (name, permissions, gives) in wanted.items():
        role = known.get(code)
        if role is None or (role.name, role.permissions, role.gives) != (name, permissions, gives):
            told = {"name": name, "permissions": permissions, "gives": gives}
            Role.objects.update_or_create(code=code, defaults=told)
            changed += 1
    for code, role in known.items():
        if code not in wanted and (role.permissions or role.gives):
            Role.objects.filter(code=code).update(permissions=[], gives=[])
            changed += 1
    return changed
