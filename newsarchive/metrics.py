"""What Prometheus may ask of the archive.

Requests and searches are counted in each process of the site; where there are several,
they share files in ``PROMETHEUS_MULTIPROC_DIR`` (see ``newsarchive.web``), and each
answers for all. What the database and the index know is asked when it is asked for.
"""

import hmac
import ipaddress
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from articles.imports import Import, State
from search import outbox
from search.backends import default_backend
from search.engine import IndexDamagedError
from search.events import searched

logger = logging.getLogger(__name__)

SHARED = "PROMETHEUS_MULTIPROC_DIR"
OUTCOMES = ("added", "updated", "duplicate", "failed")

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_registry = CollectorRegistry()
_requests = Counter(
    "newsarchive_requests",
    "Requests that were answered.",
    ["method", "view", "status"],
    registry=_registry,
)
_durations = Histogram(
    "newsarchive_request_duration_seconds",
    "Time from a request to the beginning of its answer.",
    ["view"],
    buckets=_BUCKETS,
    registry=_registry,
)
_searches = Histogram(
    "newsarchive_search_duration_seconds",
    "Time that the index was asked for one page of a search.",
    buckets=_BUCKETS,
    registry=_registry,
)
_partial = Counter(
    "newsarchive_partial_searches",
    "Searches that were cut short by their budget of time.",
    registry=_registry,
)


def count_request(method: str, view: str, status: int, seconds: float) -> None:
    """Count a request."""
    _requests.labels(method, view, str(status)).inc()
    _durations.labels(view).observe(seconds)


def connect() -> None:
    """Count searches from now on."""
    searched.connect(_count_search, dispatch_uid="newsarchive.metrics")


def _count_search(seconds: float, *, partial: bool, **_kwargs: Any) -> None:
    _searches.observe(seconds)
    if partial:
        _partial.inc()


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus, and nobody else."""
    if not _may_ask(request):
        return HttpResponse(
            "Metrics are for whoever has METRICS_TOKEN, or asks from this machine.\n",
            status=403,
            content_type="text/plain; charset=utf-8",
        )
    counted = _registry
    if os.environ.get(SHARED):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    asked = CollectorRegistry()
    asked.register(_Archive())
    text = generate_latest(counted) + generate_latest(asked)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_ask(request: HttpRequest) -> bool:
    """Whether the token is right or, without one, it is this machine that asks itself."""
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # What a proxy on this machine passes on is not of this machine.
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded")):
        return False
    with suppress(ValueError):
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    return False


class _Archive(Collector):
    """What database and index know at this moment; less if one of them is away."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges."""
        for source in (_of_outbox, _of_imports, _of_index):
            try:
                yield from list(source())
            except (DatabaseError, IndexDamagedError):
                logger.exception("Some metrics are not known.")


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"newsarchive_{name}", what, value=value)


def _of_outbox() -> Iterator[GaugeMetricFamily]:
    waiting = outbox.waiting()
    yield _gauge(
        "outbox_backlog", "Changes that the index has to follow.", waiting.backlog
    )
    yield _gauge(
        "outbox_oldest_seconds", "How long the oldest waits.", waiting.oldest_seconds
    )
    yield _gauge(
        "articles_retried", "Articles to be tried again later.", waiting.retried
    )
    yield _gauge(
        "articles_set_aside", "Articles that cannot be indexed.", waiting.set_aside
    )
    yield _gauge("worker_up", "Whether a worker follows.", outbox.is_followed())


def _of_imports() -> Iterator[GaugeMetricFamily]:
    states = dict.fromkeys(State.values, 0)
    counts = Import.objects.values_list("state").annotate(Count("pk"))
    states |= dict(counts.order_by("state"))
    imports = GaugeMetricFamily(
        "newsarchive_imports", "Imports, by where they stand.", labels=["state"]
    )
    for state, number in states.items():
        imports.add_metric([state], number)
    yield imports
    rows = GaugeMetricFamily(
        "newsarchive_import_rows",
        "Records of all imports, by what became of them.",
        labels=["outcome"],
    )
    sums = Import.objects.aggregate(**{name: Sum(name) for name in OUTCOMES})
    for outcome, number in sums.items():
        rows.add_metric([outcome], number or 0)
    yield rows


def _of_index() -> Iterator[GaugeMetricFamily]:
    index = default_backend().index
    if not index.exists():
        return
    state = index.state()
    yield _gauge("index_documents", "Documents in the index.", state.documents)
    yield _gauge("index_segments", "Segments of the index.", state.segments)
    yield _gauge("index_size_bytes", "Size of the index on disk.", state.bytes)
    yield _gauge(
        "index_last_commit_timestamp_seconds",
        "When the last commit was made.",
        state.committed,
    )
