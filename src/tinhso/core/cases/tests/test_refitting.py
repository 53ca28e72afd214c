"""The short way to say that answers still do says the same as looking at the whole form again."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.core.cases.rules.refitting import unfit
from tinhso.core.forms.answers import clean, validate
from tinhso.core.forms.env import Env
from tinhso.core.procedures.build import build
from tinhso.core.procedures.tests.sample import example
from tinhso.core.procedures.tests.test_diff import NEW_FIELD, SOURCE, field, without

OLD = build(SOURCE).form
ENV = Env(date(2026, 11, 23), {"kind": "person"}, "online", "normal")
CHANGES = {
    "shorter name": lambda s: field(s, "child_name").__setitem__("max_length", 8),
    "still long enough": lambda s: field(s, "child_name").__setitem__("max_length", 90),
    "one more, optional": lambda s: s["form"]["pages"][0]["fields"].append(NEW_FIELD),
    "one more, required": lambda s: s["form"]["pages"][0]["fields"].append(NEW_FIELD | {"required": True}),
    "few copies": lambda s: field(s, "copies").__setitem__("maximum", 1),
    "copies required": lambda s: field(s, "copies").__setitem__("required", True),
    "one less": lambda s: without(s, "note"),
    "other words": lambda s: field(s, "child_name")["label"].__setitem__("vi", "Họ tên"),
    "a page only sometimes": lambda s: s["form"]["pages"][-1].__setitem__("when", "channel == 'counter'"),
    "an option less": lambda s: field(s, "child_sex")["options"].pop(),
    "a new check": lambda s: (
        s["form"]["pages"][0]
        .setdefault("checks", [])
        .append({"rule": "form.child_name == null", "message": {"vi": "Không được"}, "field": "child_name"})
    ),
}


@settings(max_examples=80, deadline=None)
@given(
    names=st.lists(st.sampled_from(sorted(CHANGES)), unique=True, max_size=4),
    answers=st.fixed_dictionaries(
        {},
        optional={
            "child_name": st.sampled_from(["Lê An", "Nguyễn Hoàng Thiên Ân", ""]),
            "copies": st.sampled_from([None, 1, 3]),
            "child_sex": st.sampled_from(["M", "F"]),
            "note": st.sampled_from(["x", None]),
        },
    ),
)
def test_both_ways_agree(names, answers):
    source = deepcopy(SOURCE)
    for name in names:
        CHANGES[name](source)
    new = build(source).form
    given_ = clean(OLD, example() | answers, ENV)
    if validate(OLD, given_, ENV):
        return  # what was wrong before was never filed
    whole = {path.split("-")[0] for path in validate(new, given_, ENV)} if new.hash != OLD.hash else set()
    assert {name for name, _blank in unfit(OLD, new, given_, ENV)} == whole
