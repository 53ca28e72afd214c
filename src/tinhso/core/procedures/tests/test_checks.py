"""What is looked at before publishing: kinds of values, branches nobody reaches, loops, templates. Each fault with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.tests.sample import BIRTH, CATALOG, ROLES
from tinhso.kit.expression_types import ANY, BOOL, INT, TEXT, Kind, infer, list_of, map_of
from tinhso.kit.yamlfile import FaultsError

NAMES = {
    "form": map_of(
        {
            "pick": Kind("text", frozenset({"x", "y"})),
            "n": INT,
            "word": TEXT,
            "yes": BOOL,
            "rows": list_of(map_of({"m": INT})),
            "place": map_of({"territory": TEXT}),
            "several": list_of(Kind("text", frozenset({"p", "q"}))),
        }
    ),
    "today": TEXT,
}


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("form.pick == 'x' && form.n > 3", "bool", ""),
        ("form.pick == 'z'", "bool", "không bao giờ bằng “z”"),
        ("form.pick in ['x', 'y']", "bool", ""),
        ("form.pick in ['v', 'w']", "bool", "không bao giờ bằng"),
        ("form.n == '1'", "bool", "so số nguyên với chữ"),
        ("form.n < form.word", "bool", "so số nguyên với chữ"),
        ("form.word <= today", "bool", ""),
        ("form.n ? 1 : 2", "int", "cần đúng/sai"),
        ("!form.n", "bool", "cần đúng/sai"),
        ("form.yes && form.n", "bool", "cần đúng/sai"),
        ("form.rows.all(r, r.m > 0)", "bool", ""),
        ("form.rows.all(r, r.k > 0)", "bool", "không có “r.k”"),
        ("form.rows.all(r, r.m)", "bool", "cần đúng/sai"),
        ("form.place.nowhere", "any", "không có “form.place.nowhere”"),
        ("form.unknown == null", "bool", "không có “form.unknown”"),
        ("form.n / 2.5", "int", "số thập phân"),
        ("form.word + 1", "any", "không tính được chữ + số nguyên"),
        ("'q' in form.several", "bool", ""),
        ("'r' in form.several", "bool", "không bao giờ bằng “r”"),
        ("form.n.startsWith('9')", "bool", "chỉ dùng được với chữ"),
        ("form.n == null ? 0 : form.n", "int", ""),
        ("stranger == 1", "bool", "không biết “stranger”"),
        ("size(form.rows) + form.rows.size()", "int", ""),
    ],
)
def test_kinds_are_found_without_running(text, kind, said):
    found = infer(text, NAMES)
    assert found.kind.name == kind
    assert bool(found.problems) == bool(said)
    assert any(said in problem for problem in found.problems) or not said


@pytest.mark.parametrize("text", ["", "a b", "form.", "f(", "[", "form.n @ 1", "'", "{1: 2}", "x ? y"])
def test_a_text_the_reader_does_not_know_gives_no_claim(text):
    found = infer(text, NAMES)
    assert (found.kind, found.problems) == (ANY, ())


@pytest.fixture
def broken(tmp_path: Path):
    """Change the birth procedure in one place and read what is said."""
    root = tmp_path / "catalog"
    for name in ("schema", "references"):
        shutil.copytree(CATALOG / name, root / name)
    folder = root / "procedures/civil_status/1.001193"
    shutil.copytree(BIRTH, folder)

    def change(file: str, old: str, new: str) -> list[str]:
        text = (folder / file).read_text()
        assert old in text, old
        (folder / file).write_text(text.replace(old, new, 1))
        with pytest.raises(FaultsError) as caught:
            Catalog(root, ROLES).source(folder)
        return [str(f) for f in caught.value.faults]

    return change


STEP = "process:\n"
VARIANT = "form.parents_marriage == 'elsewhere'\"\n    time"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("procedure.yml", VARIANT, "form.parents_marriage == 'elsewere'\"\n    time", "không bao giờ bằng “elsewere”"),
        ("procedure.yml", VARIANT, "form.parents_marriage == 3\"\n    time", "so chữ với số nguyên"),
        ("procedure.yml", VARIANT, "form.parents_marriage\"\n    time", "phải cho đúng/sai"),
        ("procedure.yml", VARIANT, "form.copies < 'a'\"\n    time", "so số nguyên với chữ"),
        ("procedure.yml", VARIANT, "10 / form.copies > 3\"\n    time", "chia cho 0"),
        ("procedure.yml", VARIANT, "form.parents_marriage == 'elsewhere' && form.parents_marriage == 'none'\"\n    time",
         "không bao giờ đúng"),
        ("procedure.yml", "place: form.residence.territory", "place: form.residence.teritory", "teritory"),
        ("procedure.yml", "quantity: \"form.copies == null ? 0 : form.copies\"", "quantity: \"form.child_name\"",
         "phải cho một con số"),
        ("procedure.yml", "quantity: \"form.copies == null ? 0 : form.copies\"", "quantity: \"100 / form.copies\"",
         "chia cho 0"),
        ("outputs/birth_certificate.typ", 'answer("child_birth")', 'answer("child_brith")', "“child_brith” không có"),
        ("outputs/birth_certificate.typ", "d.raw.child_birth", "d.raw.child_bith", "“child_bith” không có"),
        ("outputs/birth_certificate.typ", "d.number", "d.numbr", "“d.numbr” không được cung cấp"),
    ],
)  # fmt: skip
def test_a_fault_is_found_before_publishing_with_its_place(broken, file, old, new, said):
    faults = broken(file, old, new)
    assert any(said in fault for fault in faults), faults
    assert all(".yml:" in fault and fault.split(":")[1].isdigit() for fault in faults)


def test_two_branches_with_one_condition(broken):
    faults = broken(
        "procedure.yml", "{when: \"variant == 'verify'\", to: verify}",
        "{when: \"variant == 'verify'\", to: verify}, {when: \"variant == 'verify'\", to: sign}",
    )  # fmt: skip
    assert any("cùng điều kiện" in fault for fault in faults), faults


def test_a_branch_whose_cases_were_all_taken_before(broken):
    faults = broken(
        "procedure.yml", "{when: \"variant == 'verify'\", to: verify}",
        "{when: \"variant == 'verify'\", to: verify}, {when: \"variant != 'verify'\", to: sign}, "
        "{when: \"channel == 'online'\", to: sign}",
    )  # fmt: skip
    assert any("đã lấy hết" in fault for fault in faults), faults


def test_a_loop_that_no_answers_leave_is_told_with_the_answers_that_go_round(broken):
    faults = broken(
        "procedure.yml",
        "ngày đăng ký.\n      en: Please check the marriage register and answer whether the child's parents married in your commune, with number and date.\n    next: sign",
        "ngày đăng ký.\n      en: x\n    next: draft",
    )
    assert any("draft → verify → draft" in fault and "variant = verify" in fault for fault in faults), faults
