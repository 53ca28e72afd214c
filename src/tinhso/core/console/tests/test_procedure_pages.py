"""Publishing from the pages: faults with file and line, examples, what changed, the date, and cases that keep theirs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tinhso.core.access.actor import system_actor
from tinhso.core.audit.models import Entry
from tinhso.core.cases.models import Procedure, ProcedureVersion, VersionFiles
from tinhso.core.console.queries import procedures as queries
from tinhso.core.orgs import actions as orgs
from tinhso.core.procedures.files import files_of_zip, zip_of

CODE = "1.001193"
TOMORROW = timezone.localdate() + timedelta(days=1)


def edit(code: str = CODE) -> str:
    return reverse("console:edit_procedure", args=[code])


@pytest.fixture
def files(province):
    return queries.files_of(queries.base_of(CODE), CODE)


def typed(files, **more):
    """As a browser sends it: line ends of its own kind."""
    return {f"file:{name}": text.replace("\n", "\r\n") for name, text in files.items()} | more


def test_the_editor_begins_with_the_files_in_force_comments_included(admin, files):
    page = admin.get(edit()).content.decode()
    assert "# Answers and the names used by the electronic civil register" in page
    areas = re.findall(r'name="file:([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert {name: unescape(text) for name, text in areas} == files


def test_a_version_that_kept_no_files_is_rebuilt_from_what_is_stored(files):
    VersionFiles.objects.all().delete()
    rebuilt = queries.files_of(queries.base_of(CODE), CODE)
    assert set(rebuilt) == set(files)
    judged = queries.judged(rebuilt)
    assert judged.good
    assert judged.examples >= 3


def test_faults_are_told_with_file_and_line_and_nothing_is_lost(admin, files):
    wrong = files | {
        "procedure.yml": files["procedure.yml"].replace("chair @ competent", "mandarin @ competent")
    }
    answer = admin.post(edit(), typed(wrong, check="1"))
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert re.search(r"procedure\.yml, dòng\s+\d+", page)
    assert "Không có vai trò “mandarin”" in page
    assert "by: mandarin @ competent" in page
    assert 'href="#f-procedure-yml"' in page
    assert 'id="f-procedure-yml"' in page
    assert 'name="publish"' not in page
    refused = admin.post(edit(), typed(wrong, publish="1", valid_from=f"{TOMORROW:%d/%m/%Y}"))
    assert refused.status_code == 422
    assert ProcedureVersion.objects.filter(procedure_id=CODE).count() == 1


def test_an_example_that_no_longer_holds_stops_publishing(admin, files):
    wrong = files | {"procedure.yml": files["procedure.yml"].replace("{each: 8000}", "{each: 9000}", 1)}
    page = admin.post(edit(), typed(wrong, publish="1", valid_from=f"{TOMORROW:%d/%m/%Y}")).content.decode()
    assert "Ví dụ không còn đúng" in page
    assert ProcedureVersion.objects.filter(procedure_id=CODE).count() == 1


def test_a_change_is_shown_then_published_from_a_day(admin, files, province):
    changed = files | {
        "procedure.yml": files["procedure.yml"].replace("keywords: [", "keywords: [bé chào đời, ", 1)
    }
    page = admin.post(edit(), typed(changed, check="1")).content.decode()
    assert "<ins>" in page
    assert "bé chào đời" in page
    assert "hồ sơ chạy" in page
    early = admin.post(edit(), typed(changed, publish="1", valid_from="01/01/2020"))
    assert early.status_code == 409
    assert 'id="valid_from-error"' in early.content.decode()
    done = admin.post(edit(), typed(changed, publish="1", valid_from=f"{TOMORROW:%d/%m/%Y}"))
    assert done.url == reverse("console:procedure", args=[CODE])
    first, second = ProcedureVersion.objects.filter(procedure_id=CODE).order_by("number")
    assert (first.valid.upper, second.valid.lower) == (TOMORROW, TOMORROW)
    assert VersionFiles.objects.get(version=second).files == changed
    entry = Entry.objects.filter(act="cases.publish").latest("id")
    assert entry.data["before"]["version"] == 1
    assert entry.data["after"]["version"] == 2
    assert entry.actor["name"] == "Phạm Quản Trị"
    listed = admin.get(reverse("console:procedure", args=[CODE])).content.decode()
    assert "Sắp có hiệu lực" in listed
    archive = admin.get(reverse("console:version_files", args=[CODE, 2]))
    assert files_of_zip(archive.content) == changed
    again = admin.post(
        edit(),
        typed(changed, publish="1", valid_from=f"{TOMORROW + timedelta(days=9):%d/%m/%Y}"),
        follow=True,
    )
    assert "không công bố gì" in again.content.decode()


def test_a_zip_takes_the_place_of_what_stands_in_the_page(admin, files):
    changed = files | {
        "procedure.yml": files["procedure.yml"].replace("keywords: [", "keywords: [từ tệp nén, ", 1)
    }
    sent = typed(files, check="1") | {
        "archive": SimpleUploadedFile("x.zip", zip_of(changed), "application/zip")
    }
    assert "từ tệp nén" in admin.post(edit(), sent).content.decode()
    bad = typed(files, check="1") | {"archive": SimpleUploadedFile("x.zip", b"no", "application/zip")}
    answer = admin.post(edit(), bad)
    assert answer.status_code == 422
    assert 'id="archive-error"' in answer.content.decode()
    assert "birth_certificate" in answer.content.decode()


def test_the_files_of_another_procedure_are_refused(admin, files):
    other = files | {"procedure.yml": files["procedure.yml"].replace(CODE, "1.999999")}
    answer = admin.post(edit(), typed(other, publish="1", valid_from=f"{TOMORROW:%d/%m/%Y}"))
    assert answer.status_code == 422
    assert "1.999999" in answer.content.decode()
    assert not Procedure.objects.filter(code="1.999999").exists()


def test_a_new_procedure_is_published_under_its_own_code(admin, files):
    assert admin.post(reverse("console:add_procedure"), {"code": "x"}).status_code == 422
    assert admin.post(reverse("console:add_procedure"), {"code": "1.999999"}).url == edit("1.999999")
    assert admin.get(edit("1.999999")).status_code == 200
    mine = files | {"procedure.yml": files["procedure.yml"].replace(CODE, "1.999999")}
    admin.post(edit("1.999999"), typed(mine, publish="1", valid_from=f"{TOMORROW:%d/%m/%Y}"))
    assert ProcedureVersion.objects.get(procedure_id="1.999999").valid.lower == TOMORROW


def test_a_version_reads_in_words_with_roles_hours_and_branches(admin, province):
    page = admin.get(reverse("console:version", args=[CODE, 1])).content.decode()
    for words in (
        "Công chức tư pháp - hộ tịch",
        "3 giờ làm việc",
        "khi: Trẻ bị bỏ rơi",
        "163/QĐ-BTP",
        "8.000",
    ):
        assert words in page
    assert admin.get(reverse("console:version", args=[CODE, 9])).status_code == 404


def test_the_list_tells_what_is_in_force_and_finds_without_marks(admin, province):
    found = admin.get(reverse("console:procedures"), {"q": "khai sinh"}).content.decode()
    assert CODE in found
    only_pages = admin.get(reverse("console:procedures"), {"loai": "info"}).content.decode()
    assert CODE not in only_pages


def test_a_competence_rule_that_points_nowhere_is_shown_before_and_after_publishing(admin, province):
    on = date(2027, 1, 1)
    for code in ("H30.41.26.01", "H30.41.26.02", "H30.41.26"):
        orgs.close_unit(actor=system_actor("test"), unit_id=province.units[code].id, on=on)
    told = "từ ngày 01/01/2027 không có cơ quan cấp xã phụ trách Xã Vị Tân"
    assert told in admin.get(reverse("console:version", args=[CODE, 1])).content.decode()
    files = queries.files_of(queries.base_of(CODE), CODE)
    sent = {f"file:{name}": text for name, text in files.items()} | {"check": "1"}
    assert told in admin.post(edit(), sent).content.decode()
