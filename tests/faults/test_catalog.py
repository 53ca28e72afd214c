"""A procedure file that names a role nobody has: the fault says where and what, and nothing is published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.installation import BIRTH, ROOT
from tinhso.core.access.roles import role_ids
from tinhso.core.procedures.catalog import Catalog
from tinhso.kit.yamlfile import FaultsError


def test_an_unknown_role_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog"
    shutil.copytree(ROOT / "catalog", catalog)
    folder = next((catalog / "procedures").glob(f"*/{BIRTH}"))
    file = folder / "procedure.yml"
    text = file.read_text()
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "civil_status_officer @ asked" in row)
    file.write_text(text.replace("civil_status_officer @ asked", "civil_status_offiser @ asked"))
    with pytest.raises(FaultsError) as refused:
        Catalog(catalog, role_ids()).read(folder)
    said = str(refused.value)
    assert "civil_status_offiser" in said
    assert f"procedure.yml:{line}" in said
