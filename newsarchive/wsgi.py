"""The archive as a WSGI application, for gunicorn and its like."""

import os

from django.core.wsgi import get_wsgi_application

from newsarchive import statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")

statements.limit()
application = get_wsgi_application()
