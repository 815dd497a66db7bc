"""Receive uploads of which the disk may not hold all.

Django lets an error of the disk end the request, as if the archive were broken. Here
the rest of the upload is passed over, and the form says what happened.
"""

from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

_NOTED = "newsarchive.upload_problem"


def disk_problem(request: HttpRequest) -> OSError | None:
    """Return why an upload could not be laid on the disk, if it could not."""
    _ = request.FILES
    found = request.META.get(_NOTED)
    return found if isinstance(found, OSError) else None


class DiskUploadHandler(TemporaryFileUploadHandler):
    """Lays uploads on the disk, and notes it when there is no room."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._end(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a part of it."""
        try:
            # Nothing is left in a buffer that would fail when nobody looks.
            super().receive_data_chunk(raw_data, start)
            self.file.flush()
        except OSError as error:
            self._end(error)
        return None

    def _end(self, error: OSError) -> None:
        if self.request is not None:
            self.request.META[_NOTED] = error
        raise StopUpload(connection_reset=False) from error
