"""`manage.py verify_cases`: fold every case's acts anew and compare with what is stored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tinhso.core.cases.rebuild import differences


class Command(BaseCommand):
    help = "Dựng lại trạng thái hồ sơ từ các hành vi và so với trạng thái đang lưu"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--latest", type=int, default=None, help="chỉ xem ngần này hồ sơ mới nhất")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(differences(options["latest"]))
        for one in found:
            self.stderr.write(f"{one.case}, hành vi {one.seq}: {one.what}")
        if found:
            raise CommandError(f"{len(found)} hồ sơ không khớp")
        self.stdout.write("mọi hồ sơ khớp với các hành vi của nó")
