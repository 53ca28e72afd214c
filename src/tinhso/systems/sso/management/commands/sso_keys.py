"""`manage.py sso_keys list|rotate|withdraw|relock`: the keys of single sign-on, for those without the page."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from tinhso.core.access.actor import system_actor
from tinhso.kit.errors import Refusal
from tinhso.systems.sso.actions import keys
from tinhso.systems.sso.queries.clients import keys as known


class Command(BaseCommand):
    help = "The keys of single sign-on"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["list", "rotate", "withdraw", "relock"])
        parser.add_argument("key", nargs="?", help="withdraw: the key's id")
        parser.add_argument("--now", action="store_true", help="rotate: sign with the new key at once")
        parser.add_argument("--reason", default="", help="withdraw: why")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = system_actor("sso_keys")
        try:
            keys.ensure(actor=actor)
            if options["act"] == "rotate":
                keys.rotate(actor=actor, at_once=options["now"])
            elif options["act"] == "withdraw":
                keys.withdraw(actor=actor, key_id=UUID(options["key"] or ""), reason=options["reason"])
            elif options["act"] == "relock":
                keys.relock_all(actor=actor)
        except (Refusal, ValueError) as error:
            raise CommandError(str(error)) from error
        for row in known(actor):
            state = "withdrawn" if row.withdrawn_at else f"published until {row.published_until or '-'}"
            self.stdout.write(f"{row.id}  {row.alg}  signs from {row.signs_from:%Y-%m-%d %H:%M}  {state}")
