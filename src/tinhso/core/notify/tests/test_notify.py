"""Notices: once per key, in the app at once, by mail until the server takes it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from tinhso.core.db.batch import Batch
from tinhso.core.notify import actions, queries
from tinhso.core.notify.models import Message
from tinhso.core.people.models import Account, Person
from tinhso.core.testing.race import race
from tinhso.core.testing.web import signed_in


@pytest.fixture
def account(db) -> Account:
    return _account("lan")


def _account(name: str) -> Account:
    person = Person.objects.create(full_name=name, folded_name=name)
    return Account.objects.create(username=name, person=person, password="!")


def _send(person_id: UUID, key: str = "k", **more) -> None:
    values = {
        "title": "Hồ sơ đã được tiếp nhận",
        "body": "Hẹn trả ngày 25/11/2026.",
        "link": "/ho-so/1/",
    } | more
    actions.send(person_id=person_id, key=key, **values)


class Refusing(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("mail server away")


def test_the_same_key_is_sent_once(account):
    _send(account.person_id)
    _send(account.person_id, title="Khác")
    assert queries.unread_count(account.person_id) == 1
    assert Message.objects.get().title == "Hồ sơ đã được tiếp nhận"


def test_it_goes_with_the_batch_and_the_transaction(account):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        batch = Batch()
        _send(account.person_id, batch=batch)
        batch.send()
        raise ZeroDivisionError
    assert not Message.objects.exists()


def test_mail_goes_out_once_with_its_link_and_a_steady_id(account, settings):
    settings.SITE_URL = "https://tinh.example"
    _send(account.person_id, email="lan@example.vn", title="Hồ sơ\r\nBcc: ai@example.vn")
    assert actions.send_due_mail() == 1
    assert actions.send_due_mail() == 0
    (sent,) = mail.outbox
    message = Message.objects.get()
    assert sent.to == ["lan@example.vn"]
    assert "\n" not in sent.subject
    assert "https://tinh.example/ho-so/1/" in sent.body
    assert str(message.id) in sent.extra_headers["Message-ID"]
    assert message.emailed_at is not None


def test_without_an_address_nothing_is_mailed(account):
    _send(account.person_id)
    assert actions.send_due_mail() == 0
    assert mail.outbox == []


def test_a_server_that_is_away_delays_and_does_not_lose(account, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    _send(account.person_id, email="lan@example.vn")
    _send(account.person_id, key="k2", email="lan@example.vn")
    assert actions.send_due_mail() == 0
    waiting = Message.objects.order_by("created_at")
    assert [m.email_attempts for m in waiting] == [1, 1]
    assert "mail server away" in waiting[0].email_error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert actions.send_due_mail() == 0, "not before its time"
    assert actions.send_due_mail(now=timezone.now() + timedelta(minutes=5)) == 2


def test_waits_grow_to_their_limit_and_end(account, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    _send(account.person_id, email="lan@example.vn")
    now, waits = timezone.now(), []
    for _ in range(actions.MAX_ATTEMPTS):
        assert actions.send_due_mail(now=now) == 0
        waits.append(Message.objects.get().email_next_at - now)
        now += waits[-1]
    assert waits == sorted(waits)
    assert waits[-1] == actions.LONGEST_WAIT
    assert actions._mail_one(now) is None


@pytest.mark.django_db(transaction=True)
def test_mailers_at_the_same_moment_do_not_double():
    person_id = _account("lan").person_id
    for number in range(12):
        _send(person_id, key=str(number), email=f"n{number}@example.vn")
    assert sum(race(*[actions.send_due_mail] * 3)) == 12
    assert len({m.to[0] for m in mail.outbox}) == len(mail.outbox) == 12


def test_texts_are_made_in_the_persons_language(account):
    assert queries.language_of(account.person_id) == "vi"
    Account.objects.filter(pk=account.pk).update(language="en")
    with actions.in_language_of(account.person_id):
        assert get_language() == "en"


def test_the_page_lists_opens_and_marks_read(account, client):
    assert client.get("/thong-bao/").status_code == 302
    signed_in(client, account)
    assert "Chưa có thông báo" in client.get("/thong-bao/").content.decode()
    _send(account.person_id, title="<b>Hồ sơ</b>")
    html = client.get("/thong-bao/").content.decode()
    assert "Mới" in html
    assert "<b>Hồ sơ</b>" not in html
    message = Message.objects.get()
    response = client.post(f"/thong-bao/{message.id}/")
    assert response["Location"] == "/ho-so/1/"
    assert queries.unread_count(account.person_id) == 0
    _send(account.person_id, key="k2")
    client.post("/thong-bao/da-doc/")
    assert queries.unread_count(account.person_id) == 0


def test_others_messages_cannot_be_opened(account, client):
    _send(account.person_id)
    signed_in(client, _account("binh"))
    assert client.post(f"/thong-bao/{Message.objects.get().id}/").status_code == 404
    assert queries.unread_count(account.person_id) == 1


def test_a_link_outside_is_not_followed(account, client):
    _send(account.person_id, link="https://elsewhere.example/")
    response = signed_in(client, account).post(f"/thong-bao/{Message.objects.get().id}/")
    assert response["Location"] == "/thong-bao/"
