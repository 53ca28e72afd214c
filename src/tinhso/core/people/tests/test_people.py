from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from tinhso.core.audit.models import Entry, PersonRead
from tinhso.core.orgs.tests.small import SYSTEM, VISITOR, Doer
from tinhso.core.people import actions, queries
from tinhso.core.people.actions import Particulars
from tinhso.core.people.models import Account, Identity, Person
from tinhso.kit.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
CLERK = Doer(person_id=uuid4(), name="Cán bộ", rights=frozenset({"people.read", "cases.receive"}))
OFFICER = Doer(person_id=uuid4(), rights=frozenset({"people.read"}))
ADMIN = Doer(person_id=uuid4(), rights=frozenset({"console.people"}))
AN = Particulars(full_name="nguyễn văn an", number="093085000123", birth="21/11/1985", phone="0912 345 678")


def citizen(person: Person) -> Doer:
    return Doer(person_id=person.id, name=person.full_name)


def an() -> Person:
    return actions.find_or_create_person(actor=CLERK, says=AN)


def test_somebody_is_made_once_and_found_after() -> None:
    one = an()
    assert (one.full_name, one.folded_name, one.birth, one.phone) == (
        "Nguyễn Văn An", "nguyen van an", "1985-11-21", "+84912345678",
    )  # fmt: skip
    assert (
        actions.find_or_create_person(actor=CLERK, says=Particulars("NGUYEN VAN AN", "093085000123")).id
        == one.id
    )
    assert Person.objects.count() == 1


def test_old_and_new_numbers_find_the_same_person() -> None:
    one = an()
    actions.add_identity(actor=CLERK, person_id=one.id, number="361234567")
    assert (
        queries.find_by_identity("361234567").id == queries.find_by_identity("093 085 000 123").id == one.id
    )
    assert queries.find_by_identity("999999999") is None
    assert queries.find_by_identity("không phải số") is None


def test_both_numbers_on_one_form_join_one_person() -> None:
    one = actions.find_or_create_person(actor=CLERK, says=Particulars("Lê Thị Bé", "361234567"))
    two = actions.find_or_create_person(
        actor=CLERK, says=Particulars("Lê Thị Bé", "093185000123", "361234567")
    )
    assert one.id == two.id
    assert Identity.objects.filter(person=one).count() == 2


def test_numbers_of_two_people_are_never_joined() -> None:
    an()
    actions.find_or_create_person(actor=CLERK, says=Particulars("Lê Văn Bình", "361234567"))
    with pytest.raises(Refusal) as refused:
        actions.find_or_create_person(
            actor=CLERK, says=Particulars("Nguyễn Văn An", "093085000123", "361234567")
        )
    assert refused.value.code == "not_the_same_person"


