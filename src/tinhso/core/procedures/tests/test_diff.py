"""Two versions of a definition side by side: every change with its place, its words and its weight."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import fields, replace

import pytest

from tinhso.core.procedures.build import build
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.diff import SECTIONS, compare
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.tests.sample import BIRTH, CATALOG, FOLDERS, ROLES, definition
from tinhso.core.procedures.weights import ADDITIVE, BREAKING, TEXT

SOURCE = Catalog(CATALOG, ROLES).source(BIRTH)
OLD = build(SOURCE)


def changed(change) -> Definition:
    """The birth procedure after a change of its source."""
    source = deepcopy(SOURCE)
    change(source)
    return build(source)


def step(source, name):
    return next(s for s in source["procedure"]["process"] if s["id"] == name)


def field(source, name):
    return next(f for p in source["form"]["pages"] for f in p["fields"] if f["id"] == name)


def without(source, name):
    for page in source["form"]["pages"]:
        page["fields"] = [f for f in page["fields"] if f["id"] != name]


def paper(source, name):
    return next(p for p in source["procedure"]["papers"] if p["id"] == name)


NEW_FIELD = {"id": "nickname", "type": "text", "label": {"vi": "Tên gọi ở nhà", "en": "Nickname"}}
NEW_PAPER = {"id": "photo", "name": {"vi": "Ảnh của trẻ"}, "kind": "submit"}


def _set(get, key, value):
    return lambda s: get(s).__setitem__(key, value)


CASES = [
    (lambda s: s["procedure"].__setitem__("summary", {"vi": "Khác"}), "texts", "summary", TEXT),
    (lambda s: s["procedure"]["keywords"].append("mới"), "texts", "keywords", TEXT),
    (lambda s: s["procedure"]["legal"].append({"name": "Luật X"}), "texts", "legal", TEXT),
    (lambda s: field(s, "child_name")["label"].__setitem__("vi", "Họ tên trẻ"), "form", "child_name", TEXT),
    (lambda s: field(s, "child_name").__setitem__("hint", {"vi": "Viết hoa"}), "form", "child_name", TEXT),
    (lambda s: s["form"]["pages"][0]["fields"].append(NEW_FIELD), "form", "nickname", ADDITIVE),
    (lambda s: s["form"]["pages"][0]["fields"].append(NEW_FIELD | {"required": True}), "form", "nickname", BREAKING),
    (lambda s: field(s, "child_name").__setitem__("required", False), "form", "child_name", ADDITIVE),
    (lambda s: field(s, "child_name").__setitem__("type", "text"), "form", "child_name", BREAKING),
    (lambda s: field(s, "copies").__setitem__("maximum", 1), "form", "copies", BREAKING),
    (lambda s: field(s, "copies").__setitem__("maximum", 1000), "form", "copies", ADDITIVE),
    (lambda s: without(s, "child_name"), "form", "child_name", BREAKING),
    (lambda s: s["procedure"]["papers"].append(NEW_PAPER), "papers", "photo", BREAKING),
    (lambda s: s["procedure"]["papers"].append(NEW_PAPER | {"required": False}), "papers", "photo", ADDITIVE),
    (lambda s: paper(s, "birth_proof").__setitem__("required", False), "papers", "birth_proof", ADDITIVE),
    (lambda s: paper(s, "birth_proof").__setitem__("name", {"vi": "Giấy khác"}), "papers", "birth_proof", TEXT),
    (lambda s: paper(s, "birth_proof").__setitem__("kind", "present"), "papers", "birth_proof", BREAKING),
    (lambda s: s["procedure"]["fees"][0].__setitem__("amount", 1), "fees", None, BREAKING),
    (lambda s: s["procedure"]["fees"][0].__setitem__("source", "Nghị quyết mới"), "fees", None, TEXT),
    (lambda s: s["procedure"]["variants"][0].__setitem__("time", "9 working days"), "variants", None, BREAKING),
    (lambda s: s["procedure"]["variants"][0].__setitem__("name", {"vi": "Tên khác"}), "variants", None, TEXT),
    (lambda s: step(s, "draft").__setitem__("by", "chair @ competent"), "steps", "draft", BREAKING),
    (lambda s: step(s, "draft").__setitem__("within", "2 hours"), "steps", "draft", BREAKING),
    (lambda s: step(s, "draft").__setitem__("name", {"vi": "Soạn"}), "steps", "draft", TEXT),
    (lambda s: step(s, "verify").__setitem__("question", {"vi": "Hỏi khác"}), "steps", "verify", TEXT),
    (lambda s: step(s, "confirm").__setitem__("silence", "refusal"), "steps", "confirm", BREAKING),
    (lambda s: step(s, "draft").__setitem__("quorum", 2), "steps", "draft", BREAKING),
    (lambda s: s["procedure"]["competence"][0].__setitem__("level", "district"), "competence", "0", BREAKING),
    (lambda s: s["procedure"]["result"].__setitem__("series", "other"), "result", "result", BREAKING),
    (lambda s: s["outputs"].__setitem__("birth_certificate", "x"), "outputs", "birth_certificate", TEXT),
    (lambda s: s["procedure"].__setitem__("supplement", {"answer_within": "5 days"}), "other", None, BREAKING),
    (lambda s: s["procedure"].__setitem__("channels", ["online"]), "texts", "channels", BREAKING),
]  # fmt: skip


@pytest.mark.parametrize(("change", "section", "name", "weight"), CASES, ids=range(len(CASES)))
def test_one_change_is_one_line_with_its_place_words_and_weight(change, section, name, weight):
    diff = compare(OLD, changed(change))
    assert len(diff.changes) == 1, diff.changes
    only = diff.changes[0]
    assert (only.section, only.weight) == (section, weight)
    assert name in (None, only.id)
    assert only.before != only.after
    assert only.label
    assert bool(only.reason) == (weight == BREAKING)
    assert diff.compatible == (weight != BREAKING)


def test_words_are_those_of_officers():
    diff = compare(OLD, changed(_set(lambda s: step(s, "draft"), "within", "2 hours")))
    assert (diff.changes[0].before, diff.changes[0].after) == ("3 giờ làm việc", "2 giờ làm việc")
    added = compare(OLD, changed(lambda s: s["procedure"]["papers"].append(NEW_PAPER))).changes[0]
    assert (added.before, added.after) == ("—", "Ảnh của trẻ (bắt buộc)")


def test_a_step_put_between_breaks_twice_with_reasons():
    def change(source):
        steps = source["procedure"]["process"]
        steps.insert(
            2, {"id": "check", "do": "work", "by": "civil_status_officer @ competent", "next": "sign"}
        )
        step(source, "draft")["next"] = "check"

    found = {(c.kind, c.id) for c in compare(OLD, changed(change)).breaking}
    assert found == {("added", "check"), ("changed", "draft")}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_a_version_does_not_differ_from_itself(folder):
    source = Catalog(CATALOG, ROLES).source(folder)
    again = build(json.loads(json.dumps(source, sort_keys=True)), "again diff " + folder.name)
    assert compare(build(source), again).changes == ()


def test_two_procedures_differ_in_every_section_and_back_again():
    one, other = definition("1.001193"), definition("1.013225")
    there, back = compare(one, other), compare(other, one)
    assert {c.section for c in there.changes} <= set(SECTIONS)
    swap = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted((c.section, c.id, swap[c.kind]) for c in there.changes) == sorted(
        (c.section, c.id, c.kind) for c in back.changes
    )
    assert not there.compatible


@pytest.mark.parametrize("part", [f.name for f in fields(Definition)])
def test_no_part_of_a_definition_is_overlooked(part):
    """Whatever a definition comes to hold, a difference in it shows."""
    if part in ("hash", "blank", "code"):
        return
    other = definition("1.013225")
    mine, theirs = getattr(OLD, part), getattr(other, part)
    if mine == theirs:
        theirs = {"something": "else"} if not isinstance(mine, tuple) else ("else",)
        if part in ("channels", "applicants"):
            theirs = (*mine, "else")
    assert compare(OLD, replace(OLD, **{part: theirs})).changes
