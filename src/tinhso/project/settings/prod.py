"""A province in production: TLS in front, secrets from the environment, no demonstration keys."""

from __future__ import annotations

import os

from tinhso.project.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = os.environ["TINHSO_SECRET_KEY"]
ALLOWED_HOSTS = os.environ["TINHSO_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
# Browsers take a cookie of such a name only over TLS, from this very host, for the whole site (OWASP ASVS 3.4.4).
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
