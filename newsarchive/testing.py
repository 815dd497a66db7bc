"""A plugin of pytest's: what has to be there before the settings are read.

pytest-django reads the settings before any ``conftest.py`` is imported; a plugin that
is named in ``addopts`` comes earlier. The embedded database is that of the checkout,
which is kept between runs. Everything else that is written goes to a folder of this
run's own, or of one process of it, which child processes find in the environment; at
the end it is removed.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from newsarchive import database
from newsarchive.environment import var_directory


def _own_folder() -> Path:
    """Make the folder that is ``var/`` for this run.

    Dictionaries take half a minute to make: they are those of the checkout.
    """
    dictionaries = var_directory() / "analysis"
    dictionaries.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-tests-"))
    (folder / "analysis").symlink_to(dictionaries.resolve())
    return folder


def _remove(folder: Path, owner: int) -> None:
    # A forked child has this to do, too, and must not.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


# Tests ask for more pages than any reader does; those of the limits set them.
os.environ.setdefault("REQUEST_LIMITS", "0")
database.ensure_running()
FOLDER = _own_folder()
atexit.register(_remove, FOLDER, os.getpid())
os.environ["NEWSARCHIVE_VAR"] = str(FOLDER)
