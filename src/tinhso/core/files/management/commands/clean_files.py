"""Remove files on disk that no row names: what rolled-back transactions left behind."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tinhso.core.files.disk import remove_orphans
from tinhso.core.files.models import StoredFile


class Command(BaseCommand):
    help = "Remove files on disk that no row names and nobody touched for a day"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=float, default=24.0, help="age in hours before an orphan goes")

    def handle(self, *_args: Any, hours: float, **_options: Any) -> None:
        """Remove and say how many; a store in progress keeps its file, its time is fresh."""
        known = StoredFile.objects.values_list("sha256", flat=True).iterator()
        removed = remove_orphans(known, older_than=hours * 3600)
        self.stdout.write(f"Đã dọn {removed} tệp không còn dùng.")
