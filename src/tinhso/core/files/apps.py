from __future__ import annotations

from tinhso.core.db import rooms


class FilesConfig(rooms.Room):
    name = "tinhso.core.files"
    label = "files"
