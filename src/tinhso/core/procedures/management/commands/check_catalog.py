"""`manage.py check_catalog`: every file of the catalogue against its schema and rules, and every example."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.checks.staffing import verify_staffing
from tinhso.core.procedures.examples import run_examples
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.references import read_accounts, read_rates
from tinhso.core.procedures.roles import roles_of
from tinhso.kit.yamlfile import FaultsError


class Command(BaseCommand):
    help = "Kiểm tra danh mục: lược đồ, quy trình, ví dụ"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--posts",
            metavar="NGÀY",
            type=date.fromisoformat,
            help="cũng xem ai giữ các vai trò vào ngày này (cần cơ sở dữ liệu)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        catalog = Catalog(settings.CATALOG, roles_of(settings.CATALOG))
        faults: list[str] = []
        entries = examples = 0
        definitions = {}
        for folder in catalog.folders():
            try:
                entry = catalog.read(folder)
                entries += 1
                if entry.definition is not None:
                    self._posts(entry.code, entry.definition, options["posts"])
                    definitions[entry.code] = entry.definition
                    ran, wrong = run_examples(catalog, entry)
                    examples += ran
                    faults += wrong
            except FaultsError as error:
                faults += [str(f) for f in error.faults]
        try:
            read_rates(settings.CATALOG, definitions)
            read_accounts(settings.CATALOG)
        except FaultsError as error:
            faults += [str(f) for f in error.faults]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} lỗi trong danh mục")
        self.stdout.write(f"danh mục đúng: {entries} thủ tục, {examples} ví dụ")

    def _posts(self, code: str, definition: Definition, on: date | None) -> None:
        for vacant in verify_staffing(definition, on) if on else ():
            self.stdout.write(f"{code}: {vacant.words}")
