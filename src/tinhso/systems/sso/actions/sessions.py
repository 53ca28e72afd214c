"""The ends of stays: when one is over, what it gave is over, and every program it opened is told.

`core.access` says at once when a stay is ended (`SessionEnded`). The sweep finds the rest: stays whose time came,
posts that ended with a day, and what an event left undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from tinhso.core.access.actor import system_actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.jobs.queue import defer
from tinhso.systems.sso.models import Client, LogoutNotice

AT_ONCE = 500
#: After these even programs that may work on without the person stop: somebody else may have had the account.
FOR_GOOD = frozenset({"closed", "password", "factors"})

# A stay that only lies idle here goes on: its person may be at work in a program.
_OVER = """
SELECT DISTINCT g.session_id, CASE WHEN NOT a.is_active THEN 'closed' WHEN s.ended_at IS NOT NULL THEN s.end_reason
    ELSE 'over' END
FROM sso_grant g JOIN people_account a ON a.id = g.account_id
LEFT JOIN access_signinsession s ON s.id = g.session_id
WHERE g.revoked_at IS NULL AND g.ends_at > %(now)s
    AND (NOT a.is_active OR (NOT g.offline AND (s.id IS NULL OR s.ended_at IS NOT NULL OR s.ends_at <= %(now)s)))
LIMIT %(limit)s
"""
_END = """
UPDATE sso_grant g SET revoked_at = %(now)s, revoke_reason = %(reason)s
FROM sso_client c WHERE c.id = g.client_id AND g.session_id = ANY(%(ids)s) AND g.revoked_at IS NULL
    AND (NOT g.offline OR %(for_good)s)
RETURNING g.session_id, g.client_id, g.person_id
"""
# Programs that may work on are told as well: the person is no longer there.
_TELL = """
SELECT DISTINCT g.session_id, g.client_id, g.person_id FROM sso_grant g JOIN sso_client c ON c.id = g.client_id
WHERE g.session_id = ANY(%(ids)s) AND g.revoked_at IS NULL AND c.backchannel_uri <> '' AND c.active
    AND NOT EXISTS (SELECT FROM sso_logoutnotice n WHERE n.session_id = g.session_id AND n.client_id = g.client_id
        AND n.made_at > g.made_at)
"""
# A post is held while its holding covers today and it is open.
_POSTS = """
UPDATE sso_grant g SET revoked_at = %(now)s, revoke_reason = 'post_ended'
WHERE g.revoked_at IS NULL AND g.ends_at > %(now)s AND g.posts <> '{}'
    AND EXISTS (SELECT FROM unnest(g.posts) p(id) WHERE NOT EXISTS (
        SELECT FROM access_holding h JOIN orgs_post o ON o.id = h.post_id
        WHERE h.person_id = g.person_id AND h.post_id = p.id AND o.active AND h.valid_from <= %(today)s
            AND (h.valid_to IS NULL OR h.valid_to > %(today)s)))
RETURNING g.session_id, g.client_id, g.person_id
"""

Rows = list[tuple[UUID, UUID, UUID]]


def sweep(*, now: datetime, today: date) -> int:
    """End what is over; how many connections that were. Several workers may do it at once."""
    ended = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_OVER, {"now": now, "limit": AT_ONCE})
            over: list[tuple[UUID, str]] = cursor.fetchall()
        for reason in sorted({why for _id, why in over}):
            ended += end(
                ids=[session_id for session_id, why in over if why == reason], reason=reason, now=now
            )
        if len(over) < AT_ONCE:
            return ended + end_posts(now=now, today=today)


def end(*, ids: Sequence[UUID], reason: str, now: datetime) -> int:
    """End what was given in some stays and have its programs told, in one transaction; how many connections that were.
    Done twice it changes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TELL, {"ids": list(ids)})
        told: Rows = cursor.fetchall()
        cursor.execute(_END, {"now": now, "reason": reason, "ids": list(ids), "for_good": reason in FOR_GOOD})
        ended: Rows = cursor.fetchall()
        _notify(told, now)
        _record({row[0] for row in [*told, *ended]}, reason)
    return len(ended)


def end_posts(*, now: datetime, today: date) -> int:
    """End the connections of programs that were told of a post somebody no longer holds, and tell them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_POSTS, {"now": now, "today": today})
        ended: Rows = cursor.fetchall()
        if ended:
            listening = Client.objects.filter(active=True).exclude(backchannel_uri="")
            wanting = set(listening.values_list("id", flat=True))
            _notify([row for row in dict.fromkeys(ended) if row[1] in wanting], now)
            _record({row[0] for row in ended}, "post_ended")
    return len(ended)


def tell_client(*, client: Client, session_id: UUID, person_id: UUID, now: datetime) -> None:
    """Have one program told that the person is signed out of it, in the caller's transaction."""
    if client.backchannel_uri and client.active:
        _notify([(session_id, client.id, person_id)], now)


def _notify(rows: Rows, now: datetime) -> None:
    notices = [
        LogoutNotice(session_id=session_id, client_id=client_id, person_id=person_id, made_at=now)
        for session_id, client_id, person_id in rows
    ]
    LogoutNotice.objects.bulk_create(notices)
    for notice in notices:
        defer("sso.tell_logout", notice_id=str(notice.id))


def _record(ids: set[UUID], reason: str) -> None:
    batch = Batch()
    for session_id in sorted(ids):
        record(
            batch, act="sso.end_session", object_kind="sso.session", object_id=str(session_id),
            actor=system_actor("sso"), data={"reason": reason},
        )  # fmt: skip
    batch.send()
