from __future__ import annotations

from tinhso.core.db import rooms


class JobsConfig(rooms.Room):
    name = "tinhso.core.jobs"
    label = "jobs"
