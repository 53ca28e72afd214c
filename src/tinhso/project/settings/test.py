"""Tests: fast password hashing, plain static files, mail kept in memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tinhso.project.settings.base import *  # noqa: F403
from tinhso.project.settings.base import BASE, DATABASES, MIDDLEWARE

SECRET_KEY = "only for tests"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Nothing is collected for a test run; the live server finds static files by itself.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
FILES_ROOT = Path(tempfile.mkdtemp(prefix="tinhso-files-"))
SECRETS_ROOT = Path(tempfile.mkdtemp(prefix="tinhso-secrets-"))
CATALOG = BASE / "catalog"
# Each test sees its own units: look at the directory's token at every question.
ORGS_CACHE_SECONDS = 0
DATABASES["default"]["TEST"] = {"NAME": f"test_tinhso_{os.environ.get('TINHSO_TEST_RUN', 'run')}"}
# Rules of second factors are switched on by the tests about them.
SECOND_FACTOR_REQUIRED = False
