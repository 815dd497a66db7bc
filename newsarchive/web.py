"""How gunicorn serves the archive: ``gunicorn --config python:newsarchive.web``."""

import logging
import shutil
import socket
import struct
from typing import Any

from newsarchive.environment import var_directory

wsgi_app = "newsarchive.wsgi"

# Requests are counted in files, by which each process knows of the others.
_counts = var_directory() / "metrics"
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={_counts}"]

# gunicorn reads addresses of 4,094 bytes, and Arabic queries take six for a letter:
# what is too long for the archive is refused by it, in words.
limit_request_line = 8190

SLOW_SECONDS = 10
"""How long a client may send nothing in the middle of a request, or take nothing of the
answer. It has a thread meanwhile."""


def when_ready(server: Any) -> None:
    """Give up clients that stop halfway: connections inherit it from who listens."""
    limit = struct.pack("ll", SLOW_SECONDS, 0)
    for listener in server.LISTENERS:
        for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, way, limit)
    server.log.error_log.addFilter(is_told)


def is_told(record: logging.LogRecord) -> bool:
    """Whether a line of gunicorn's is worth telling: a client that was given up is not."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, BlockingIOError)


def on_starting(server: Any) -> None:
    """Begin to count at zero: the processes that counted before are gone."""
    del server
    shutil.rmtree(_counts, ignore_errors=True)
    _counts.mkdir(parents=True)
