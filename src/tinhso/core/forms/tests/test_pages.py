"""Pages as the design system draws them: every type has its controls, texts and errors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template import engines

from tinhso.core.forms.answers import merge, read_page
from tinhso.core.forms.tests.sample import env, good_answers, sample_form
from tinhso.core.forms.view import FieldView, page_views

FORM = sample_form()
DRAW = "{% error_summary views %}{% for view in views %}{% field view %}{% endfor %}"


def drawn(page_id: str, answers: dict[str, Any], post: dict[str, Any] | None = None, lang: str = "vi") -> str:
    page = FORM.page(page_id)
    assert page
    raw: Any = {}
    errors: Any = {}
    if post is not None:
        result = read_page(FORM, page, post, answers, env())
        answers, raw, errors = merge(answers, result.values), result.raw, result.errors
    views = page_views(FORM, page, answers, env(), raw, errors, lang)
    return engines["django"].from_string(DRAW).render({"views": views})


def views_of(page_id: str, answers: dict[str, Any]) -> dict[str, FieldView]:
    page = FORM.page(page_id)
    assert page
    return {v.id: v for v in page_views(FORM, page, answers, env())}


@pytest.mark.parametrize("page_id", [p.id for p in FORM.pages])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_draws(page_id: str, lang: str) -> None:
    for answers in ({}, good_answers()):
        html = drawn(page_id, answers, lang=lang)
        names = set(re.findall(r'id="([^"]+)"', html))
        assert len(names) == len(re.findall(r' id="([^"]+)"', html)), "every id once"


def test_values_and_names() -> None:
    about = drawn("about", good_answers())
    assert 'name="full_name"' in about
    assert 'value="03/02/1990"' in about
    assert 'name="residence-detail"' in about
    assert 'name="residence-territory" value="31333" checked' in about
    assert 'name="residence-territory-q" value="Xã Vị Tân, thành phố Vị Thanh"' in about
    family = drawn("family", good_answers())
    assert "children-1-illness" in family
    assert "children-0-illness" not in family
    assert 'name="children-0-remove"' in family


def test_what_was_typed_comes_back_with_its_error() -> None:
    html = drawn(
        "about", {}, {"birth": "31/2/1990", "residence-territory-q": "phuong", "full_name": "<b>An</b>"}
    )
    assert 'value="31/2/1990"' in html
    assert "chỉ có từ ngày 1 đến ngày 28" in html
    assert 'href="#birth"' in html
    assert "Có 2 nơi khớp với “phuong”" in html
    assert html.count('name="residence-territory" value=') == 2
    assert "<b>An</b>" not in html
    assert "&lt;b&gt;An&lt;/b&gt;" in html


def test_questions_appear_with_the_answer() -> None:
    assert set(views_of("family", {})) == {"married", "children"}
    assert set(views_of("family", {"married": True})) == {"married", "spouse", "wedding", "children"}


def test_rows_can_be_added_until_the_most() -> None:
    children = views_of("family", {})["children"]
    assert (children.rows, children.add_name) == ((), "children-add")
    full = views_of("family", {"children": [{}, {}, {}]})["children"]
    assert full.add_name == ""
    assert [r.title for r in full.rows] == ["Con 1", "Con 2", "Con 3"]
    assert [f.id for f in full.rows[0].fields] == ["children-0-name", "children-0-birth", "children-0-sick"]


def test_controls() -> None:
    about, house = views_of("about", good_answers()), views_of("house", good_answers())
    assert (about["phone"].inputmode, about["phone"].value) == ("tel", "0912 345 678")
    assert about["full_name"].autocomplete == "name"
    assert about["full_name"].max_length == 100
    assert about["residence"].parts[1].lookup_url == "/forms/tim-dia-ban/"
    assert (house["area"].unit, house["area"].value, house["area"].width) == ("m²", "72,5", "short")
    assert house["price"].value == "1.250.000"
    wishes = views_of("wishes", good_answers())
    assert [o.checked for o in wishes["ways"].options] == [True, True]
    assert wishes["office"].lookup_url == "/forms/tim-co-quan/"
    assert wishes["office"].value == "Sở Tư pháp"
