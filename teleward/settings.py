"""Settings, read once from the environment. A missing or unsafe value stops the start, loudly."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. `teleward up` sets it; see docs/reference/settings.md.")
    return value


def _words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


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
        "HOST": unquote(parts.hostname or "") if "%2F" not in parts.netloc.upper() else _socket_folder(parts.netloc),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _socket_folder(netloc: str) -> str:
    """The socket folder, whose capital letters `hostname` would have lowered."""
    return unquote(netloc.rpartition("@")[2].partition(":")[0])


HOME = Path(_required("TELEWARD_HOME"))
ORIGIN = os.environ.get("TELEWARD_ORIGIN", "http://localhost:8000").rstrip("/")
SECRET_KEY = _required("TELEWARD_SECRET_KEY")
MASTER_KEY = _required("TELEWARD_MASTER_KEY")  # 32 bytes, hexadecimal: wraps the patients' keys
TRUSTED_PROXIES = int(os.environ.get("TELEWARD_TRUSTED_PROXIES", "0"))
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
    "teleward.trust",
    "teleward.web",
    "procrastinate.contrib.django",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "teleward.web.middleware.RequestIdMiddleware",
    "teleward.web.middleware.SafetyHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "teleward.web.middleware.ProblemMiddleware",
    "teleward.web.middleware.ActorMiddleware",
]

ROOT_URLCONF = "teleward.web.urls"
APPEND_SLASH = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
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
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n", "django.templatetags.static"],
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
STORAGES = {"staticfiles": {"BACKEND": "teleward.web.staticfiles.HashedFilesStorage"}}

PASSWORD_HASHERS = ["teleward.access.passwords.Hasher"]

CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "teleward.web.pages.csrf_refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own lines hold the address, and an address may hold a link's secret; our pages log the route.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security.csrf": {"level": "CRITICAL"}},
}
