"""What publishing would do, two versions side by side, and moving cases from the pages."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tinhso.core.cases import versions
from tinhso.core.cases.actions import perform
from tinhso.core.cases.models import PlannedCase, VersionPlan
from tinhso.core.cases.tests.versions_world import accepted, fresh, longer, next_version, renamed_step
from tinhso.core.console.queries import procedures as queries
from tinhso.core.console.tests.conftest import BIRTH as CODE
from tinhso.core.jobs import actions as jobs
from tinhso.core.jobs.models import Run

TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture(autouse=True)
def _now():
    versions.forget()
    yield
    versions.forget()


def url(name, *more):
    return reverse(f"console:{name}", args=[CODE, *more])


def text(answer):
    return unescape(answer.content.decode())


def checked(admin, old, new):
    files = queries.files_of(queries.base_of(CODE), CODE)
    assert old in files["procedure.yml"]
    files |= {"procedure.yml": files["procedure.yml"].replace(old, new, 1)}
    return admin.post(url("edit_procedure"), {f"file:{n}": t for n, t in files.items()} | {"check": "1"})


def test_before_publishing_words_only_one_reads_that_running_cases_follow(admin, province):
    accepted(province)
    page = text(checked(admin, "keywords: [", "keywords: [bé chào đời, "))
    assert "Lời văn" in page
    assert "đang có 1 hồ sơ chạy; 0 bản khai" in page
    assert "tự động theo phiên bản mới" in page
    assert "Ảnh hưởng hồ sơ đang chạy" not in page


def test_before_publishing_what_breaks_one_reads_why_and_that_running_cases_stay(admin, province):
    accepted(province)
    page = text(checked(admin, "within: 3 hours", "within: 2 hours"))
    assert "Ảnh hưởng hồ sơ đang chạy" in page
    assert "thời gian của bước khác" in page
    assert ("3 giờ làm việc" in page, "2 giờ làm việc" in page) == (True, True)
    assert "trừ khi bạn lập kế hoạch" in page


def test_empty_posts_are_warned_of_and_do_not_stop_publishing(admin, province):
    from tinhso.core.access.models import Holding

    Holding.objects.filter(post__unit__code="H30.41.26", post__roles__role_id="chair").delete()
    page = text(checked(admin, "keywords: [", "keywords: [bé chào đời, "))
    assert "Chưa có ai giữ vai trò “Lãnh đạo" in page or "Chưa có ai giữ vai trò" in page
    assert "Xã Vị Tân" in page
    assert 'name="publish"' in page


def test_two_versions_stand_side_by_side(admin, province):
    next_version(longer)
    page = text(admin.get(url("compare_versions", 1, 2)))
    assert "15 ngày làm việc" in page
    assert "thời hạn giải quyết khác" in page
    assert admin.get(url("compare_versions", 1, 9)).status_code == 404
    assert url("compare_versions", 1, 2) in text(admin.get(url("procedure")))


def work():
    for run in Run.objects.filter(state="queued"):
        jobs.work(run.id)


def test_a_plan_from_the_first_page_to_taking_it_back(admin, province):
    case, stays = accepted(province), accepted(province)
    perform(stays.id, "withdraw", {"reason": "Đổi ý"}, actor=province.actor(province.citizen))
    next_version(renamed_step)
    made = admin.post(url("make_plan"), {"frm": "1", "to": "2"})
    plan = VersionPlan.objects.get(kind="migrate")
    assert made.url == url("plan", plan.id)
    page = text(admin.get(made.url))
    assert ("Chạy thử" in page, "Chuyển hồ sơ</button>" in page) == (True, False)
    admin.post(url("check_plan", plan.id))
    assert "Chuyển hồ sơ</button>" not in text(admin.get(made.url))
    work()
    page = text(admin.get(made.url))
    assert "Bước đang mở không còn trong phiên bản mới" in page
    assert case.code in page
    narrowed = text(admin.get(made.url, {"kq": "cannot", "ly-do": "step_gone"}))
    assert case.code in narrowed
    steps = {f"step-{s}": s for s in ("receive", "verify", "confirm", "sign", "return")} | {
        "step-draft": "prepare"
    }
    admin.post(made.url, steps)
    admin.post(url("check_plan", plan.id))
    work()
    told = text(admin.post(url("apply_plan", plan.id), follow=True))
    assert "Đánh dấu vào ô xác nhận" in told
    admin.post(url("apply_plan", plan.id), {"sure": "1"})
    work()
    assert fresh(case).version_id == plan.to_id
    assert set(PlannedCase.objects.filter(plan=plan).values_list("outcome", flat=True)) == {"moved"}
    admin.post(url("revert_plan", plan.id))
    work()
    assert fresh(case).version_id == plan.frm_id
    assert "Đã hoàn tác" in text(admin.get(made.url))
    assert "Phiên bản 1 → 2" in text(admin.get(url("plans")))


def test_what_a_plan_cannot_do_is_said_on_its_page(admin, province):
    next_version(longer, valid_from=TOMORROW)
    admin.post(url("make_plan"), {"frm": "1", "to": "2"})
    plan = VersionPlan.objects.get()
    assert admin.post(url("make_plan"), {"frm": "1", "to": "1"}).status_code == 409
    told = admin.post(url("plan", plan.id), {"step-draft": "nowhere"})
    assert told.status_code == 409
    assert "Không có bước này" in text(told)
    assert "chạy thử trước" in text(admin.post(url("apply_plan", plan.id), {"sure": "1"}, follow=True))
    assert admin.get(url("plan", plan.to_id)).status_code == 404


def test_only_who_publishes_sees_and_does_any_of_it(province, browser, admin):
    next_version(longer)
    admin.post(url("make_plan"), {"frm": "1", "to": "2"})
    plan = VersionPlan.objects.get()
    officer = browser(province.account("civil_status_officer"))
    for name in ("plans", "make_plan"):
        assert officer.get(url(name)).status_code == 403
    assert officer.get(url("compare_versions", 1, 2)).status_code == 403
    for name in ("plan", "check_plan", "apply_plan", "revert_plan"):
        assert officer.post(url(name, plan.id), {"sure": "1"}).status_code == 403
    assert Run.objects.count() == 0


def test_the_page_of_a_plan_asks_the_same_however_many_cases_it_speaks_of(admin, province, warm):
    next_version(longer)
    admin.post(url("make_plan"), {"frm": "1", "to": "2"})
    plan = VersionPlan.objects.get()
    counts = []
    for _n in range(2):
        counts.append(_queries(admin, url("plan", plan.id)))
        versions.forget()
        rows = [accepted(province, at=timezone.now()) for _m in range(3)]
        PlannedCase.objects.bulk_create(PlannedCase(plan=plan, case=c, outcome="can") for c in rows)
    assert counts[1] <= counts[0] + 1  # the state of a page of cases is read with the cases
    assert counts[1] <= 16


def _queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)
