"""Every setting of the archive.

What differs between installations comes from the environment, read by the helpers
of ``newsarchive.environment``; README, "Configuration", lists the variables. What
tunes the search is the one dictionary ``SEARCH``, whose keys ``search.conf`` checks.
"""

import json
import os
from datetime import timedelta

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF

from newsarchive import database
from newsarchive.environment import (
    ROOT,
    env_address,
    env_bool,
    env_choice,
    env_folder,
    env_folders,
    env_host,
    env_int,
    env_list,
    env_timezone,
    secret,
    var_directory,
)

# Lets ``ModelAdmin[Article]`` and its like be written where Django has no generics.
django_stubs_ext.monkeypatch()

VAR = var_directory()

# camel-tools downloads a catalogue when its morphology is imported, unless it finds
# one: give it an empty one of ours, before anything imports camel-tools.
if "CAMELTOOLS_DATA" not in os.environ:
    _catalogue = VAR / "camel_tools" / "catalogue.json"
    _catalogue.parent.mkdir(parents=True, exist_ok=True)
    if not _catalogue.exists():
        _catalogue.write_text(
            json.dumps({"version": "1.6.0", "packages": {}, "components": {}})
        )
    os.environ["CAMELTOOLS_DATA"] = str(_catalogue.parent)

# Security

# With an address under which others reach it, the archive is public: its secret comes
# from the environment and, if that address is HTTPS, nothing is answered without it.
PUBLIC_ADDRESS = env_address("PUBLIC_URL")
HTTPS = PUBLIC_ADDRESS is not None and PUBLIC_ADDRESS.https

DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY", VAR / "secret-key", needed=PUBLIC_ADDRESS is not None)
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *([PUBLIC_ADDRESS.host] if PUBLIC_ADDRESS else []),
    *env_host("HOST"),
    *env_list("ALLOWED_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [
    *([PUBLIC_ADDRESS.origin] if PUBLIC_ADDRESS else []),
    *env_list("CSRF_TRUSTED_ORIGINS"),
]

# What a proxy says of the reader is believed only of as many proxies as are told.
PROXIES = env_int("PROXIES", default=0, least=0, most=9)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_SSL_REDIRECT = HTTPS
# Those who watch the machine ask it directly, without HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = (
    env_int("HSTS_SECONDS", default=31_536_000, least=0, most=63_072_000)
    if HTTPS
    else 0
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# To be preloaded into browsers is for the owner of the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# A name that begins so is taken by browsers from this very host over HTTPS only.
_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_prefix}sessionid"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = f"{_prefix}csrftoken"
CSRF_COOKIE_SECURE = HTTPS
# Forms carry their token; no script of ours reads the cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "newsarchive.sign_in.forged"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Scripts and styles are files of ours. Whatever is written into a page needs the nonce
# of that page, which pages that are kept for other readers cannot have.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}

# Sign-in: the second factor is a code from a telephone, or one kept on paper.
REQUIRE_SECOND_FACTOR = env_bool("REQUIRE_SECOND_FACTOR", default=HTTPS)
OTP_TOTP_ISSUER = "Newsarchive"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# One who guesses from one address locks out nobody who signs in from another.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# "manage.py axes_reset_username NAME" lets somebody try at once.
AXES_ENABLE_ADMIN = False
AXES_CLIENT_IP_CALLABLE = "newsarchive.clients.client_address"
AXES_LOCKOUT_CALLABLE = "newsarchive.sign_in.locked_out"

# Applications

INSTALLED_APPS = [
    "newsarchive",
    "search",
    "articles",
    "haystack",
    "newsarchive.apps.JobsConfig",
    "newsarchive.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "newsarchive.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "newsarchive.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "articles.conventions.ConventionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "newsarchive.strangers.StrangersMiddleware",
    "newsarchive.auditing.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsarchive.patience.PatienceMiddleware",
    "newsarchive.statements.StatementsMiddleware",
    "newsarchive.limiting.LimitingMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "newsarchive.urls"
WSGI_APPLICATION = "newsarchive.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Data

DATABASES = {
    "default": database.django_settings(
        os.environ.get("DATABASE_URL") or database.unstarted_url()
    )
}
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Seconds that a reader waits for a database that is being started again.
DATABASE_PATIENCE = 15.0
# Two runs of the tests may share a server without sharing a database.
DATABASES["default"]["TEST"] = {"NAME": f"test_newsarchive_{os.getpid()}"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [ROOT / "fixtures"]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# How long a page may have the database work on one statement, and wait for a lock. Where
# nobody waits, in commands and in the worker, there is no end.
STATEMENT_SECONDS = 8
DESK_STATEMENT_SECONDS = 60
LOCK_SECONDS = 5

# What one address may ask for: requests a minute, and how many of them at once. Of all
# of it REQUEST_LIMITS percent; 0 is no limit.
REQUEST_LIMITS = env_int("REQUEST_LIMITS", default=100, least=0, most=100_000)
REQUEST_ALLOWANCES = {
    "search": (60, 60),
    "complete": (300, 100),
    "data": (60, 60),
    "feed": (60, 60),
    "page": (600, 300),
    # Addresses at which there is nothing.
    "missing": (300, 300),
}

# Pages that were made, each under the state of the archive that it shows: what is out of
# date is not asked for any more, and makes room for others.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    "searches": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "searches",
        "TIMEOUT": None,
        # Of 100 kB at the most, in every process.
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# Uploads go to the disk piece by piece; more than this is for ``import_files``.
IMPORT_UPLOAD_MAX_BYTES = 2 * 1024**3
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "articles.desk.receiving.DiskUploadHandler",
]

# What a file may hold: ``articles.importing.limits`` explains the keys.
IMPORTING: dict[str, object] = {}

# Folders that editors may have watched for new files, and those within them.
WATCH_FOLDERS = env_folders("NEWSARCHIVE_WATCH_FOLDERS")

# Where ``manage.py backup`` keeps backups, whose age ``manage.py doctor`` looks at.
BACKUPS = env_folder("NEWSARCHIVE_BACKUPS")

# What a look at a feed or folder may cost: ``articles.watching.limits``.
WATCHING: dict[str, object] = {}

# Languages and time

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
# Dates and numbers of the desk in Arabic, as the pages for readers have them.
FORMAT_MODULE_PATH = ["newsarchive.formats"]
TIME_ZONE = env_timezone("NEWSARCHIVE_TIME_ZONE", default="UTC")
USE_TZ = True

# Static files

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Search

HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "search.backends.ArchiveEngine",
        "PATH": str(VAR / "index"),
        "INCLUDE_SPELLING": True,
    }
}

SEARCH: dict[str, object] = {}

# What Prometheus shows to be let in; without one, only this machine is.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

# Logs go to the terminal of whoever runs the archive. No line has the address of a
# reader or what was looked for: each request has one of ours, by the name of its view.

PROCRASTINATE_ON_APP_READY = "newsarchive.logs.name_jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "format": "{asctime} {levelname} {name}{origin}: {message}",
            "style": "{",
        },
        "json": {"()": "newsarchive.logs.JSONFormatter"},
    },
    "filters": {"origins": {"()": "newsarchive.logs.Origins"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env_choice("LOG_FORMAT", ["text", "json"]),
            "filters": ["origins"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "articles": {"level": "INFO"},
        # Their lines name paths and query strings.
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR", "propagate": True},
        # It warns of every HEAD request that Django answers.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        "newsarchive": {"level": "INFO"},
        "search": {"level": "INFO"},
    },
}
