"""`manage.py make_api_token USER NAME`: a key for a program that acts as an account; printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tinhso.core.access.actor import system_actor
from tinhso.core.api.actions import make_token
from tinhso.core.people.models import Account


class Command(BaseCommand):
    help = "Tạo khóa truy cập API cho một tài khoản"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        account = Account.objects.filter(username=options["username"]).first()
        if account is None:
            raise CommandError("Không có tài khoản này.")
        key = make_token(account_id=account.id, name=options["name"], actor=system_actor("make_api_token"))
        self.stdout.write(key)
