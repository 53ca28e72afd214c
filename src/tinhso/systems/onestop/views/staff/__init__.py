"""Officers' pages: the counter, lists, the case, signing, prints."""

from __future__ import annotations
