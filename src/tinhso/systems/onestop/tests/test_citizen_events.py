"""What follows an act: notices once and to the right people, the case findable by those who may, use counted."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tinhso.core.access.actor import Actor
from tinhso.core.cases.models import Procedure
from tinhso.core.events.dispatch import deliver_due
from tinhso.core.events.models import Delivery
from tinhso.core.notify.models import Message
from tinhso.core.people.models import Account, Person
from tinhso.core.search import queries as search
from tinhso.core.testing.province import SmallProvince
from tinhso.systems.onestop import texts
from tinhso.systems.onestop.tests.staff_world import BIRTH, DRAFT, Staff


def deliver() -> None:
    """Run all handlers but the one that needs the trust service."""
    Delivery.objects.filter(handler="onestop.make_paper").delete()
    deliver_due(100)
    assert not Delivery.objects.filter(done_at__isnull=True).exists()


def titles(province: SmallProvince) -> list[str]:
    found = Message.objects.filter(person_id=province.citizen.person_id).order_by("created_at", "id")
    return [m.title for m in found]


def found(actor: Actor, text: str) -> list[str]:
    return [h.key for g in search.find(actor, text, source="case").groups for h in g.hits]


def test_notices_along_a_case(province: SmallProvince, citizen: Client) -> None:
    staff = Staff.file(province, review_draft=True)
    staff.accepted().do("hand_over")
    deliver()
    staff.do("complete", "civil_status_officer", fields=DRAFT)
    deliver()
    code = staff.case.code
    assert titles(province) == [
        f"Đã nhận hồ sơ {code}",
        f"Hồ sơ {code} đã được tiếp nhận",
        f"Mời bạn kiểm tra bản dự thảo của hồ sơ {code}",
    ]
    page = citizen.get(f"/ho-so/{code}/").content.decode()
    assert "Mời bạn kiểm tra bản dự thảo" in page


def test_the_same_event_twice_is_one_notice(province: SmallProvince) -> None:
    Staff.file(province)
    deliver()
    Delivery.objects.filter(handler="onestop.notify").update(done_at=None)
    deliver_due(100)
    assert len(titles(province)) == 1


def test_notice_says_what_is_missing_until_when(province: SmallProvince) -> None:
    staff = Staff.file(province)
    staff.do("ask_supplement", items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}], note="")
    deliver()
    last = Message.objects.filter(title__startswith="Cần bổ sung").get()
    assert "Giấy chứng sinh" in last.body
    assert "trước" in last.body
    assert last.link == f"/ho-so/{staff.case.code}/"


def test_notice_in_the_readers_language_and_by_mail(province: SmallProvince) -> None:
    Account.objects.filter(id=province.citizen.id).update(language="en")
    Person.objects.filter(id=province.citizen.person_id).update(email="lan@example.vn")
    staff = Staff.file(province)
    deliver()
    message = Message.objects.get()
    assert message.title == f"File {staff.case.code} has arrived"
    assert message.email == "lan@example.vn"


def test_internal_acts_bring_no_notice(province: SmallProvince) -> None:
    staff = Staff.file(province)
    staff.do("note", text="Xem kỹ ngày sinh")
    deliver()
    assert len(titles(province)) == 1


def test_case_is_found_by_its_people_and_units_only(province: SmallProvince) -> None:
    staff = Staff.file(province)
    deliver()
    code = staff.case.code
    assert found(province.actor(province.citizen), code) == [code]
    assert found(province.actor(province.citizen), "khai sinh") == [code]
    assert found(province.actor(province.other), code) == []
    assert found(province.officer("one_stop_clerk"), "nguyen thi lan") == [code]
    assert found(province.officer("one_stop_clerk", "H30.41.26.01"), code) == []
    assert found(Actor(), code) == []


def test_use_is_counted_once(province: SmallProvince) -> None:
    Staff.file(province).accepted()
    deliver()
    deliver()
    assert Procedure.objects.get(code=BIRTH).popular == 1


def test_every_notice_has_its_values_in_both_languages() -> None:
    class Known(dict[str, Any]):
        def __missing__(self, key: str) -> str:
            raise AssertionError(key)

    names = "apology wrong agency centre child result code procedure reception competent due reason items answer_by confirm_by amount collect where step check_by"
    values = Known(dict.fromkeys(names.split(), "…"))
    for title, body in texts.NOTICES.values():
        for text in (title, body):
            assert text.vi.format_map(values)
            assert text.en.format_map(values)
    for text in texts.STATUS.values():
        assert text.vi.format_map(values)
        assert text.en.format_map(values)
