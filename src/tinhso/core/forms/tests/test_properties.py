"""What holds for all answers and everything a browser may send."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.core.forms.answers import (
    act_on_rows,
    clean,
    display,
    display_values,
    merge,
    prefill,
    read_page,
    resolve,
    row_action,
    validate,
)
from tinhso.core.forms.answers.shown import join
from tinhso.core.forms.definition import Field
from tinhso.core.forms.schema import answers_schema, from_json_errors, json_errors
from tinhso.core.forms.tests.sample import PLACES, env, good_answers, sample_form
from tinhso.core.forms.types import TYPES, MistakeError, is_rows, parts
from tinhso.core.forms.view import FieldView, page_views

FORM = sample_form()
ENV = env()
SCHEMA = jsonschema.Draft202012Validator(answers_schema(FORM))


def names(field: Field, path: str) -> list[str]:
    """Every input name a field may have on a page, and the names of its buttons."""
    if is_rows(field):
        inner = [n for i in range(4) for p in field.fields for n in names(p, join(path, i, p.id))]
        return [*inner, f"{path}-add", *(f"{path}-{i}-remove" for i in range(4))]
    if parts(field):
        return [n for p in parts(field) for n in names(p, join(path, p.id))]
    return [path, f"{path}-q"]


NAMES = ["look", *(n for f in FORM.fields.values() for n in names(f, f.id))]
TYPED = st.one_of(
    st.text(max_size=20),
    st.sampled_from([
        "yes", "no", "1/2/2020", "1.250.000", "72,5", "0912345678", "093190000012", "an@example.vn", "An", "01",
        "31318", "vi", "phuong", "office", "post", "residence-territory", "2015", "H30.15",
    ]),
)  # fmt: skip
POSTS = st.lists(st.tuples(st.sampled_from(NAMES), TYPED), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | TYPED,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | st.sampled_from(["name", "birth"]), inner, max_size=3)
    ),
    max_leaves=8,
)
ANY_ANSWERS = st.dictionaries(st.sampled_from([*FORM.fields, "unknown"]), JSON, max_size=12)


def query(pairs: list[tuple[str, str]]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, value in pairs:
        found.appendlist(name, value)
    return found


def paths_of(answers: dict[str, Any]) -> set[str]:
    found = set()
    for name, value in answers.items():
        field = FORM.fields[name]
        found.add(name)
        if is_rows(field):
            found |= {join(name, i, k) for i, row in enumerate(value) for k in row}
        elif parts(field):
            found |= {join(name, k) for k in value if k != "territory_name"}
    return found


@settings(max_examples=60, deadline=None)
@given(POSTS, ANY_ANSWERS, st.sampled_from([p.id for p in FORM.pages]))
def test_no_post_breaks_a_page(pairs: list[tuple[str, str]], answers: dict[str, Any], page_id: str) -> None:
    page = FORM.page(page_id)
    assert page
    result = read_page(FORM, page, query(pairs), answers, ENV)
    after, raw = merge(answers, result.values), dict(result.raw)
    act = row_action(page, query(pairs))
    if act and act.kind != "look":
        after, raw = act_on_rows(FORM.fields[act.path], act, after, raw)
    json.dumps([result.values, raw]).encode()
    assert "\\u0000" not in json.dumps([result.values, raw])
    views = page_views(FORM, page, after, ENV, raw, result.errors, "en")
    assert all(isinstance(v, FieldView) for v in views)


@settings(max_examples=60, deadline=None)
@given(POSTS)
def test_reading_what_was_shown_changes_nothing(pairs: list[tuple[str, str]]) -> None:
    """A page that is shown and sent again unchanged gives the same answers, texts and errors."""
    page = FORM.page("about")
    assert page
    first = read_page(FORM, page, query(pairs), {}, ENV)
    answers = merge({}, first.values)
    again: list[tuple[str, str]] = []
    for view in page_views(FORM, page, answers, ENV, first.raw, first.errors):
        again += typed_again(view)
    second = read_page(FORM, page, query(again), answers, ENV)
    assert merge({}, second.values) == answers
    assert second.raw == first.raw


def typed_again(view: FieldView) -> list[tuple[str, str]]:
    """What a browser sends for a field that was not touched."""
    if view.parts:
        return [pair for part in view.parts for pair in typed_again(part)]
    if view.lookup_url:
        return [(f"{view.id}-q", view.value), *((view.id, o.value) for o in view.options if o.checked)]
    if view.options:
        # A tampered choice is offered nowhere; the error stays with what was sent.
        checked = [(view.id, o.value) for o in view.options if o.checked]
        return checked or ([(view.id, view.value)] if view.value else [])
    return [(view.id, view.value)]


@settings(max_examples=60, deadline=None)
@given(ANY_ANSWERS)
def test_no_answers_break_the_functions(answers: dict[str, Any]) -> None:
    errors = validate(FORM, answers, ENV)
    assert all(text.vi and text.en for text in errors.values())
    sent = clean(FORM, answers, ENV)
    display(FORM, sent, "vi", PLACES)
    display_values(FORM, sent, "en", PLACES)
    prefill(FORM, ENV, answers)
    json_errors(FORM, answers)


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional={n: st.just(v) | JSON for n, v in good_answers().items()}))
def test_hidden_answers_are_never_sent(answers: dict[str, Any]) -> None:
    sent = clean(FORM, answers, ENV)
    if validate(FORM, sent, ENV):
        return
    assert paths_of(sent) <= resolve(FORM, sent, ENV).paths
    assert clean(FORM, sent, ENV) == sent
    if sent.get("married") is not True:
        assert not {"spouse", "wedding", "area", "contact"} & set(sent)


@settings(max_examples=80, deadline=None)
@given(st.fixed_dictionaries({}, optional={n: st.just(v) | JSON for n, v in good_answers().items()}))
def test_schema_agrees_with_validate(answers: dict[str, Any]) -> None:
    sent = clean(FORM, answers, ENV)
    if not validate(FORM, answers, ENV):
        assert list(SCHEMA.iter_errors(sent)) == []
    wrong = from_json_errors(FORM, SCHEMA.iter_errors(sent))
    assert all(text.vi for text in wrong.values())
    assert {p.split("-")[0] for p in wrong} <= {p.split("-")[0] for p in validate(FORM, sent, ENV)}


def test_schema_is_valid_and_speaks() -> None:
    jsonschema.Draft202012Validator.check_schema(answers_schema(FORM))
    assert list(SCHEMA.iter_errors(good_answers())) == []
    errors = json_errors(
        FORM,
        {**good_answers(), "birth": 5, "hack": 1, "spouse": {"name": "A B"}, "children": [{"name": "An"}]},
    )
    assert {path: text.vi for path, text in errors.items()} == {
        "birth": "“Ngày sinh” chưa đúng dạng. Hãy kiểm tra lại.",
        "hack": "Không có mục “hack” trong tờ khai.",
        "spouse-number": "Hãy nhập “Số định danh cá nhân”.",
        "spouse-birth": "Hãy nhập “Ngày sinh”.",
        "children-0-birth": "Hãy nhập “Ngày sinh”.",
    }


@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"choice", "select", "checks"}))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_typing_what_is_shown_gives_the_same_value(kind: str, data: st.DataObject) -> None:
    field = next((f for f in FORM.fields.values() if f.type == kind), Field("x", kind, FORM.title))
    text = data.draw(
        TYPED
        | st.integers().map(str)
        | st.dates().map(lambda d: f"{d.day}/{d.month}/{d.year}")
        | st.decimals(places=3, allow_nan=False, allow_infinity=False).map(str)
    )
    tidied = TYPES[kind].tidy(text)
    try:
        value = TYPES[kind].parse(field, tidied) if tidied else None
    except MistakeError:
        return
    if value is None:
        return
    assert TYPES[kind].parse(field, TYPES[kind].typed(field, value)) == value
    if not isinstance(value, bool) and kind not in ("territory", "unit"):
        assert TYPES[kind].parse(field, TYPES[kind].display(field, value, "vi", PLACES)) == value
