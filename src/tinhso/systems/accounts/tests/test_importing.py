"""Lists of staff, from the file to what came of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tinhso.core.access.models import Holding
from tinhso.core.access.queries import standing_of_person
from tinhso.core.audit.models import Entry
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.models import Item
from tinhso.core.notify.models import Message
from tinhso.core.orgs.models import Post
from tinhso.core.people.models import Account, Identity, Person
from tinhso.kit.errors import Refusal
from tinhso.systems.accounts import sheets
from tinhso.systems.accounts.actions import importing
from tinhso.systems.accounts.models import Invitation, Staff
from tinhso.systems.accounts.queries import imports as queries
from tinhso.systems.accounts.tests.conftest import HEAD, checked, done, row, workbook


def faults(run) -> dict[str, list[str]]:
    return {
        i.key: [f[0] for f in i.data["faults"]]
        for i in Item.objects.filter(run=run).order_by("position")
        if i.data["faults"]
    }


def test_people_posts_and_accounts_come_to_be(province, admin):
    run = done(admin, workbook([HEAD, *(row(n) for n in range(1, 31))]))
    assert run.result["counts"] == {"new": 30}
    person = Identity.objects.get(number="093085000007").person
    assert Staff.objects.get(person=person).code == "CB00007"
    account = Account.objects.get(person=person)
    assert (account.username, account.has_usable_password()) == ("cb00007", False)
    assert standing_of_person(person.id).posts[0].title == "Văn thư"
    assert Invitation.objects.filter(account=account, email="a7@haugiang.gov.vn").exists()
    assert not Item.objects.filter(run=run, data__has_key="row").exists()
    acts = set(Entry.objects.filter(object_id=str(person.id)).values_list("act", flat=True))
    assert acts == {"people.create", "people.create_account", "accounts.invite"}


def test_the_same_file_twice_changes_nothing(province, admin):
    data = workbook([HEAD, *(row(n) for n in range(1, 11)), row(1)])
    done(admin, data)

    def state():
        return [
            list(m.objects.order_by("pk").values_list())
            for m in (Person, Identity, Staff, Account, Holding, Post, Invitation, Message)
        ]

    before = state()
    again = done(admin, data)
    assert again.result["counts"] == {"same": 11}
    assert state() == before


def test_what_changed_is_brought_up_to_date(province, admin):
    done(admin, workbook([HEAD, row(1), row(2)]))
    head = [*HEAD, "Đến trước ngày"]
    run = done(admin, workbook([head, [*row(1, email="moi@haugiang.gov.vn"), ""], [*row(2), "31/12/2030"]]))
    assert run.result["counts"] == {"changed": 2}
    assert Person.objects.get(identities__number="093085000001").email == "moi@haugiang.gov.vn"
    assert Holding.objects.get(person__identities__number="093085000002").valid_to.year == 2030


def test_people_are_known_by_number_then_by_staff_code_never_by_name(province, admin):
    done(admin, workbook([HEAD, row(1)]))
    by_code = row(1, number="", post="Kế toán")
    same_name = row(2, name="Nguyễn Văn B", number="093085999999")
    run = done(admin, workbook([HEAD, by_code, same_name]))
    assert run.result["counts"] == {"changed": 1, "new": 1}
    assert Person.objects.filter(full_name="Nguyễn Văn B").count() == 2


def test_a_person_with_two_posts_in_one_list(province, admin):
    run = done(admin, workbook([HEAD, row(1), row(1, post="Thủ quỹ"), row(1, number="", post="Kế toán")]))
    assert run.failed == 0
    person = Identity.objects.get(number="093085000001").person
    assert {p.title for p in standing_of_person(person.id).posts} == {"Văn thư", "Thủ quỹ", "Kế toán"}
    assert Account.objects.filter(person=person).count() == 1


def test_each_wrong_line_is_told_and_hinders_no_other(province, admin):
    known = province.citizen.person
    rows = [
        row(1),
        row(2, unit="H99"),
        row(3, unit="Bộ phận Một cửa"),
        row(4, number="093192000123"),  # the citizen's number under another name
        row(5, name="Nguy?n V?n A"),
        row(6, number="12"),
        [*row(7)[:5], "", "01/07/2026"],
    ]
    run = checked(admin, workbook([HEAD, *rows]))
    assert faults(run) == {
        "3": ["unit"], "4": ["unit"], "5": ["full_name"], "6": ["full_name"], "7": ["number"], "8": ["post"],
    }  # fmt: skip
    importing.confirm(actor=admin, run=run, make_posts=True, invite=True)
    runs.work(run.id)
    run.refresh_from_db()
    assert (run.done, run.failed, run.state) == (7, 6, "done")
    assert known.full_name not in "".join(Item.objects.filter(run=run).values_list("message", flat=True))


def test_lines_to_mend_come_back_as_a_table(province, admin):
    run = checked(admin, workbook([HEAD, row(1), row(2, unit="H99")]))
    table = list(queries.faulty_rows(run))
    assert table[0][0] == "Dòng"
    assert (table[1][0], len(table)) == ("3", 2)
    assert "Không có đơn vị" in table[1][-1]
    assert queries.common_faults(run)[0][1] == 1


def test_merged_cells_are_faults_of_their_lines_only(province, admin):
    rows = [["DANH SÁCH CÁN BỘ PHƯỜNG I"], HEAD, row(1), row(2), row(3)]
    run = checked(admin, workbook(rows, merge="E4:E5"))
    assert "merge" in str(Item.objects.get(run=run, key="4").data["faults"]).lower()
    assert set(faults(run)) == {"4", "5"}


def test_a_formula_counts_as_what_it_shows(province, admin):
    run = checked(admin, workbook([HEAD, row(1, email='=CONCATENATE("a","b")')]))
    assert Item.objects.get(run=run).data["row"].get("email", "") == ""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (workbook([[*HEAD, "Mật khẩu"], [*row(1), "bimat"]]), "has_passwords"),
        (workbook([["a", "b"], ["1", "2"]]), "no_heading"),
        (b"", "empty"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_before_anything_is_kept(province, admin, data, code):
    with pytest.raises(sheets.NotATable) as refused:
        importing.bring(actor=admin, data=data, name="x.xlsx")
    assert refused.value.code == code


def test_the_sheet_that_fits_is_taken_and_another_can_be_chosen(province, admin):
    from io import BytesIO

    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Bìa"
    book.active.append(["Danh sách"])
    book.create_sheet("Cán bộ").append(HEAD)
    out = BytesIO()
    book.save(out)
    run = importing.bring(actor=admin, data=out.getvalue(), name="x.xlsx")
    assert run.data["sheet"] == "Cán bộ"
    with pytest.raises(Refusal):
        importing.bring_again(actor=admin, run=run, sheet="Bìa")


def test_a_needed_column_left_out_is_named(province, admin):
    run = importing.bring(actor=admin, data=workbook([HEAD, row(1)]), name="x.xlsx")
    with pytest.raises(Refusal, match="Đơn vị"):
        importing.look_through(
            actor=admin, run=run, meant=[*run.data["meant"][:4], "", *run.data["meant"][5:]]
        )
    with pytest.raises(Refusal, match="Mỗi ý"):
        importing.look_through(actor=admin, run=run, meant=["full_name"] * len(HEAD))


def test_an_administrator_of_a_unit_brings_only_its_own_people(province, unit_admin):
    rows = [
        row(1),
        row(2, unit="H30.41.26"),
        row(3, unit="H30.41.21.01", post="Phụ trách Bộ phận Một cửa"),
        row(4, post="Chủ tịch"),
    ]
    run = checked(unit_admin, workbook([HEAD, *rows]))
    found = {i.key: [f[2] for f in i.data["faults"]] for i in Item.objects.filter(run=run)}
    assert found["2"] == found["4"] == []
    assert "ngoài phạm vi" in found["3"][0]
    assert (
        "không được giao" in found["5"][0]
    )  # the chair's post carries a role the unit's administrator may not give


def test_nobody_appoints_oneself_by_a_list(province, unit_admin, unit_admin_account):
    person = unit_admin_account.person
    run = checked(
        unit_admin, workbook([HEAD, row(1, name=person.full_name, number="093188000777", staff="")])
    )
    assert "cho chính mình" in str(Item.objects.get(run=run).data["faults"])


def test_who_lost_the_post_while_the_work_runs_goes_no_further(
    province, unit_admin, unit_admin_account, monkeypatch
):
    run = checked(unit_admin, workbook([HEAD, *(row(n) for n in range(1, 7))]))
    importing.confirm(actor=unit_admin, run=run, make_posts=True, invite=False)
    monkeypatch.setattr(importing, "GROUP", 2)
    Item.objects.filter(run=run, position__lt=2).update(state="done")
    Holding.objects.filter(person_id=unit_admin_account.person_id).delete()
    runs.work(run.id)
    run.refresh_from_db()
    assert run.state == "failed"
    assert not Account.objects.filter(username__startswith="cb0").exists()


def test_stopped_and_resumed_it_goes_on_where_it_was(province, admin):
    run = checked(admin, workbook([HEAD, *(row(n) for n in range(1, 6))]))
    importing.confirm(actor=admin, run=run, make_posts=True, invite=True)
    runs.cancel(run.id, actor=admin)
    runs.work(run.id)
    assert not Account.objects.filter(username="cb00001").exists()
    runs.resume(run.id, actor=admin)
    runs.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 5)


def test_the_number_of_queries_hardly_grows_with_the_lines(province, admin, monkeypatch):
    monkeypatch.setattr(importing, "GROUP", 100)
    costs = []
    for first, many in ((1, 10), (100, 50)):
        run = checked(admin, workbook([HEAD, *(row(first + n) for n in range(many))]))
        importing.confirm(actor=admin, run=run, make_posts=True, invite=False)
        with CaptureQueriesContext(connection) as seen:
            runs.work(run.id)
        costs.append(len(seen))
    assert costs[1] <= costs[0] + 5
