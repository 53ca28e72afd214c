"""One form for many people: the table is looked at first, every row becomes a case of its own, once."""

from __future__ import annotations

import pytest

from tinhso.core.cases import links, queries
from tinhso.core.cases.models import Case, CaseLink
from tinhso.core.cases.state import load_state
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.models import Run, RunState
from tinhso.core.jobs.runs import Steps
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.tables import Rows, read_text
from tinhso.systems.onestop.actions import copies
from tinhso.systems.onestop.tests.staff_world import Staff
from tinhso.systems.onestop.tests.test_staff_pages import browser

HEAD = [
    "Mã dòng (không bắt buộc) [row]",
    "Họ và tên người nộp [full_name]",
    "child_name [child_name]",
    "copies [copies]",
]


def rows(*more: list[str]) -> Rows:
    return [HEAD, ["A1", "Phạm Thị Một", "Trần Gia An", ""], ["A2", "Phạm Thị Hai", "", "2"], *more]


def confirmed(base: Staff, table: Rows) -> Run:
    actor = base.actor("one_stop_clerk")
    run = copies.prepare_copies(base.open(), table, actor=actor)
    return runs.confirm(run.id, actor=actor, data={})


def test_each_row_becomes_a_case_of_its_own_in_one_group(province: SmallProvince) -> None:
    base = Staff.file(province)
    run = confirmed(base, rows())
    runs.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (RunState.DONE, 2, 0), run.error
    codes = list(run.items.order_by("position").values_list("message", flat=True))
    one, two = (Case.objects.get(code=code) for code in codes)
    assert (one.applicant_name, two.applicant_name) == ("Phạm Thị Một", "Phạm Thị Hai")
    first, second = load_state(one.state).answers, load_state(two.state).answers
    assert (first["child_name"], second["child_name"]) == ("Trần Gia An", base.state.answers["child_name"])
    assert (first["copies"], second["copies"]) == (base.state.answers["copies"], 2)
    assert links.head_of(two.id) == links.head_of(one.id) == one.id
    clerk = browser(province, "one_stop_clerk")
    page = clerk.get(run.result["url"]).content.decode()
    assert one.code in page
    assert two.code in page
    assert "Nhóm hồ sơ" in clerk.get(f"/mot-cua/ho-so/{two.code}/").content.decode()


def test_the_same_table_twice_files_nothing_twice(province: SmallProvince) -> None:
    base = Staff.file(province)
    for _twice in range(2):
        run = confirmed(base, rows())
        runs.work(run.id)
        runs.work(run.id)
    assert Case.objects.filter(key__startswith="lo:").count() == 2


def test_killed_in_the_middle_it_goes_on(province: SmallProvince, monkeypatch: pytest.MonkeyPatch) -> None:
    base, real, calls = Staff.file(province), Steps.settle, []

    def settle(self, outcomes):
        real(self, outcomes)
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    table = [HEAD[1:], ["Phạm Một", "", ""], ["Phạm Hai", "", ""], ["Phạm Ba", "", ""]]
    run = confirmed(base, table)
    monkeypatch.setattr(Steps, "settle", settle)
    with pytest.raises(KeyboardInterrupt):
        runs.work(run.id)
    assert Case.objects.filter(key__startswith="lo:").count() == 1
    runs.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done, run.failed) == (RunState.DONE, 3, 0)
    assert Case.objects.filter(key__startswith="lo:").count() == 3
    assert CaseLink.objects.filter(kind="group").values("parent_id").distinct().count() == 1
    assert CaseLink.objects.filter(kind="group").count() == 2


def test_wrong_rows_are_told_by_line_and_column_and_hinder_no_other(province: SmallProvince) -> None:
    base = Staff.file(province)
    clerk = browser(province, "one_stop_clerk")
    table = rows(["A3", "", "Trần An", ""], ["A1", "Phạm Ba", "", ""], ["A5", "Phạm Tư", "", "nhiều"])
    text = "\n".join("\t".join(row) for row in table)
    asked = clerk.post(f"/mot-cua/nhieu-nguoi/{base.case.code}/", {"table": text})
    page = clerk.get(asked.url)
    assert page.context["good"] == 2
    assert [(line, column) for line, column, _t in page.context["faults"]][:2] == [
        (4, "Họ và tên người nộp"),
        (5, "Mã dòng"),
    ]
    assert page.context["faults"][2][0] == 6
    assert "Phạm Tư" in page.context["typed"]
    clerk.post(asked.url, {"dong-y": "1"})
    run = Run.objects.get()
    runs.work(run.id)
    run.refresh_from_db()
    assert (run.done, run.failed) == (5, 3)
    assert "Dòng 4" in run.items.get(position=2).message
    assert Case.objects.filter(key__startswith="lo:").count() == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_name_column"),
        ("Lạ\tHọ và tên người nộp\nx\ty", "unknown_column"),
        ("child_name [child_name]\nAn", "no_name_column"),
        ("Họ và tên người nộp\n", "no_rows"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_as_a_whole(
    province: SmallProvince, text: str, code: str
) -> None:
    base = Staff.file(province)
    with pytest.raises(Refusal) as refused:
        copies.prepare_copies(base.open(), read_text(text), actor=base.actor("one_stop_clerk"))
    assert refused.value.code == code
    answer = browser(province, "one_stop_clerk").post(
        f"/mot-cua/nhieu-nguoi/{base.case.code}/", {"table": text}
    )
    assert answer.status_code == 422
    assert answer.context["typed"] == text


def test_rights(province: SmallProvince) -> None:
    base = Staff.file(province)
    url = f"/mot-cua/nhieu-nguoi/{base.case.code}/"
    assert browser(province, "chair").get(url).status_code == 403
    assert browser(province, "one_stop_clerk", "H30.41.26.01").get(url).status_code == 404
    clerk = browser(province, "one_stop_clerk")
    assert clerk.get(f"{url}mau.csv").content.decode().count("[full_name]") == 1
    run = confirmed(base, rows())
    runs.work(run.id)
    code = run.items.order_by("position").first().message
    far = browser(province, "one_stop_clerk", "H30.41.26.01")
    assert far.get(f"/mot-cua/nhom/{code}/").status_code == 404
    with pytest.raises(NotFound):
        queries.open_case(code, actor=province.officer("one_stop_clerk", "H30.41.26.01"))
    assert clerk.get(f"/mot-cua/nhom/{base.case.code}/").status_code == 404
