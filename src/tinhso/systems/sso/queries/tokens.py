"""What a token is worth right now, and what it lets a program know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tinhso.core.access.queries import standing_of_account
from tinhso.core.orgs import queries as orgs
from tinhso.core.people.queries import person
from tinhso.systems.sso import vault
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.rules import claims

_LIVE = """
SELECT t.kind, t.scope, t.issued_at, t.expires_at, c.client_id, c.subject, c.sector, g.id, g.account_id, g.person_id,
    g.session_id, g.auth_time, g.acr, g.amr
FROM sso_token t JOIN sso_client c ON c.id = t.client_id LEFT JOIN sso_grant g ON g.id = t.grant_id
LEFT JOIN people_account a ON a.id = g.account_id
WHERE t.hash = %(hash)s AND t.revoked_at IS NULL AND t.used_at IS NULL AND t.expires_at > %(now)s AND c.active
    AND (g.id IS NULL OR (g.revoked_at IS NULL AND a.is_active))
"""


@dataclass(frozen=True, slots=True)
class Live:
    """A token that is good now. The parts of a person are None for a program in its own name."""

    kind: str
    scope: str
    issued_at: datetime
    expires_at: datetime
    client_id: str
    subject: str
    sector: str
    grant_id: UUID | None
    account_id: UUID | None
    person_id: UUID | None
    session_id: UUID | None
    auth_time: datetime | None
    acr: str | None
    amr: str | None

    @property
    def sub(self) -> str:
        """Who it stands for, as its program knows them; the program itself when it works in its own name."""
        if self.person_id is None:
            return self.client_id
        return claims.subject(ring().pepper, self.subject, self.sector, str(self.person_id))


def live(token: str, now: datetime) -> Live | None:
    """What a token is worth; None when it is unknown, over, used up, given back, or its person or program is closed."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, {"hash": vault.digest(ring().pepper, token), "now": now})
        row = cursor.fetchone()
    return Live(*row) if row else None


def claims_of(token: Live) -> dict[str, Any]:
    """What the program may know of the person, as it is now; the grant is the record of who learnt it and when."""
    told: dict[str, Any] = {"sub": token.sub}
    scopes = token.scope.split()
    standing = standing_of_account(token.account_id) if token.account_id else None
    if standing is None or standing.account is None:
        return told
    if {"profile", "email", "phone"} & set(scopes):
        email = phone = ""
        if {"email", "phone"} & set(scopes):
            known = person(standing.person_id)
            email, phone = known.email, known.phone
        told |= claims.of_person(
            scopes,
            name=standing.name,
            username=standing.account.username if standing.posts else "",
            language=standing.account.language,
            email=email,
            phone=phone,
        )
    if "posts" in scopes:
        units = orgs.directory().units
        told |= claims.of_posts(standing.posts, {p.unit_id: units[p.unit_id].code for p in standing.posts})
    return told
