"""Where uploaded files lie: outside of what the web server shows, until taken away."""

import errno
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from articles.imports import FILE_NAME_MAX_LENGTH, Import


def folder() -> Path:
    """Return the folder of uploaded files."""
    return Path(settings.VAR) / "imports"


def keep(file: UploadedFile[Any], **values: Any) -> Import:
    """Keep an uploaded file, and make the import of it.

    Raises:
        ValidationError: there is no room.
    """
    # The name that it was uploaded under is for people: no path is made of it.
    path = folder() / uuid4().hex
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as kept:
            for part in file.chunks():
                kept.write(part)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ValidationError(_problem(error)) from error
    return Import.objects.create(
        name=_shown_name(file.name or ""),
        path=str(path),
        size=path.stat().st_size,
        **values,
    )


def remove(run: Import) -> None:
    """Remove the file of an import, if it was uploaded."""
    path = Path(run.path)
    if path.parent == folder():
        path.unlink(missing_ok=True)


def _shown_name(name: str) -> str:
    """Return a name short enough to be kept, with its end, which tells the format."""
    return Path(name).name.replace("\0", "")[-FILE_NAME_MAX_LENGTH:]


def _problem(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        free = shutil.disk_usage(settings.VAR).free // 2**20
        return _(
            "The file does not fit on the disk, which has %(free)d MB left. Make room, "
            "and upload it again."
        ) % {"free": free}
    return _("The file cannot be kept: %(reason)s.") % {"reason": error.strerror}
