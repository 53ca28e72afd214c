"""A form with every type of field, places to pick from, and answers without errors."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tinhso.core.forms.compiling import load_form
from tinhso.core.forms.definition import FormDefinition
from tinhso.core.forms.env import Env, ListedPlaces
from tinhso.core.forms.lists import CodeLists

FILE = Path(__file__).with_name("sample_form.yml")
PLACES = ListedPlaces(
    {
        "31318": "Phường I, thành phố Vị Thanh",
        "31321": "Phường III, thành phố Vị Thanh",
        "31333": "Xã Vị Tân, thành phố Vị Thanh",
    },
    {"H30.41": "Ủy ban nhân dân Phường I", "H30.15": "Sở Tư pháp"},
)
TODAY = date(2026, 11, 23)
APPLICANT = {
    "kind": "person",
    "full_name": "Trần Thị Bưởi",
    "identity": "093190000012",
    "phone": "+84912345678",
}


def lists() -> CodeLists:
    return CodeLists(settings.CATALOG)


@cache
def sample_form() -> FormDefinition:
    return load_form(FILE, lists())


def env(**changes: Any) -> Env:
    return Env(**{"today": TODAY, "applicant": APPLICANT, "places": PLACES, **changes})


def good_answers() -> dict[str, Any]:
    """Answers to every question, canonical and without errors."""
    return {
        "full_name": "Trần Thị Bưởi",
        "identity": "093190000012",
        "birth": "1990-02-03",
        "phone": "+84912345678",
        "email": "buoi@example.vn",
        "tax": "0100109106",
        "ethnicity": "01",
        "residence": {
            "detail": "Số 5, ấp 2",
            "territory": "31333",
            "territory_name": "Xã Vị Tân, thành phố Vị Thanh",
        },
        "married": True,
        "spouse": {"number": "093088000034", "name": "Lê Văn Mận", "birth": "1988"},
        "wedding": "2015-06",
        "children": [
            {"name": "Lê Trần An", "birth": "2016-07-08", "sick": False},
            {"name": "Lê Trần Bình", "birth": "2018-09-10", "sick": True, "illness": "Hen"},
        ],
        "area": 72.5,
        "floors": 2,
        "price": 1250000,
        "moving": "2026-12-01",
        "contact": {"name": "Lê Văn Mận", "phone": "+84912345679"},
        "ways": ["office", "post"],
        "speed": "fast",
        "office": "H30.15",
        "place": "31318",
        "note": "Xin gọi\ntrước khi đến.",
    }
