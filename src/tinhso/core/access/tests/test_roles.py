from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tinhso.core.access.models import Role
from tinhso.core.access.permissions import PERMISSIONS
from tinhso.core.access.roles import load_roles, role_ids
from tinhso.kit.yamlfile import FaultsError


@pytest.fixture
def catalog(tmp_path: Path, settings) -> Path:
    for part in ("references/roles.yml", "schema/roles.schema.json"):
        target = tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(settings.CATALOG) / part, target)
    settings.CATALOG = tmp_path
    return tmp_path / "references/roles.yml"


@pytest.mark.django_db
def test_roles_are_loaded_once() -> None:
    assert load_roles() == len(role_ids()) >= 16
    assert load_roles() == 0
    assert "cases.sign" in Role.objects.get(code="chair").permissions


def test_an_unknown_permission_is_named_with_its_line(catalog: Path) -> None:
    lines = catalog.read_text().splitlines()
    n = next(n for n, line in enumerate(lines) if "cases.cashier" in line)
    lines[n] = lines[n].replace("cases.cashier", "cases.cashiers")
    catalog.write_text("\n".join(lines))
    with pytest.raises(FaultsError) as found:
        load_roles()
    fault = found.value.faults[0]
    assert (fault.file, fault.line) == ("references/roles.yml", n + 1)
    assert "cases.cashiers" in fault.message
    assert "cases.cashier”" in fault.message


def test_a_role_given_twice_is_a_fault(catalog: Path) -> None:
    text = catalog.read_text()
    catalog.write_text(text + "  - {id: chair, name: {vi: A, en: B}, permissions: []}\n")
    with pytest.raises(FaultsError, match="hai lần"):
        role_ids()


def test_a_misspelt_key_is_a_fault(catalog: Path) -> None:
    catalog.write_text(catalog.read_text().replace("permissions:", "permission:", 1))
    with pytest.raises(FaultsError, match="permissions"):
        role_ids()


@pytest.mark.django_db
def test_a_role_taken_out_of_the_file_loses_its_rights() -> None:
    Role.objects.create(code="old", name="Vai trò cũ", permissions=["cases.sign"])
    load_roles()
    assert Role.objects.get(code="old").permissions == []


def test_every_permission_has_words() -> None:
    assert all(p.title and "." in p.code for p in PERMISSIONS)
