from __future__ import annotations

from tinhso.core.db.rooms import Room


class FilesConfig(Room):
    name = "tinhso.core.files"
    label = "files"
