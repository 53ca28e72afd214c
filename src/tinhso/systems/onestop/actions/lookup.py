"""Slowing down whoever guesses at the public look-up."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tinhso.core.access.actions import count_try
from tinhso.kit.errors import Refusal

#: Look-ups from one network address in an hour. A counter helps many people from one machine; guessing the four
#: digits of one case would take one address a week.
MOST_AN_HOUR = 60


def count_look_up(*, address: str, now: datetime | None = None) -> None:
    """Count one look-up; `Refusal` (429) when an address asks too often."""
    if count_try("look_up", address, now=now) > MOST_AN_HOUR:
        raise Refusal(
            "too_many", _("Từ địa chỉ mạng này đã tra cứu quá nhiều lần. Hãy thử lại sau một giờ."), 429
        )
