"""What an administrator does on the pages: done, audited with before and after, refused at the field."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tinhso.core.access.models import Holding, PostRole
from tinhso.core.api.models import ApiToken
from tinhso.core.audit.models import Entry, PersonRead
from tinhso.core.console import actions
from tinhso.core.events.models import Delivery, Event
from tinhso.core.jobs.models import Run
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Post, Unit, UnitPeriod
from tinhso.core.people.models import Account, Person
from tinhso.kit.errors import Forbidden

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"console:{name}", args=args)


def last(act: str) -> Entry:
    return Entry.objects.filter(act=act).latest("id")


def test_a_unit_is_made_renamed_and_closed_and_each_is_logged(admin, province):
    typed = {
        "parent": "H30.41", "name": "Ủy ban nhân dân Phường Mới", "code": "H30.41.99", "kind": "commune", "territory": "31333",
        "valid_from": "01/10/2026", "ground": "QĐ 1/2026",
    }  # fmt: skip
    answer = admin.post(url("create_unit"), typed)
    unit = Unit.objects.get(code="H30.41.99")
    assert answer.url == url("unit", unit.id)
    admin.post(
        url("rename_unit", unit.id),
        {"name": "Ủy ban nhân dân Phường Tên Khác", "on": "01/11/2026", "ground": "QĐ 2"},
    )
    entry = last("orgs.rename_unit")
    assert entry.data["before"] == {"name": "Ủy ban nhân dân Phường Mới"}
    assert entry.data["after"] == {"name": "Ủy ban nhân dân Phường Tên Khác"}
    page = admin.get(url("unit", unit.id)).content.decode()
    assert "Phường Mới" in page
    assert "QĐ 2" in page
    admin.post(url("close_unit", unit.id), {"on": "15/11/2026", "successor": "H30.41.21"})
    assert not Unit.objects.get(id=unit.id).active
    assert UnitPeriod.objects.filter(unit=unit).count() == 2
    assert "Được kế thừa bởi" in admin.get(url("unit", unit.id)).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "on": "01/11/2026"}, "name"),
        ({"name": "Tên khác", "on": "31/02/2026"}, "on"),
        ({"name": "Tên khác", "on": "11/2026"}, "on"),
        ({"name": "Tên khác", "on": "01/01/2020"}, "on"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(admin, province, typed, field):
    answer = admin.post(url("rename_unit", province.commune.id), typed | {"ground": "QĐ số 7"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert 'value="QĐ số 7"' in page
    assert f'value="{typed["on"]}"' in page


def test_a_unit_is_picked_without_a_script(admin, province):
    page = admin.post(
        url("move_unit", province.centre.id), {"parent-q": "xa vi tan", "look": "parent", "on": "01/11/2026"}
    )
    assert page.status_code == 200
    assert 'value="H30.41.26"' in page.content.decode()
    assert Unit.objects.get(id=province.centre.id).parent_id == province.commune.id
    answer = admin.post(url("move_unit", province.commune.id), {"parent": "H30.41.21.01", "on": "01/11/2026"})
    assert answer.status_code == 422
    assert "dưới chính nó" in answer.content.decode()


def test_a_post_gets_a_role_and_a_person_and_loses_them(admin, province):
    admin.post(url("create_post", province.commune.id), {"title": "Công chức thử", "code": "trial"})
    post = Post.objects.get(code="trial")
    admin.post(url("give_role", post.id), {"role": "land_officer", "below": "1"})
    assert PostRole.objects.get(post=post).below
    assert last("access.assign_role").data["after"] == {"role": "land_officer", "below": True}
    found = admin.post(
        url("appoint", post.id), {"who": "093192000123", "look": "who", "valid_from": "01/11/2026"}
    )
    person = province.citizen.person
    assert f'value="{person.id}"' in found.content.decode()
    assert PersonRead.objects.filter(person_id=person.id).exists()
    admin.post(
        url("appoint", post.id), {"who": "093192000123", "person": str(person.id), "valid_from": "01/11/2026"}
    )
    held = Holding.objects.get(post=post)
    twice = {"who": "x", "person": str(person.id), "valid_from": "02/11/2026"}
    assert admin.post(url("appoint", post.id), twice).status_code == 409
    admin.post(url("end_holding", held.id), {"on": "20/11/2026"})
    assert last("access.end_holding").data["before"] == ""
    assert last("access.end_holding").data["after"] == "2026-11-20"
    admin.post(url("take_role", post.id), {"role": "land_officer"})
    admin.post(url("close_post", post.id))
    assert not Post.objects.get(id=post.id).active
    assert str(post.id) not in admin.get(url("empty_posts")).content.decode()


def test_a_person_is_masked_until_a_reason_is_given(admin, province):
    person = province.citizen.person
    masked = admin.get(url("person", person.id)).content.decode()
    assert "093192000123" not in masked
    assert "0912345678" not in masked
    assert admin.post(url("person", person.id), {"purpose": " "}).status_code == 422
    assert not PersonRead.objects.filter(person_id=person.id).exists()
    full = admin.post(url("person", person.id), {"purpose": "Người này quên mật khẩu"}).content.decode()
    assert "093192000123" in full
    read = PersonRead.objects.get(person_id=person.id)
    assert (read.purpose, read.subject_kind) == ("Người này quên mật khẩu", "console")


def test_searching_needs_a_purpose_and_a_number_leaves_a_trace(admin, province):
    assert admin.post(url("people"), {"q": "nguyen thi lan", "purpose": ""}).status_code == 422
    by_name = admin.post(
        url("people"), {"q": "nguyen thi lan", "purpose": "Quản trị tài khoản"}
    ).content.decode()
    assert "Nguyễn Thị Lan" in by_name
    assert "093192000123" not in by_name
    assert not PersonRead.objects.exists()
    admin.post(url("people"), {"q": "093192000123", "purpose": "Quản trị tài khoản"})
    assert PersonRead.objects.get().purpose == "Quản trị tài khoản"
    by_user = admin.post(
        url("people"), {"q": "chair.h30-41-21", "purpose": "Quản trị tài khoản"}
    ).content.decode()
    assert str(province.officer("chair").person_id) in by_user


def test_a_new_person_gets_an_account_whose_password_is_shown_once_and_works(admin, province, client):
    typed = {"full_name": "Lý Văn Mới", "number": "093095000777", "birth": "02/03/1995", "sex": "M"}
    answer = admin.post(url("create_person"), typed)
    person = Person.objects.get(full_name="Lý Văn Mới")
    assert answer.url == url("person", person.id)
    assert admin.post(url("create_person"), typed).url == answer.url  # the same number is the same person
    page = admin.post(url("open_account", person.id), {"username": "moi.lv"})
    assert "no-store" in page["Cache-Control"]
    secret = re.search(r'class="secret">([^<]+)<', page.content.decode()).group(1)
    account = Account.objects.get(username="moi.lv")
    assert account.check_password(secret)
    assert admin.post(url("open_account", person.id), {"username": "moi.lv"}).status_code == 409
    other = admin.post(url("reset_password", account.id)).content.decode()
    account.refresh_from_db()
    assert not account.check_password(secret)
    assert account.check_password(re.search(r'class="secret">([^<]+)<', other).group(1))
    assert secret not in str(list(Entry.objects.values_list("data", flat=True)))
    admin.post(url("lock_account", account.id))
    assert not Account.objects.get(id=account.id).is_active
    admin.post(url("unlock_account", account.id))
    assert Account.objects.get(id=account.id).is_active


def test_an_administrator_of_a_commune_cannot_take_over_others(province):
    post = Post.objects.get(unit=province.commune, code="chair")
    actor = province.actor(province.administrator)
    narrow = type(actor)(
        person_id=actor.person_id, account_id=actor.account_id,
        grants=tuple(
            type(g)(g.role, g.unit_id, province.units["H30.41.26"].path, True, g.permissions) for g in actor.grants
        ),
    )  # fmt: skip
    chair = province.account("chair")
    for act in (
        lambda: actions.reset_password(actor=narrow, account_id=chair.id),
        lambda: actions.set_account_active(actor=narrow, account_id=chair.id, active=False),
        lambda: actions.make_key(actor=narrow, username=chair.username, name="x", days=1),
        lambda: actions.open_account(actor=narrow, person_id=chair.person_id, username="y"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert actions.reset_password(actor=narrow, account_id=province.account("chair", "H30.41.26").id)
    assert Holding.objects.filter(post=post).exists()


def test_why_somebody_may_is_the_answer_of_the_rules(admin, province):
    chair = province.officer("chair").person_id
    yes = admin.get(url("why", chair), {"quyen": "cases.sign", "unit": "H30.41.21"}).content.decode()
    assert "Làm được." in yes
    assert 'value="H30.41.21" checked' in yes
    assert "Ủy ban nhân dân Phường I" in yes
    elsewhere = admin.get(url("why", chair), {"quyen": "cases.sign", "unit": "H30.41.26"}).content.decode()
    assert "Không làm được." in elsewhere
    assert "nhưng ở nơi khác" in elsewhere
    none = admin.get(url("why", chair), {"quyen": "console.audit", "unit": "H30.41.21"}).content.decode()
    assert "Kiểm tra, giám sát" in none
    assert admin.get(url("why", chair), {"quyen": "cases.sign", "unit-q": "khong co"}).status_code == 422


def test_keys_are_made_shown_once_and_ended(admin, province):
    name = province.citizen.username
    assert admin.post(url("make_key"), {"name": "Cổng", "username": "ai-do", "days": "30"}).status_code == 422
    assert admin.post(url("make_key"), {"name": "Cổng", "username": name, "days": "500"}).status_code == 422
    page = admin.post(url("make_key"), {"name": "Cổng", "username": name, "days": "30"}).content.decode()
    secret = re.search(r'class="secret">([^<]+)<', page).group(1)
    key = ApiToken.objects.get()
    listed = admin.get(url("keys")).content.decode()
    assert secret not in listed
    assert name not in listed  # a personal number is masked
    admin.post(url("end_key", key.id))
    assert "Đã ngừng" in admin.get(url("keys")).content.decode()


def test_a_dead_delivery_is_tried_again_once_and_logged(admin, province):
    from django.utils import timezone

    event = Event.objects.create(at=timezone.now(), name="CaseChanged", subject_id="x", data={})
    dead = Delivery.objects.create(
        event=event, handler="a.b", attempts=8, next_at=timezone.now(), dead=True, error="ValueError: hỏng"
    )
    assert "ValueError: hỏng" in admin.get(url("deliveries")).content.decode()
    assert "Sự kiện không chuyển được" in admin.get(url("overview")).content.decode()
    admin.post(url("retry_delivery", dead.id))
    dead.refresh_from_db()
    assert (dead.dead, dead.attempts) == (False, 0)
    admin.post(url("retry_delivery", dead.id))
    assert Entry.objects.filter(act="events.revive").count() == 1
    assert admin.post(url("retry_delivery", 10**9)).status_code == 404


def test_the_chain_is_proved_by_a_run_that_tells_what_it_found(admin, province):
    admin.post(url("verification"))
    run = Run.objects.get(kind=actions.VERIFY)
    assert "Đang kiểm tra" in admin.get(url("verification")).content.decode()
    actions.runs.work(run.id)
    page = admin.get(url("verification")).content.decode()
    assert "Nguyên vẹn" in page
    assert "đều nối đúng" in page


def test_the_log_is_filtered_by_object_act_person_and_day(admin, province):
    admin.post(url("unit_contact", province.commune.id), {"address": "Số 9", "phone": "0293"})
    entry = last("orgs.update_unit_contact")
    listed = admin.get(url("audit"), {"loai": "unit", "ma": str(province.commune.id)}).content.decode()
    assert url("entry", entry.id) in listed
    assert (
        url("entry", entry.id)
        in admin.get(url("audit"), {"viec": "orgs.update_unit_contact"}).content.decode()
    )
    person = str(province.administrator.person_id)
    assert (
        url("entry", entry.id)
        in admin.get(url("audit"), {"nguoi": person, "viec": entry.act}).content.decode()
    )
    assert url("entry", entry.id) not in admin.get(url("audit"), {"den": "01/01/2020"}).content.decode()
    assert admin.get(url("audit"), {"tu": "hôm qua"}).status_code == 422
    assert admin.get(url("audit"), {"nguoi": "x"}).status_code == 422
    page = admin.get(url("entry", entry.id)).content.decode()
    assert "Số 9" in page
    assert "Số 1 đường" not in page
    assert orgs.unit(province.commune.id).address == "Số 9"
