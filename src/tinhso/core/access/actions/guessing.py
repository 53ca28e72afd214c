"""Guessing made slow: one counter for everything at the door that could be guessed.

Waiting is counted per thing guessed at *and* network address, so that a guesser makes only themselves wait.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tinhso.core.access import rules
from tinhso.core.access.models import SignInFailure
from tinhso.kit.errors import Refusal

# Counted in one statement, so that tries sent at the same time cannot slip past the limit.
COUNT = """
INSERT INTO access_signinfailure (key, count, last_at, wait_until) VALUES (%(key)s, 1, %(now)s, %(now)s)
ON CONFLICT (key) DO UPDATE SET last_at = %(now)s,
    count = CASE WHEN access_signinfailure.last_at < %(old)s THEN 1 ELSE access_signinfailure.count + 1 END
RETURNING count
"""


class Guess:
    """One try of `what` (a kind and what it is tried at) from an address. Use: `Guess(...)`, then `right` or `wrong`.

    Making it refuses while the guesser has to wait, and counts the try before it is looked at.
    """

    def __init__(
        self, *what: str, address: str, now: datetime, message: str = "", field: str = "name"
    ) -> None:
        place = rules.network_of(address)
        self.now, self._pair, self._whole = now, key_of(*what, place), key_of("address", place)
        refuse_waiting([self._pair, self._whole], now, message=message, field=field)
        self._failures = count(self._pair, now)

    def wrong(self) -> None:
        """It was wrong: the next one may have to wait."""
        wait(self._pair, self.now, rules.wait_after(self._failures))
        wait(self._whole, self.now, rules.wait_of_address(count(self._whole, self.now)))
        SignInFailure.objects.filter(last_at__lt=self.now - timedelta(days=1)).delete()

    def right(self) -> None:
        """It was right: the tries before are forgotten."""
        SignInFailure.objects.filter(key=self._pair).delete()


def count_try(what: str, address: str, *, now: datetime | None = None) -> int:
    """Count one try of something that could be guessed from a network address; how many in about an hour."""
    return count(key_of(what, rules.network_of(address)), now or timezone.now())


def key_of(*parts: str) -> str:
    """The keyed hash a count is kept under: neither names nor addresses stand in the table."""
    return salted_hmac("tinhso.access.failure", "|".join(parts), algorithm="sha256").hexdigest()


def count(key: str, now: datetime) -> int:
    """Count one more; how many within about an hour."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "now": now, "old": now - rules.FORGET_AFTER})
        return int(cursor.fetchone()[0])


def counted(key: str, now: datetime) -> int:
    """How many were counted within about an hour, without counting."""
    rows = SignInFailure.objects.filter(key=key, last_at__gte=now - rules.FORGET_AFTER)
    return rows.values_list("count", flat=True).first() or 0


def wait(key: str, now: datetime, span: timedelta) -> None:
    """Let whoever comes under this key wait."""
    if span:
        SignInFailure.objects.filter(key=key).update(wait_until=now + span)


def refuse_waiting(keys: list[str], now: datetime, *, message: str = "", field: str = "name") -> None:
    """`Refusal` while one of the keys has to wait, saying how long."""
    waiting = SignInFailure.objects.filter(key__in=keys, wait_until__gt=now).order_by("-wait_until")
    until = waiting.values_list("wait_until", flat=True).first()
    if until is not None:
        message = message or _("Đăng nhập sai nhiều lần. Vui lòng đợi %(n)s phút rồi thử lại.")
        minutes = rules.minutes_left(until, now)
        raise Refusal("wait", message % {"n": minutes}, status=429, field=field)
