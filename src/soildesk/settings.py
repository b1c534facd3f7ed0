"""Settings of the desk, read from the environment so that one package serves every office.

SOILDESK_HOME           folder of database, attachments, exports and secret (default ./var)
SOILDESK_DATABASE_URL   sqlite:///PATH or postgresql://user:pass@host:port/name (default: SQLite in SOILDESK_HOME)
SOILDESK_ALLOWED_HOSTS  comma-separated host names (default: 127.0.0.1, localhost)
SOILDESK_BEHIND_TLS     1 where a proxy terminates TLS: cookies are then sent over TLS only
SOILDESK_SECOND_FACTOR  comma-separated roles (admin,issuer …) that must set up a second factor (default: nobody must)
SOILDESK_TODAY          YYYY-MM-DD fixes the day, for demonstrations and tests (soildesk.core.clock)
SOILDESK_BASEMAP        what lies under the map: none (default), folder (SOILDESK_HOME/basemap: z/x/y.png, .jpg or .webp,
                        or one basemap.mbtiles) or tianditu (the only setting that lets the browser ask another host)
SOILDESK_TIANDITU_KEY   the office's own key of 天地图, for browsers
SOILDESK_MAP_APPROVAL   the 审图号 of the base map, shown on the map and on printed sheets
SOILDESK_GIS_ROWS       the most rows of one file of geometry (default 2000000; docs/howto/gis-import.md says what more cost)
SOILDESK_SMTP           smtp://user:pass@host:port or smtps://… of the office's mail server (default: none, letters of supervision wait)
SOILDESK_SMTP_FROM      the address letters come from (needed with SOILDESK_SMTP)
SOILDESK_DEBUG          1 shows tracebacks; never on a machine others can reach
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

HOME = Path(os.environ.get("SOILDESK_HOME", "var")).resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)


def _secret_key() -> str:
    """The installation's own key: made once, kept in SOILDESK_HOME, readable by its owner only.

    It is written whole under another name and linked into place, so that of several processes that
    start at once one gives the key and none reads half of it.
    """
    path = HOME / "secret_key"
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=HOME, prefix="secret_key.")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text(encoding="ascii").strip()


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
            ),
        },
    }


def database(url: str) -> dict[str, object]:
    if not url:
        return _sqlite(HOME / "soildesk.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme in {"postgresql", "postgres"}:
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": query,
        }
    raise ValueError(
        f"SOILDESK_DATABASE_URL begins with {parts.scheme!r}: expected sqlite:///PATH or postgresql://user@host/name."
    )


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("SOILDESK_DEBUG") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("SOILDESK_ALLOWED_HOSTS", "127.0.0.1,localhost").split(",") if h]
_TLS = os.environ.get("SOILDESK_BEHIND_TLS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "soildesk.core",
    "soildesk.kit",
    "soildesk.standards",
    "soildesk.land",
    "soildesk.monitoring",
    "soildesk.enterprises",
    "soildesk.plots",
    "soildesk.farmland",
    "soildesk.oversight",
    "soildesk.decisions",
    "soildesk.supervision",
    "soildesk.reporting",
    "soildesk.assessment",
    "soildesk.plans",
    "soildesk.home",
    "soildesk.exchange",
    "soildesk.maps",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "soildesk.core.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "soildesk.urls"
WSGI_APPLICATION = "soildesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "soildesk.kit.context.desk",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("SOILDESK_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home:today"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "soildesk.core.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "soildesk.core.passwords.CharacterClassesValidator"},
    {"NAME": "soildesk.core.passwords.HistoryValidator"},
]
SECOND_FACTOR_ROLES = [role for role in os.environ.get("SOILDESK_SECOND_FACTOR", "").split(",") if role]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "core/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
CSRF_FAILURE_VIEW = "soildesk.kit.errors.form_expired"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
BASEMAP = os.environ.get("SOILDESK_BASEMAP", "none")
BASEMAPS = ("none", "folder", "tianditu")
if BASEMAP not in BASEMAPS:
    raise ValueError(f"SOILDESK_BASEMAP is {BASEMAP!r}: expected one of {', '.join(BASEMAPS)}.")
TIANDITU_KEY = os.environ.get("SOILDESK_TIANDITU_KEY", "")
if BASEMAP == "tianditu" and not TIANDITU_KEY:
    raise ValueError("SOILDESK_BASEMAP is tianditu without SOILDESK_TIANDITU_KEY: set the office's own key.")
TIANDITU_HOSTS = [f"https://t{number}.tianditu.gov.cn" for number in range(8)] if BASEMAP == "tianditu" else []
MAP_APPROVAL = os.environ.get("SOILDESK_MAP_APPROVAL", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *TIANDITU_HOSTS],
        "connect-src": [SELF, *TIANDITU_HOSTS],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
_GIS_ROWS = os.environ.get("SOILDESK_GIS_ROWS", "2000000")
if not _GIS_ROWS.isdecimal() or not int(_GIS_ROWS):
    raise ValueError(f"SOILDESK_GIS_ROWS is {_GIS_ROWS!r}: expected how many rows a file of geometry may have.")
GIS_ROWS = int(_GIS_ROWS)

_SMTP = urlsplit(os.environ.get("SOILDESK_SMTP", ""))
if _SMTP.scheme not in ("", "smtp", "smtps"):
    raise ValueError(f"SOILDESK_SMTP begins with {_SMTP.scheme!r}: expected smtp://host:port or smtps://host:port.")
EMAIL_HOST, EMAIL_USE_SSL = _SMTP.hostname or "", _SMTP.scheme == "smtps"
EMAIL_PORT = _SMTP.port or (465 if EMAIL_USE_SSL else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_SMTP.username or ""), unquote(_SMTP.password or "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("SOILDESK_SMTP_FROM", "")
if EMAIL_HOST and not DEFAULT_FROM_EMAIL:
    raise ValueError("SOILDESK_SMTP is set without SOILDESK_SMTP_FROM: say from which address letters come.")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "soildesk.kit.staticfiles.Static"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = HOME / "attachments"
EXPORT_ROOT = HOME / "exports"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a closing sheet has three fields for each of its tasks
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "soildesk.core.uploads.RefuseEndless",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
