"""Every setting of the archive.

What differs between installations comes from the environment, read by the helpers
of ``newsarchive.environment``; README, "Configuration", lists the variables. What
tunes the search is the one dictionary ``SEARCH``, whose keys ``search.conf`` checks.
"""

import json
import os

import django_stubs_ext

from newsarchive import database
from newsarchive.environment import (
    ROOT,
    env_bool,
    env_host,
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

DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY", VAR / "secret-key")
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *env_host("HOST"),
    *env_list("ALLOWED_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
X_FRAME_OPTIONS = "DENY"

# Applications

INSTALLED_APPS = [
    "newsarchive",
    "search",
    "articles",
    "haystack",
    "procrastinate.contrib.django",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "articles.conventions.ConventionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsarchive.patience.PatienceMiddleware",
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

# What a file may hold: ``articles.importing.limits`` explains the keys.
IMPORTING: dict[str, object] = {}

# Languages and time

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
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

# Logs go to the terminal of whoever runs the archive.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "articles": {"level": "INFO"},
        "newsarchive": {"level": "INFO"},
        "search": {"level": "INFO"},
    },
}
