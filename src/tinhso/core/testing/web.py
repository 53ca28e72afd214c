"""Signing a test client in without the form: the session a sign-in would have made."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tinhso.core.access.actions import begin_session
from tinhso.core.access.entrance import AMR, SIGNED_IN_AT, STAY
from tinhso.core.people.models import Account


def signed_in(client: Client, account: Account, amr: tuple[str, ...] = ("pwd",)) -> Client:
    """The same client, holding a session of the account. (`force_login` needs Django's own user tables.)"""
    stay = begin_session(account=account, amr=amr, device_id="tests", agent="", address="127.0.0.1")
    session = SessionStore()
    session[STAY], session[AMR], session[SIGNED_IN_AT] = str(stay.id), stay.amr, stay.began_at.isoformat()
    session[SESSION_KEY] = str(account.pk)
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    assert session.session_key is not None  # noqa: S101 - saved just now
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
