"""The role codes that definitions may name."""

from __future__ import annotations

from pathlib import Path

from tinhso.kit.yamlfile import load


def roles_of(catalog: Path) -> frozenset[str]:
    """Role codes of `references/roles.yml`."""
    return frozenset(role["id"] for role in load(catalog / "references" / "roles.yml", catalog).data["roles"])
