"""A plugin of pytest's: the embedded database runs before the settings are read.

pytest-django reads the settings before any ``conftest.py`` is imported; a plugin that
is named in ``addopts`` comes earlier.
"""

from newsarchive import database

database.ensure_running()
