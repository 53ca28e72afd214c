"""`manage.py seed_province`: make the demonstration province; a second run changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tinhso.project.seed import DEMO_PASSWORD, FAMILIES, Part, demo_accounts, seed_province


class Command(BaseCommand):
    help = "Dựng tỉnh trình diễn Hậu Giang 2022: đơn vị, vị trí, người và tài khoản. Chạy lại không đổi gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--families", type=int, default=FAMILIES, help="số hộ dân tạo ra (mặc định %(default)s)"
        )
        parser.add_argument("--no-accounts", action="store_true", help="không tạo tài khoản trình diễn")

    def handle(self, *args: Any, **options: Any) -> None:
        seed_province(options["families"], accounts=not options["no_accounts"], tell=self._tell)
        if options["no_accounts"]:
            return
        self.stdout.write(f"\nMật khẩu chung: {DEMO_PASSWORD}")
        for username, role, unit in demo_accounts():
            self.stdout.write(f"  {username:<18} {role}{f' – {unit}' if unit else ''}")

    def _tell(self, part: Part) -> None:
        made = f"{part.made} mới" if part.made else "đã có"
        self.stdout.write(f"  {part.name:<22} {made:>10}   {part.seconds:.1f} s")
