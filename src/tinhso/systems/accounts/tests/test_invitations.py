"""Invitations: one person, one code, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tinhso.core.access import actions as access
from tinhso.core.notify.actions import send_due_mail
from tinhso.core.notify.models import Message
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account
from tinhso.core.testing.province import FROM
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.systems.accounts.actions import invitations as actions
from tinhso.systems.accounts.models import Invitation
from tinhso.systems.accounts.queries import invitations as queries
from tinhso.systems.accounts.queries.codes import code
from tinhso.systems.accounts.tests.conftest import SYSTEM

GOOD = "con đường quê tôi đẹp"


@pytest.fixture
def newcomer(province):
    """Somebody new in Phường I, without an account."""
    person = people.find_or_create_person(actor=SYSTEM, says=people.Particulars("Võ Thị Mới", "093190000555"))
    post = province.commune.posts.get(code="document_clerk")
    access.appoint(actor=SYSTEM, person_id=person.id, post_id=post.id, valid_from=FROM)
    return person


def test_the_mail_carries_a_link_that_is_kept_nowhere(province, admin, newcomer):
    invitation = actions.invite(actor=admin, person_id=newcomer.id, email="moi@haugiang.gov.vn")
    send_due_mail()
    (letter,) = [m for m in mail.outbox if m.to == ["moi@haugiang.gov.vn"]]
    secret = code(invitation)
    assert f"/loi-moi/{secret}/" in letter.body
    row = Message.objects.get(person=newcomer)
    assert secret not in row.link + row.body
    assert secret not in str(Invitation.objects.values().get(id=invitation.id))


def test_the_person_sets_the_password_once(province, admin, newcomer):
    invitation = actions.invite(actor=admin, person_id=newcomer.id)
    client, address = Client(), f"/loi-moi/{code(invitation)}/"
    assert "093190000555" in client.get(address).content.decode()
    assert client.post(address, {"password": "ngắn"}).status_code == 422
    assert client.post(address, {"password": GOOD}).status_code == 302
    assert Account.objects.get(person=newcomer).check_password(GOOD)
    assert client.post(address, {"password": "một câu khác hẳn"}).status_code == 409
    assert Account.objects.get(person=newcomer).check_password(GOOD)
    assert access.sign_in(name="093190000555", password=GOOD, address="10.0.0.1").person_id == newcomer.id


def test_sending_again_ends_the_old_code_and_withdrawing_the_new_one(province, admin, newcomer):
    invitation = actions.invite(actor=admin, person_id=newcomer.id)
    old = code(invitation)
    new = actions.again(actor=admin, invitation_id=invitation.id)
    with pytest.raises(Refusal, match="không dùng được"):
        actions.opened(old, network="a")
    assert actions.opened(code(new), network="a").id == invitation.id
    actions.withdraw(actor=admin, invitation_id=invitation.id)
    with pytest.raises(Refusal, match="không dùng được"):
        actions.opened(code(new), network="a")


def test_it_ends_by_itself_and_for_a_locked_account(province, admin, newcomer):
    invitation = actions.invite(actor=admin, person_id=newcomer.id)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refusal, match="hết hạn"):
        actions.opened(code(invitation), network="a")
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    Account.objects.filter(person=newcomer).update(is_active=False)
    with pytest.raises(Refusal, match="không dùng được"):
        actions.opened(code(invitation), network="a")


def test_guessing_is_slowed(province, client):
    answers = [
        client.post("/loi-moi/", {"code": f"aaaa-bbbb-cccc-dddd-{n:04d}"}).status_code
        for n in range(actions.TRIES + 1)
    ]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_who_has_a_password_is_not_invited(province, admin):
    with pytest.raises(Refusal, match="đã có mật khẩu"):
        actions.invite(actor=admin, person_id=province.officer("chair").person_id)


def test_letters_are_for_those_without_mail_and_printing_is_kept(province, admin, browser, newcomer):
    invitation = actions.invite(actor=admin, person_id=newcomer.id)
    inside = browser(province.administrator)
    assert "Võ Thị Mới" in inside.get("/tai-khoan/loi-moi/?giay=1").content.decode()
    page = inside.post("/tai-khoan/loi-moi/thu/", {"id": str(invitation.id)}).content.decode()
    assert code(invitation) in page
    invitation.refresh_from_db()
    assert invitation.printed_at is not None


def test_another_units_administrator_neither_sees_nor_sends(province, unit_admin, newcomer, admin):
    mine = actions.invite(actor=unit_admin, person_id=newcomer.id)
    other = people.find_or_create_person(actor=SYSTEM, says=people.Particulars("Võ Văn Xa", "093090000556"))
    post = province.units["H30.41.26"].posts.get(code="document_clerk")
    access.appoint(actor=SYSTEM, person_id=other.id, post_id=post.id, valid_from=FROM)
    far = actions.invite(actor=admin, person_id=other.id)
    for act in (actions.again, actions.withdraw):
        with pytest.raises(Forbidden):
            act(actor=unit_admin, invitation_id=far.id)
    assert [i.id for i in queries.waiting(unit_admin).rows] == [mine.id]
    assert queries.letters(unit_admin, [far.id]) == []
