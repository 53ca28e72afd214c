"""One machine, one command: secrets are made on first use and kept with the data."""

from __future__ import annotations

import os
import secrets

from tinhso.project.settings.base import *  # noqa: F403
from tinhso.project.settings.base import SECRETS_ROOT

DEBUG = False
ALLOWED_HOSTS = ["*"]
# Its accounts share a public password; a second factor may be tried, and is asked of nobody.
SECOND_FACTOR_REQUIRED = os.environ.get("TINHSO_SECOND_FACTOR", "0") == "1"
# The simulator of the national sign-in that `make run` starts.
VNEID_URL = os.environ.get("TINHSO_VNEID_URL", "http://127.0.0.1:8020")
VNEID_CLIENT_SECRET = os.environ.get("TINHSO_VNEID_CLIENT_SECRET", "trinh-dien")
# Every page says that this installation must not be given real papers.
DEMO = True


def _kept_secret(name: str) -> str:
    """A random secret of this installation, made once, readable by its owner only."""
    path = SECRETS_ROOT / name
    if not path.exists():
        SECRETS_ROOT.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _kept_secret("django")
