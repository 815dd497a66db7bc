"""What a log line looks like, and which request or job it belongs to.

``request_id`` and ``job_id`` are set while a request is answered and a job is done;
``Origins`` puts them into every record. Lines are for people, or, with
``LOG_FORMAT=json``, one JSON object each, for programs. Neither has addresses of readers,
names of users or what was looked for.
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from procrastinate import App
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext

request_id: ContextVar[str] = ContextVar("request_id", default="")
job_id: ContextVar[str] = ContextVar("job_id", default="")

FORMATS = ("text", "json")

_FIELDS = ("request_id", "job_id", "method", "view", "status", "ms")
"""What JSON lines have beside time, level, logger and message, if it is known."""


class Origins(logging.Filter):
    """Puts into every record where it comes from; lets all of them through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add ``request_id``, ``job_id`` and, for lines of text, ``origin``."""
        ids = {"request": request_id.get(), "job": job_id.get()}
        shown = [f"{name} {known}" for name, known in ids.items() if known]
        origin = f" [{', '.join(shown)}]" if shown else ""
        vars(record).update(request_id=ids["request"], job_id=ids["job"], origin=origin)
        return True


class JSONFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as an object."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in _FIELDS:
            value = getattr(record, name, None)
            if value is not None and value != "":
                told[name] = value
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def name_jobs(app: App) -> None:
    """Have every job of ``app`` known by its id while it is done."""
    app.worker_defaults["task_middleware"] = [
        _name_job,
        *(app.worker_defaults.get("task_middleware") or []),
    ]


def _name_job(call_next: SyncCallNext, context: JobContext, worker: object) -> Any:
    del worker
    token = job_id.set(str(context.job.id))
    try:
        return call_next()
    finally:
        job_id.reset(token)