@pytest.mark.parametrize(
    ("says", "field"),
    [
        (Particulars("Trần Văn Khác", "093085000123"), "number"),
        (Particulars("Nguyễn Văn An", "093085000123", birth="1986"), "number"),
        (Particulars("Nguyễn Văn An", "12"), "number"),
        (Particulars(" ", "093085000123"), "full_name"),
        (Particulars("Nguyễn Văn An", birth="31/12/2999"), "birth"),
        (Particulars("Nguyễn Văn An", phone="123"), "phone"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(says: Particulars, field: str) -> None:
    an()
    with pytest.raises(Refusal) as refused:
        actions.find_or_create_person(actor=CLERK, says=says)
    assert (refused.value.status, refused.value.field) == (422, field)
    assert Person.objects.count() == 1


def test_only_those_who_saw_papers_complete_a_record() -> None:
    one = actions.find_or_create_person(
        actor=CLERK, says=Particulars("Nguyễn Văn An", "093085000123", birth="1985")
    )
    says = Particulars("Nguyễn Văn An", "093085000123", birth="1985-11-21", address="Ấp 3")
    actions.find_or_create_person(actor=Doer(person_id=uuid4()), says=says)
    one.refresh_from_db()
    assert (one.birth, one.address) == ("1985", "")
    actions.find_or_create_person(actor=CLERK, says=says)
    one.refresh_from_db()
    assert (one.birth, one.address) == ("1985-11-21", "Ấp 3")
    with pytest.raises(Forbidden):
        actions.find_or_create_person(actor=VISITOR, says=says)


def test_a_card_gives_the_person_with_both_numbers() -> None:
    qr = "093085000123|361234567|Nguyễn Văn An|21111985|Nam|Ấp 3, Vị Tân, Vị Thanh, Hậu Giang|01052021"
    person, warnings = actions.find_or_create_from_card(actor=CLERK, qr=qr)
    assert (person.sex, person.birth, warnings) == ("M", "1985-11-21", ())
    assert queries.find_by_identity("361234567").id == person.id
    with pytest.raises(Refusal) as refused:
        actions.find_or_create_from_card(actor=CLERK, qr="https://example.vn")
    assert refused.value.field == "qr"


def test_an_organisation_is_known_by_its_tax_code() -> None:
    firm = actions.find_or_create_person(
        actor=CLERK, says=Particulars("Công ty TNHH Hậu Giang", "0100109106", kind="organisation")
    )
    assert queries.find_by_identity("0100109106").id == firm.id
    assert firm.full_name == "Công ty TNHH Hậu Giang"


def test_looking_people_up_needs_the_right_and_a_purpose() -> None:
    an()
    with pytest.raises(Forbidden):
        queries.search_people("an", actor=citizen(an()), purpose="x")
    with pytest.raises(Refusal) as refused:
        queries.search_people("an", actor=OFFICER, purpose=" ")
    assert refused.value.code == "no_purpose"


def test_names_are_found_without_marks_and_shown_masked() -> None:
    one = an()
    actions.find_or_create_person(actor=CLERK, says=Particulars("Nguyễn Anh Vân", "093085000999"))
    found = queries.search_people("van an", actor=OFFICER, purpose="Tiếp nhận hồ sơ")
    assert len(queries.search_people("nguyen an", actor=OFFICER, purpose="Tiếp nhận hồ sơ")) == 2
    assert (
        found[0].id
        == queries.search_people("Văn An", actor=OFFICER, purpose="Tiếp nhận hồ sơ")[0].id
        == one.id
    )
    assert found[0].number == "093••••••123"
    assert queries.search_people("a", actor=OFFICER, purpose="x") == []
    assert not PersonRead.objects.exists()


@pytest.mark.parametrize("text", ["093085000123", "093 085 000 123", "0912345678"])
def test_finding_by_a_whole_number_leaves_a_trace(text: str) -> None:
    one = an()
    assert [
        p.id for p in queries.search_people(text, actor=OFFICER, purpose="Tiếp nhận", subject_id="c1")
    ] == [one.id]
    read = PersonRead.objects.get()
    assert (read.person_id, read.reader_id, read.purpose, read.subject_id) == (
        one.id,
        OFFICER.person_id,
        "Tiếp nhận",
        "c1",
    )


def test_reading_oneself_is_no_trace_and_reading_others_needs_the_right() -> None:
    one = an()
    assert queries.read_person(one.id, actor=citizen(one), purpose="Xem").id == one.id
    assert not PersonRead.objects.exists()
    queries.read_person(one.id, actor=OFFICER, purpose="Thẩm định", ground="Luật Hộ tịch")
    assert PersonRead.objects.get().ground == "Luật Hộ tịch"
    with pytest.raises(Forbidden):
        queries.read_person(one.id, actor=Doer(person_id=uuid4()), purpose="Tò mò")
    with pytest.raises(NotFound):
        queries.person(uuid4())


def test_contacts_are_changed_by_oneself_or_the_counter() -> None:
    one = an()
    assert (
        actions.update_contact(actor=citizen(one), person_id=one.id, phone="0987654321").phone
        == "+84987654321"
    )
    actions.update_contact(actor=citizen(one), person_id=one.id, phone="0987654321")
    assert Entry.objects.filter(act="people.update_contact").count() == 1
    with pytest.raises(Forbidden):
        actions.update_contact(actor=OFFICER, person_id=one.id, phone="0987654321")
    with pytest.raises(Refusal):
        actions.update_contact(actor=citizen(one), person_id=one.id, phone="abc")
    with pytest.raises(TypeError):
        actions.update_contact(actor=citizen(one), person_id=one.id, full_name="x")


def test_a_child_without_number_is_known_by_name_and_birth_among_ones_own() -> None:
    parent = an()
    says = Particulars("Nguyễn Thị Bé", birth="10/10/2026", sex="F")
    child = actions.find_or_create_child(actor=citizen(parent), guardian_id=parent.id, says=says)
    assert (
        actions.find_or_create_child(actor=citizen(parent), guardian_id=parent.id, says=says).id == child.id
    )
    assert queries.mandate_between(parent.id, child.id, TODAY).kind == "parent"
    assert [m.principal_id for m in queries.principals_of(parent.id, TODAY)] == [child.id]
    assert queries.mandate_between(parent.id, child.id, date(2045, 1, 1)) is None


@pytest.mark.parametrize(
    ("birth", "code"), [("", "no_birth"), ("2000", "of_full_age"), ("2999", "not_valid")]
)
def test_who_is_no_child_is_refused(birth: str, code: str) -> None:
    parent = an()
    with pytest.raises(Refusal) as refused:
        actions.find_or_create_child(
            actor=citizen(parent), guardian_id=parent.id, says=Particulars("Nguyễn Thị Bé", birth=birth)
        )
    assert refused.value.code == code
    assert Person.objects.count() == 1


def test_nobody_gives_themselves_a_mandate() -> None:
    agent = an()
    other = actions.find_or_create_person(
        actor=CLERK, says=Particulars("Lê Văn Bình", "093050000555", birth="1950")
    )
    wanted = {"agent_id": agent.id, "principal_id": other.id, "ground": "x", "valid_from": TODAY}
    for kind in ("authorised", "parent"):
        with pytest.raises(Forbidden):
            actions.record_mandate(actor=citizen(agent), kind=kind, **wanted)
    one = actions.record_mandate(actor=citizen(other), kind="authorised", **wanted)
    assert actions.record_mandate(actor=CLERK, kind="authorised", **wanted).id == one.id
    with pytest.raises(Refusal, match="chính mình"):
        actions.record_mandate(actor=CLERK, kind="authorised", **(wanted | {"agent_id": other.id}))
    with pytest.raises(Refusal):
        actions.record_mandate(actor=CLERK, kind="friend", **wanted)
    with pytest.raises(Refusal):
        actions.record_mandate(actor=CLERK, kind="authorised", valid_to=TODAY, **wanted)
    actions.end_mandate(actor=citizen(agent), mandate_id=one.id, on=date(2027, 1, 1))
    assert queries.mandate_between(agent.id, other.id, date(2027, 1, 1)) is None
    with pytest.raises(Forbidden):
        actions.end_mandate(actor=Doer(person_id=uuid4()), mandate_id=one.id, on=date(2027, 1, 1))


def test_accounts() -> None:
    one = an()
    account = actions.create_account(actor=ADMIN, person_id=one.id, username="An.NV")
    assert account.username == "an.nv"
    assert not account.has_usable_password()
    with pytest.raises(Refusal) as refused:
        actions.create_account(actor=ADMIN, person_id=one.id, username="an.nv")
    assert refused.value.code == "username_in_use"
    with pytest.raises(Forbidden):
        actions.create_account(actor=CLERK, person_id=one.id, username="khac")
    actions.set_password(actor=ADMIN, account_id=account.id, password="mười quả cam")
    assert Account.objects.get(id=account.id).check_password("mười quả cam")
    actions.set_active(actor=ADMIN, account_id=account.id, active=False)
    assert not Account.objects.get(id=account.id).is_active
    assert "mười" not in str(list(Entry.objects.values_list("data", flat=True)))
    assert [a.id for a in queries.accounts("nguyen an", actor=ADMIN)] == [account.id]
    with pytest.raises(Forbidden):
        queries.accounts("", actor=CLERK)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("ngắn", "password_too_short"),
        ("password123", "password_too_common"),
        ("9183746501928", "password_only_digits"),
        ("x" * 201, "password_too_long"),
    ],
)
def test_weak_passwords_are_refused(password: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.checked_password(password)
    assert refused.value.code == code


def test_ones_own_password_needs_the_old_one() -> None:
    one = an()
    account = actions.create_account(
        actor=SYSTEM, person_id=one.id, username="an", password="vườn cam nhà tôi"
    )
    with pytest.raises(Refusal) as refused:
        actions.change_password(
            actor=citizen(one), account_id=account.id, old="sai rồi nhé", new="vườn quýt nhà tôi"
        )
    assert refused.value.field == "old"
    with pytest.raises(Forbidden):
        actions.change_password(
            actor=ADMIN, account_id=account.id, old="vườn cam nhà tôi", new="vườn quýt nhà tôi"
        )
    actions.change_password(
        actor=citizen(one), account_id=account.id, old="vườn cam nhà tôi", new="vườn quýt nhà tôi"
    )
    assert Account.objects.get().check_password("vườn quýt nhà tôi")


def test_signing_in_by_name_number_or_a_phone_nobody_shares() -> None:
    one = an()
    account = actions.create_account(actor=SYSTEM, person_id=one.id, username="an.nv")
    for name in ("an.nv", " AN.NV ", "093085000123", "093 085 000 123", "0912345678", "+84 912 345 678"):
        assert queries.account_for_sign_in(name).id == account.id, name
    wife = actions.find_or_create_person(
        actor=CLERK, says=Particulars("Lê Thị Bé", "093186000321", phone="0912345678")
    )
    assert queries.account_for_sign_in("0912345678").id == account.id
    actions.create_account(actor=SYSTEM, person_id=wife.id, username="be.lt")
    assert queries.account_for_sign_in("0912345678") is None
    for name in ("", "nobody", "123", "093085000124"):
        assert queries.account_for_sign_in(name) is None
