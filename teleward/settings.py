"""Settings, read once from the environment. A missing or unsafe value stops the start, loudly."""

import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. `teleward up` sets it; see docs/reference/settings.md."
        )
    return value


def _words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def _witness_keys() -> list[str]:
    """The keys of the witnesses; the addresses beside them are the sequencer's business."""
    return [word.partition(" ")[0] for word in _words("TELEWARD_WITNESSES")]


def _database(url: str) -> dict[str, object]:
    """Django's database entry for a `postgresql://` URL; the host may be a socket folder, percent-encoded."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("The database URL must start with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts.netloc),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _host(netloc: str) -> str:
    """The host, or the socket folder, whose capital letters `hostname` would have lowered."""
    return unquote(netloc.rpartition("@")[2].partition(":")[0])


def _mail(url: str) -> dict[str, object]:
    """Where e-mail is handed over: `smtp://user:password@host:port`, or `smtps://` for TLS from the start."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("TELEWARD_MAIL_URL must start with smtp:// or smtps://")
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "ssl": parts.scheme == "smtps",
    }


HOME = Path(_required("TELEWARD_HOME"))
WITNESS_KEYS = _witness_keys()
ORIGIN = os.environ.get("TELEWARD_ORIGIN", "http://localhost:8000").rstrip("/")
SECRET_KEY = _required("TELEWARD_SECRET_KEY")
MASTER_KEY = _required("TELEWARD_MASTER_KEY")  # 32 bytes, hexadecimal: wraps the patients' keys
PROVIDERS = Path(os.environ.get("TELEWARD_PROVIDERS", "") or HOME / "providers.toml")  # of sign-in
TRUSTED_PROXIES = int(os.environ.get("TELEWARD_TRUSTED_PROXIES", "0"))
NEIGHBOURS = [str(ip_network(word)) for word in _words("TELEWARD_NEIGHBOURS")]  # of our own house
HL7_LISTEN = os.environ.get("TELEWARD_HL7_LISTEN", "")  # empty: no HL7 v2 messages are taken
HL7_CERTIFICATE = os.environ.get("TELEWARD_HL7_CERTIFICATE", "")
HL7_KEY = os.environ.get("TELEWARD_HL7_KEY", "")
HL7_CLIENT_CA = os.environ.get("TELEWARD_HL7_CLIENT_CA", "")
HL7_PLAIN_BECAUSE = os.environ.get("TELEWARD_HL7_PLAIN_BECAUSE", "")
TURN_URLS = _words("TELEWARD_TURN_URLS")
TURN_SECRET = os.environ.get("TELEWARD_TURN_SECRET", "")

DEBUG = False
ALLOWED_HOSTS = [urlsplit(ORIGIN).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

DATABASES = {
    "default": _database(_required("TELEWARD_DATABASE_URL")),  # the application's role
    "owner": _database(_required("TELEWARD_OWNER_DATABASE_URL")),  # migrations only
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False

INSTALLED_APPS = [
    "teleward.kernel",
    "teleward.audit",
    "teleward.access",
    "teleward.records",
    "teleward.consult",
    "teleward.devices",
    "teleward.trust",
    "teleward.watch",
    "teleward.web",
    "procrastinate.contrib.django",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "teleward.web.middleware.RequestIdMiddleware",
    "teleward.web.middleware.FenceMiddleware",
    "teleward.web.middleware.SafetyHeadersMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "teleward.web.middleware.ProblemMiddleware",
    "teleward.web.middleware.ActorMiddleware",
    "teleward.web.middleware.LocalTimeMiddleware",
    "teleward.web.switching.SwitchingMiddleware",
]

ROOT_URLCONF = "teleward.web.urls"
APPEND_SLASH = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
FORMAT_MODULE_PATH = ["teleward.web.formats"]  # days and times as people of each language write them
LANGUAGE_COOKIE_NAME = "teleward-language"
LANGUAGE_COOKIE_SAMESITE = "Lax"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "teleward.web.context.page",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {"staticfiles": {"BACKEND": "teleward.web.staticfiles.HashedFilesStorage"}}

PASSWORD_HASHERS = ["teleward.access.passwords.Hasher"]

CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "teleward.web.pages.csrf_refused"

MAIL_URL = os.environ.get("TELEWARD_MAIL_URL", "")
_post = _mail(MAIL_URL or "smtp://")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _post["host"] if MAIL_URL else ""  # empty: no letters are sent, and the pages say so
EMAIL_PORT = _post["port"]
EMAIL_HOST_USER = _post["user"]
EMAIL_HOST_PASSWORD = _post["password"]
EMAIL_USE_SSL = _post["ssl"]
EMAIL_USE_TLS = not _post["ssl"]  # STARTTLS, always
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("TELEWARD_MAIL_FROM", f"no-reply@{ALLOWED_HOSTS[0]}")
CLAMAV = os.environ.get("TELEWARD_CLAMAV", "")  # empty: documents are not scanned for viruses
# What people send stays in memory: Django would lay files of more than 2.5 MB down in clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
SMS_GATEWAY = os.environ.get("TELEWARD_SMS_GATEWAY", "teleward.consult.sms.NullGateway")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"values": {"()": "teleward.web.logs.WithoutValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["values"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own lines hold the address, and an address may hold a link's secret; our pages log the route.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security": {"level": "CRITICAL"}},
}
