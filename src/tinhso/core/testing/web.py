"""Signing a test client in without the form: the session a sign-in would have made."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tinhso.core.people.models import Account


def signed_in(client: Client, account: Account) -> Client:
    """The same client, holding a session of the account. (`force_login` needs Django's own user tables.)"""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    assert session.session_key is not None  # noqa: S101 - saved just now
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
