"""What the frame itself registers: its start-up checks."""

from __future__ import annotations

from tinhso.core.ui import checks

__all__ = ["checks"]
