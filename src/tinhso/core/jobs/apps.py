from __future__ import annotations

from tinhso.core.db.rooms import Room


class JobsConfig(Room):
    name = "tinhso.core.jobs"
    label = "jobs"
