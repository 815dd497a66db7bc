"""The segments that this process has open: each is mapped, and checked, once."""

import threading
from collections import OrderedDict
from pathlib import Path

from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage

from search.engine.segments import ContainerError, SegmentData, open_segment

EXTENSION = ".arrays"

MOST_OPEN = 128
"""Segments that are kept open though nobody may be using them."""


class _OpenSegments:
    """Files -> what they hold; those used last are kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[Path, tuple[tuple[int, ...], SegmentData]] = (
            OrderedDict()
        )

    def __len__(self) -> int:
        return len(self._open)

    def get(self, path: Path) -> SegmentData:
        """Return what the file at ``path`` holds, opening it if it is not open."""
        with self._lock:
            written = _written(path)
            known = self._open.get(path)
            # A file that changed is read again: its pages may be gone.
            if known is None or known[0] != written:
                self._forget()
                self._open[path] = known = written, _opened(path)
            self._open.move_to_end(path)
            return known[1]

    def _forget(self) -> None:
        """Let go of files that were deleted, and of those that were not used for long."""
        for path in [path for path in self._open if not path.exists()]:
            del self._open[path]
        while len(self._open) >= MOST_OPEN:
            self._open.popitem(last=False)


_segments = _OpenSegments()


def segment_data(place: FileStorage | Path, segment: Segment) -> SegmentData:
    """Return the arrays of ``segment``, whose file is in a folder or Whoosh's storage.

    Raises:
        ContainerError: the file is damaged, or is not that of this segment.
        FileNotFoundError: there is no such file. Whoosh then reads its table of
            contents again, since another process may have merged the segment.
    """
    folder = place if isinstance(place, Path) else Path(place.folder)
    path = folder.absolute() / segment.make_filename(EXTENSION)
    data = _segments.get(path)
    if data.size != segment.doc_count_all():
        what = f"it has {data.size} documents, not {segment.doc_count_all()}"
        raise ContainerError(path, what)
    return data


def _opened(path: Path) -> SegmentData:
    try:
        return open_segment(path)
    except ContainerError:
        # Deleted since it was looked at: that is no damage.
        _written(path)
        raise


def _written(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
