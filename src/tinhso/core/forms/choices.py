"""Addresses that both pages and the views of fields name."""

from __future__ import annotations

FIND_TERRITORY = "forms/tim-dia-ban/"
FIND_UNIT = "forms/tim-co-quan/"
