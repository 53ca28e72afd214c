"""`python -m tinhso.project.worker`: the one background process of an installation."""

from __future__ import annotations

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.project.settings.dev")
    django.setup()
    from tinhso.core.jobs.worker import run_worker

    run_worker()
