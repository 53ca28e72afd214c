"""From a stored version back to files, definitions in archives, and judging them."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tinhso.core.procedures.build import source_hash
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.export import files_of_source, to_yaml
from tinhso.core.procedures.files import files_in, files_of_zip, judge, tidy, zip_of
from tinhso.core.procedures.tests.sample import BIRTH, CATALOG, FOLDERS, ROLES
from tinhso.kit.errors import Refusal
from tinhso.kit.yamlfile import loads

CATALOGUE = Catalog(CATALOG, ROLES)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_what_is_stored_comes_back_as_files_that_give_the_same_version(folder):
    source = CATALOGUE.source(folder)
    stored = json.loads(json.dumps(source, sort_keys=True))  # the database does not keep the order of keys
    judged = judge(files_of_source(stored), CATALOGUE)
    assert [str(f) for f in judged.faults] == []
    assert source_hash(judged.entry.source) == source_hash(source)


@pytest.mark.parametrize(
    "text", ["15:00", "2026-07-01", "0123", "1.001193", "true", "null", "yes", "~", "a: b", " x ", "#1"]
)
def test_text_stays_text(text):
    assert loads(to_yaml({"value": text})).data == {"value": text}


def test_a_fault_names_the_file_as_the_officer_knows_it():
    files = files_in(BIRTH)
    broken = files | {
        "procedure.yml": files["procedure.yml"].replace("chair @ competent", "mandarin @ competent")
    }
    fault = next(f for f in judge(broken, CATALOGUE).faults if "mandarin" in f.message)
    assert fault.file == "procedure.yml"
    assert "by: mandarin" in files["procedure.yml"].replace("chair", "mandarin").splitlines()[fault.line - 1]
    judged = judge({"procedure.yml": "", "form.yml": ""}, CATALOGUE)
    assert judged.entry is None
    assert {f.file for f in judged.faults} == {"procedure.yml"}


def test_an_example_that_no_longer_holds_is_told_and_stops_publishing():
    files = files_in(BIRTH)
    changed = files | {"procedure.yml": files["procedure.yml"].replace("{each: 8000}", "{each: 9000}", 1)}
    judged = judge(changed, CATALOGUE)
    assert judged.entry is not None
    assert any(text.startswith("examples/") and "mong đợi" in text for text in judged.differing)
    assert not judged.good


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_zip_gives_its_files_from_the_root_or_from_one_folder():
    files = files_in(BIRTH)
    assert files_of_zip(zip_of(files)) == files
    inner = _zip(
        **{f"1.001193/{name}": text.encode() for name, text in files.items()}, **{"1.001193/notes.txt": b"x"}
    )
    assert files_of_zip(inner) == files


@pytest.mark.parametrize(
    "content",
    [
        b"not a zip",
        _zip(**{"form.yml": b"x"}),
        _zip(**{"a/procedure.yml": b"x", "b/procedure.yml": b"x"}),
        _zip(**{"procedure.yml": b"\xff\xfe\x00"}),
        _zip(**{"procedure.yml": b"0" * 1_100_000}),
        _zip(**{"procedure.yml": b"x"} | {f"examples/{n}.yml": b"x" for n in range(70)}),
    ],
)
def test_an_archive_that_cannot_be_is_refused_with_a_sentence(content):
    with pytest.raises(Refusal) as caught:
        files_of_zip(content)
    assert caught.value.field == "archive"


def test_names_that_climb_out_are_never_taken():
    climbing = _zip(
        **{
            "procedure.yml": b"x",
            "outputs/../../evil.typ": b"x",
            "/etc/outputs/a.typ": b"x",
            "../form.yml": b"x",
        }
    )
    assert list(files_of_zip(climbing)) == ["procedure.yml"]
    assert tidy({"outputs/../x.typ": "", "form.yml": "a\r\nb"}) == {"form.yml": "a\nb"}
