"""Uploaded files: kept piece by piece, until their import is removed."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from articles.importing.keeping import folder, free_megabytes, is_full, shown_name
from articles.imports import Import


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
        raise ValidationError(problem_of(error)) from error
    return Import.objects.create(
        name=shown_name(file.name or ""),
        path=str(path),
        size=path.stat().st_size,
        **values,
    )


def remove(run: Import) -> None:
    """Remove the file of an import, if it was uploaded."""
    path = Path(run.path)
    if path.parent == folder():
        path.unlink(missing_ok=True)


def problem_of(error: OSError) -> str:
    """Return what to say of a file that cannot be laid on the disk."""
    if is_full(error):
        return _(
            "The file does not fit on the disk, which has %(free)d MB left. Make room, "
            "and upload it again."
        ) % {"free": free_megabytes()}
    return _("The file cannot be kept: %(reason)s.") % {"reason": error.strerror}
