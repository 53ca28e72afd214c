"""The administrator's pages of a reorganisation, from the typed plan to the report."""

from __future__ import annotations

import pytest
from django.test import Client

from tinhso.core.jobs.actions import work
from tinhso.core.orgs import queries as orgs
from tinhso.core.reorganisation.models import PlanState, Reorganisation
from tinhso.core.reorganisation.tests.world import plan_text, saved
from tinhso.core.testing.province import SmallProvince
from tinhso.core.testing.web import signed_in
from tinhso.systems.onestop.tests.staff_world import Staff

HOME = "/quan-tri/sap-xep/"
TABLE = """old_province_code,old_province,old_code,old_name,new_province_code,new_province,new_code,new_name,how
93,Tỉnh Hậu Giang,31318,Phường I,92,Thành phố Cần Thơ,31333,Phường Vị Tân,Nhập toàn bộ
93,Tỉnh Hậu Giang,31333,Xã Vị Tân,92,Thành phố Cần Thơ,31333,Phường Vị Tân,Nhập toàn bộ
"""


@pytest.fixture
def admin(province: SmallProvince, client: Client) -> Client:
    return signed_in(client, province.administrator)


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_from_the_typed_plan_to_the_report_and_back(province: SmallProvince, admin: Client) -> None:
    Staff.file(province).handed_over()
    assert "Chưa có phương án nào" in text_of(admin, HOME)
    answer = admin.post(f"{HOME}moi/", {"text": plan_text(), "save": "1"})
    page = answer["Location"]
    assert admin.post(f"{page}chay-thu/").status_code == 302
    shown = text_of(admin, page)
    assert "Ủy ban nhân dân Phường I" in shown
    assert "Ủy ban nhân dân Phường Vị Tân" in shown
    assert "Thực hiện sắp xếp" in shown
    admin.post(f"{page}thuc-hien/")
    assert Reorganisation.objects.get().state == PlanState.DRAFT
    admin.post(f"{page}thuc-hien/", {"sure": "1"})
    row = Reorganisation.objects.get()
    work(row.run_id)  # type: ignore[arg-type]
    shown = text_of(admin, page)
    assert "Đã chuyển xong" in shown
    assert "Lệch" not in shown
    row.refresh_from_db()
    assert admin.get(f"/tep/{row.report_id}/").status_code == 200
    admin.post(f"{page}hoan-tac/")
    row.refresh_from_db()
    work(row.run_id)  # type: ignore[arg-type]
    assert "Đã hoàn tác" in text_of(admin, page)


def test_faults_are_told_by_line_and_nothing_typed_is_lost(admin: Client) -> None:
    answer = admin.post(f"{HOME}moi/", {"text": "name: Thử nghiệm\nunits: 3\n", "save": "1"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Dòng 2" in html
    assert "Thử nghiệm" in html


def test_a_plan_of_wrong_codes_is_told_by_the_dry_run(province: SmallProvince, admin: Client) -> None:
    row = saved(province, plan_text().replace("H30.41.26", "H30.41.99"))
    admin.post(f"{HOME}{row.id}/chay-thu/")
    assert "không có đơn vị đang hoạt động mang mã H30.41.99" in text_of(admin, f"{HOME}{row.id}/")


def test_who_has_no_seat_is_asked_for(province: SmallProvince, admin: Client) -> None:
    row = saved(province, plan_text().replace("  spread: true", "  spread: false"))
    page = f"{HOME}{row.id}/"
    admin.post(f"{page}chay-thu/")
    row.refresh_from_db()
    homeless = row.trial["homeless"]
    assert "Cần người quyết định" in text_of(admin, page)
    admin.post(
        f"{page}quyet-dinh/", {f"choice:{s['held']['key']}": "H92.51/document_clerk" for s in homeless}
    )
    row.refresh_from_db()
    assert row.trial["ready"], row.trial["homeless"]


def test_a_table_of_territories_becomes_a_plan(province: SmallProvince, admin: Client) -> None:
    html = admin.post(f"{HOME}moi/", {"text": TABLE, "table": "1"}).content.decode()
    assert "Ủy ban nhân dân Phường Vị Tân" in html
    assert "do: dissolve" in html
    assert (
        "Không địa bàn nào"
        in admin.post(
            f"{HOME}moi/", {"text": "old_code,new_code,new_name,how\n1,2,3,4\n", "table": "1"}
        ).content.decode()
    )


def test_only_administrators_come_here(province: SmallProvince, client: Client) -> None:
    row = saved(province)
    signed_in(client, province.account("chair"))
    assert client.get(HOME).status_code == 403
    assert client.get(f"{HOME}{row.id}/").status_code == 403
    for act in ("chay-thu", "quyet-dinh", "thuc-hien", "hoan-tac", "bo"):
        assert client.post(f"{HOME}{row.id}/{act}/", {"sure": "1"}).status_code == 403
    assert orgs.unit_by_code("H30").name == "Ủy ban nhân dân tỉnh Hậu Giang"
