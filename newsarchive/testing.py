"""A plugin of pytest's: the embedded database runs before the settings are read.

pytest-django reads the settings before any ``conftest.py`` is imported; a plugin that
is named in ``addopts`` comes earlier.
"""

import os

from newsarchive import database

# Tests ask for more pages than any reader does; those of the limits set them.
os.environ.setdefault("REQUEST_LIMITS", "0")
database.ensure_running()
