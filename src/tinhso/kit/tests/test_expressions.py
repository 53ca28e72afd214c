"""Expressions refuse in words: what does not compile, fails on the values, or would take too long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kit.errors import Refusal
from tinhso.kit.expressions import LONGEST, MOST_ITEMS, ExpressionError, compile


def test_a_division_by_zero_is_a_refusal_with_a_whole_sentence():
    with pytest.raises(Refusal) as caught:
        compile("100 / form.copies").evaluate({"form": {"copies": 0}})
    assert (caught.value.code, caught.value.status) == ("bad_expression", 422)
    assert "chia cho 0" in caught.value.message
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "9223372036854775807 + form.a",
        "form.a < 'x'",
        "form.a.b.c",
        "form.missing",
        "[1][7] == form.a",
        "form.a.matches('(')",
        "int('x') + form.a",
    ],
)
def test_whatever_the_library_raises_is_a_refusal(text):
    with pytest.raises(ExpressionError):
        compile(text).evaluate({"form": {"a": 1}})


@pytest.mark.parametrize(
    "text", ["1" + "+1" * LONGEST, "!" * 200 + "true", "(" * 100 + "1" + ")" * 100, "a ? b : " * 100 + "c"]
)
def test_what_would_break_the_stack_is_refused_before_it_is_compiled(text):
    with pytest.raises(ExpressionError, match="lồng quá"):
        compile(text)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("form.a.map(x, form.a.map(y, form.a.map(z, 1))).size() > 0", 25),
        ("form.a.map(x, [x, x]).size() > 0", MOST_ITEMS + 1),
        ("form.a.exists(x, form.a.exists(y, x == y))", 101),
    ],
)
def test_walks_over_too_much_are_refused_at_once(text, items):
    begun = time.monotonic()
    with pytest.raises(ExpressionError, match="quá nhiều mục"):
        compile(text).evaluate({"form": {"a": list(range(items))}})
    assert time.monotonic() - begun < 1


@given(st.integers(0, 95))
def test_walks_over_what_forms_hold_still_run(items):
    rows = [{"n": n} for n in range(items)]
    assert compile("form.a.exists(x, form.a.all(y, y.n <= x.n))").evaluate({"form": {"a": rows}}) is (
        items > 0
    )


@given(st.text(alphabet="ab.+-*/%()[]<>=!&|?' 10,", max_size=60))
def test_no_text_does_more_than_refuse(text):
    try:
        compile(text).evaluate({"a": 1, "b": "x"})
    except ExpressionError as error:
        assert error.reason
