"""`manage.py load_money`: the rates of resolutions and the accounts of units, from the catalogue; again changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.rates import save_rates
from tinhso.core.payments.actions import save_accounts
from tinhso.core.procedures.references import read_accounts, read_rates
from tinhso.kit.errors import Refusal
from tinhso.kit.yamlfile import FaultsError


class Command(BaseCommand):
    help = "Nạp mức thu theo nghị quyết và tài khoản nhận tiền từ thư mục catalog"

    def handle(self, *args: Any, **options: Any) -> None:
        actor = system_actor("load_money")
        try:
            rates = save_rates(read_rates(settings.CATALOG), actor=actor)
            accounts = save_accounts(read_accounts(settings.CATALOG), actor=actor)
        except (FaultsError, Refusal) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{rates} mức thu, {accounts} tài khoản thay đổi")
