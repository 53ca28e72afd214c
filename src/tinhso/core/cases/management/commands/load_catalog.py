"""`manage.py load_catalog`: publish every definition of the catalogue; the same content again changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.actions.publish import load_catalog
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.roles import roles_of
from tinhso.kit.yamlfile import FaultsError


class Command(BaseCommand):
    help = "Nạp danh mục thủ tục từ thư mục catalog"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            total, changed = load_catalog(
                Catalog(settings.CATALOG, roles_of(settings.CATALOG)), actor=system_actor("load_catalog")
            )
        except FaultsError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{total} thủ tục, {changed} thay đổi")
