#!/usr/bin/env python
"""Django's commands for this installation; starts the embedded database when no `DATABASE_URL` is given."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.project.settings.dev")
    if "DATABASE_URL" not in os.environ:
        from tinhso.core.db.embedded import ensure_running

        os.environ["DATABASE_URL"] = ensure_running()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
