"""Django settings, read from environment variables. Never does I/O beyond the data directory's secret.

Everything has a default that works on one machine: SQLite in the data directory, the embedded
Valkey server's socket there, the local runtime.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from lockstep import environ, valkey
from lockstep.commandline import DEMO_MARK

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environ.read("LOCKSTEP_DATA_DIR", str(BASE_DIR / ".data")) or "").expanduser().resolve()


def _secret_key() -> str:
    """The given key, or one made at the first start and kept beside the data."""
    given = environ.read("LOCKSTEP_SECRET_KEY")
    if given is not None:
        if len(given) < 32:
            raise environ.WrongSetting(
                "LOCKSTEP_SECRET_KEY is shorter than 32 characters: use a longer random text."
            )
        return given
    file = DATA_DIR / "secret-key"
    # Sessions and password hashes stand in there: nobody else on the machine may look.
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="ascii") as new:
            file.chmod(0o600)
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DEBUG = environ.read_bool("LOCKSTEP_DEBUG", False)
PUBLIC_URL = (environ.read("LOCKSTEP_PUBLIC_URL", "http://127.0.0.1:8000") or "").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname:
    raise environ.WrongSetting(f"LOCKSTEP_PUBLIC_URL is {PUBLIC_URL!r}: write http(s)://host[:port].")
ALLOWED_HOSTS = [_public.hostname, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _public.scheme == "https" else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _public.scheme == "https"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "lockstep",
    "accounts",
    "feeds",
    "environments",
    "environments.runtimes.local",
    "products",
    "promotions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "lockstep.urls"
ASGI_APPLICATION = "lockstep.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

_database_url = environ.read("DATABASE_URL")
DATABASES = {
    "default": environ.database_from_url(_database_url)
    if _database_url
    else environ.sqlite_database(DATA_DIR / "lockstep.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

VALKEY_SOCKET = valkey.socket_path(DATA_DIR)
REDIS_URL = environ.check_redis_url(environ.read("REDIS_URL") or f"unix://{VALKEY_SOCKET}")
EMBEDDED_VALKEY = environ.read("REDIS_URL") is None

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
# Vite puts a digest of the content into the names of what it builds, so browsers may keep those for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/.+-[\w-]{8}\.\w+$"

# Rows are the truth, Celery only carries work: no result backend, no Celery retries, acks early,
# and a broker that hangs may hold a caller for seconds, never for minutes.
CELERY_BROKER_URL = environ.broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "visibility_timeout": 3600,
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_DEFAULT_QUEUE = "control"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {
    "promotions.tasks.release_tick": {"queue": "control"},
    "promotions.tasks.sweep": {"queue": "control"},
    "promotions.tasks.commit_steps": {"queue": "git"},
    "promotions.tasks.freeze_steps": {"queue": "git"},
    "promotions.tasks.intents_resolve": {"queue": "git"},
    "promotions.tasks.await_sync_steps": {"queue": "runtime"},
    "promotions.tasks.tidy": {"queue": "git"},
    "products.tasks.runtime_poll": {"queue": "runtime"},
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "promotions.tasks.sweep", "schedule": 0.5, "options": {"expires": 5}},
    "tidy": {"task": "promotions.tasks.tidy", "schedule": 3600.0, "options": {"expires": 600}},
    "runtime-poll": {"task": "products.tasks.runtime_poll_all", "schedule": 2.0, "options": {"expires": 5}},
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [environ.channel_host(REDIS_URL)], "prefix": "lockstep"},
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "accounts.api.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "lockstep.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lockstep",
    "DESCRIPTION": "Promotes products through environments by Git commits.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}

# What the product itself is tuned by. Durations are in seconds.
REPOSITORIES_DIR = DATA_DIR / "mirrors"
# Off, except where the demo was set up: its repositories are directories on this machine.
ALLOW_FILE_REPOSITORIES = environ.read_bool(
    "LOCKSTEP_ALLOW_FILE_REPOSITORIES", (DATA_DIR / DEMO_MARK).exists()
)
SETTLE_SECONDS = environ.read_seconds("LOCKSTEP_SETTLE_SECONDS", 5.0, high=3600)
DEGRADED_GRACE_SECONDS = environ.read_seconds("LOCKSTEP_DEGRADED_GRACE_SECONDS", 10.0, high=86_400)
GIT_TIMEOUT_SECONDS = environ.read_seconds("LOCKSTEP_GIT_TIMEOUT_SECONDS", 60.0, low=1, high=3600)
STEP_LEASE_SECONDS = environ.read_seconds("LOCKSTEP_STEP_LEASE_SECONDS", 30.0, low=2, high=3600)
FREEZE_LIMIT_BYTES = 50 * 1024 * 1024
# Of one request, whoever sends it: a dozen manifest files of 1 MiB fit.
REQUEST_LIMIT_BYTES = 16 * 1024 * 1024
# Without the files in it: a manifest of 1 MiB may be escaped as JSON (lockstep/api/bodies.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FAILPOINTS_DIR = environ.read("LOCKSTEP_FAILPOINTS_DIR")

RUNTIME_ADAPTERS = {"local": "environments.runtimes.local.adapter.LocalRuntime"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environ.read("LOCKSTEP_LOG_LEVEL", "INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "git": {"level": "WARNING"},
        # One line per task would be several a second, for ever: the sweeps run all the time.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
