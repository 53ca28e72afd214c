"""The systems this installation runs. Removing a line removes the system; its tables stay."""

from __future__ import annotations

SYSTEMS = [
    "tinhso.systems.onestop",
    "tinhso.systems.accounts",
    "tinhso.systems.signin",
    "tinhso.systems.sso",
]
