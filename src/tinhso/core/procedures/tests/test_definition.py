"""Definitions: what is stored gives the same definition back, and what is wrong is named with its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tinhso.core.procedures.build import build
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.examples import run_examples
from tinhso.core.procedures.tests.sample import BIRTH, CATALOG, FOLDERS, ROLES
from tinhso.kit.yamlfile import FaultsError


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_every_example_of_every_procedure_holds(folder):
    catalog = Catalog(CATALOG, ROLES)
    ran, wrong = run_examples(catalog, catalog.read(folder))
    assert ran >= 3
    assert wrong == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_a_version_is_the_same_after_the_database_reordered_its_keys(folder):
    source = Catalog(CATALOG, ROLES).source(folder)
    reordered = json.loads(json.dumps(source, sort_keys=True))
    again, first = build(reordered, "again " + folder.name), build(source, "first " + folder.name)
    assert list(again.steps) == list(first.steps)
    assert (again.first, again.papers, again.variants) == (first.first, first.papers, first.variants)


@pytest.fixture
def copy(tmp_path: Path):
    """A catalogue with the birth procedure only, to be broken."""
    root = tmp_path / "catalog"
    shutil.copytree(CATALOG / "schema", root / "schema")
    shutil.copytree(CATALOG / "references", root / "references")
    folder = root / "procedures/civil_status/1.001193"
    shutil.copytree(BIRTH, folder)

    def broken(old: str, new: str) -> list[str]:
        file = folder / "procedure.yml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        with pytest.raises(FaultsError) as caught:
            Catalog(root, ROLES).source(folder)
        return [str(f) for f in caught.value.faults]

    return broken


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("by: chair @ competent", "by: mandarin @ competent", "Không có vai trò “mandarin”"),
        ("do: sign\n", "do: seal\n", "“seal”"),
        ("{to: sign}]\n  verify", "{to: nowhere}]\n  verify", "“nowhere” không tồn tại"),
        ("within: 3 hours", "within: 30 hours", "quá thời hạn"),
        (
            "form.parents_marriage == 'elsewhere'\"\n    time",
            "form.no_such == 'x'\"\n    time",
            "“no_such” không có",
        ),
        ("summary:\n", "sumary:\n", "sumary"),
        ("document: birth_certificate\n  name", "document: nothing\n  name", "outputs/nothing.typ"),
    ],
)
def test_a_fault_is_named_with_its_file_and_line(copy, old, new, said):
    faults = copy(old, new)
    assert any(said in fault for fault in faults), faults
    assert all(".yml:" in fault and fault.split(":")[1].isdigit() for fault in faults)
