"""`manage.py verify_audit`: prove that the log of acts is whole, or name the first broken link."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tinhso.core.audit.queries import verify


class Command(BaseCommand):
    help = "Kiểm tra chuỗi nhật ký; báo mắt xích hỏng đầu tiên của mỗi chuỗi"

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        for b in found.breaks:
            where = f"mục {b.entry}" if b.entry else f"số {b.seq}"
            self.stderr.write(f"chuỗi {b.lane}, {where}: {b.what}")
        if found.breaks:
            raise CommandError(f"nhật ký hỏng ở {len(found.breaks)} chỗ")
        self.stdout.write(
            f"nhật ký nguyên vẹn: {found.entries} mục, {found.lanes} chuỗi, {found.seals} niêm phong"
        )
