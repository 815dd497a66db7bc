"""Where the files of imports lie: outside of what the web server shows."""

import errno
import shutil
from pathlib import Path, PurePosixPath

from django.conf import settings

from articles.imports import FILE_NAME_MAX_LENGTH


def folder() -> Path:
    """Return the folder of the files that imports were given."""
    return Path(settings.VAR) / "imports"


def shown_name(name: str) -> str:
    """Return a name short enough to be kept, with its end, which tells the format."""
    last = PurePosixPath(name).name.replace("\0", "")
    # Names that are not in UTF-8 are shown with what their bytes are.
    readable = last.encode("utf-8", "surrogateescape").decode(
        "utf-8", "backslashreplace"
    )
    return readable[-FILE_NAME_MAX_LENGTH:]


def is_full(error: OSError) -> bool:
    """Whether there is no room on the disk, or none for this user."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def free_megabytes() -> int:
    """Return how much room the disk has left."""
    return shutil.disk_usage(settings.VAR).free // 2**20
