"""Ask every public address for nonsense: no answer may be an error of ours, or take long.

    python -m bench.fuzz [FILE...] [--limit N] [--requests N] [--seed N] [--here] [--json]

Addresses come from the URL resolver, with arguments of all kinds. They are asked by any
method, with parameters that exist and that do not, repeated, over-long, in any Unicode
and in bytes that are none, with the costliest queries that we know, and with headers that
no browser sends. FILEs (without them, the Arabic newspapers of the folder of real
articles, of which the first N are taken) are loaded and indexed in an archive of their
own, under a temporary folder; ``--here`` asks the archive of ``NEWSARCHIVE_VAR`` instead,
and changes nothing in it. Printed are the answers by status, and the slowest. Exits with
status 1 if there was an error of ours, or an answer that took longer than the time budget
of a search and half of it again.

``tests/test_fuzz.py`` asks some hundred times, of the sample articles.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from atexit import register
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_from_bytes

from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as tried
from hypothesis import strategies as st

from bench.corpus import DataError, newspapers
from bench.http import prepare

if TYPE_CHECKING:
    from django.http import HttpResponseBase
    from django.test import Client

SERVER_ERROR = 500
MARGIN = 1.5
"""An answer may take so many times the budget of a search."""

SHOWN = 5
LANGUAGES = ("ar", "fr", "en")

_COMMON = [
    *("في", "من", "على", "إلى", "عن", "أن", "مع", "هذا", "التي", "الذي", "بعد", "كان"),
    *("بين", "كما", "ما", "لا", "قال"),
]
COSTLY = (
    '"في من"~100',
    " OR ".join(f'"{a} {b}"~100' for a, b in pairwise(_COMMON)),
    " ".join(f"root:{word}" for word in _COMMON * 3),
    '"' + " ".join(_COMMON * 3) + '"',
    "الم* وال* بال* مست* كال*",
    "ال*ر*ي*ن*ت*م*ل*ي وال*ي*ن*ت*م*ر*ل*ي",
    "المستشفيات~2 OR المملكة~2 OR السعودية~2",
    " ".join(f"-{word}" for word in _COMMON * 3),
    "(" * 500 + "في" + ")" * 500,
    " OR ".join(f"date:{year}" for year in range(1970, 2020)),
    "Mohammed Hussein Kadhafi Moubarak Abdallah Youssef Boutros",
)
"""Queries that ask for as much as one can."""

PARAMETERS = (
    *("q", "page", "per_page", "sort", "rung", "match", "names", "variants", "without"),
    *("share", "date", "value", "source", "not-source", "section", "author", "place"),
    *("language", "year", "not-year", "filter", "letter", "next", "digits", "months"),
)
METHODS = ("GET", "GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "X")


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the resolver.

    Attributes:
        name: what it is called, with its namespace.
        pattern: as it is written there.
        pieces: what it is made of: texts, and the names of converters.
    """

    name: str
    pattern: str
    pieces: tuple[tuple[str, str], ...]

    def examples(self) -> Iterator[str]:
        """Yield addresses with arguments that may be, and that may not."""
        wanted = [
            [text] if kind == "text" else _ARGUMENTS.get(kind, _TEXTS)
            for kind, text in self.pieces
        ]
        yield from ("/" + "".join(made) for made in product(*wanted))


_TEXTS = ("الأطلس", "atlas", "-", "%00", "%FF", "a" * 300)
_NUMBERS = ("1", "0", "2019", "12", "9" * 30)
_ARGUMENTS = {"int": _NUMBERS, "language": LANGUAGES, "slug": ("source", "x", "year")}


def addresses() -> list[Address]:
    """Return every address that the resolver knows, but those of the desk."""
    from django.urls import get_resolver  # noqa: PLC0415

    return list(_walked(get_resolver(), (), ""))


def _walked(
    resolver: Any, before: tuple[tuple[str, str], ...], named: str
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pieces = (*before, *_pieces(entry.pattern))
        if hasattr(entry, "url_patterns"):
            # Of the desk, strangers see how to sign in.
            namespace = entry.namespace or named
            yield from _walked(entry, pieces, namespace)
        elif named != "admin" or entry.name == "login":
            pattern = "".join(
                text if kind == "text" else f"<{kind}>" for kind, text in pieces
            )
            yield Address(entry.name or "", pattern, pieces)


def _pieces(pattern: Any) -> Iterator[tuple[str, str]]:
    """Yield (kind, text): of a text the text, of an argument its converter."""
    if hasattr(pattern, "language_prefix"):
        yield "language", ""
        yield "text", "/"
        return
    rest = str(getattr(pattern, "_route", ""))
    while rest:
        text, _, rest = rest.partition("<")
        if text:
            yield "text", text
        if rest:
            converter, _, rest = rest.partition(">")
            yield converter.partition(":")[0], ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Attributes:
        method: any word.
        path: encoded.
        query: encoded.
        headers: as WSGI names them.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]


def _texts() -> st.SearchStrategy[str]:
    """Return values of parameters, encoded."""
    unicode = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
    return st.one_of(
        unicode.map(quote),
        st.binary(max_size=20).map(quote_from_bytes),
        st.sampled_from(COSTLY).map(quote),
        st.integers(-(10**20), 10**20).map(str),
        st.sampled_from(
            [
                "on",
                "off",
                "any",
                "root",
                "lemma",
                "-",
                "2019-02-30",
                "2001..1999",
                "0000",
            ]
        ),
        st.builds(lambda text, times: quote(text) * times, unicode, st.integers(1, 40)),
    )


def _headers() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    # What a header may be on its way: bytes that a server passes on as Latin-1.
    value = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
    names = (
        *("HTTP_ACCEPT_LANGUAGE", "HTTP_IF_NONE_MATCH", "HTTP_RANGE", "HTTP_COOKIE"),
        *("HTTP_IF_MODIFIED_SINCE", "HTTP_X_FORWARDED_FOR", "HTTP_REFERER"),
        *("HTTP_X_REQUEST_ID", "HTTP_ACCEPT_ENCODING", "CONTENT_LENGTH"),
    )
    known = st.sampled_from(
        [
            "fr;q=9",
            "*",
            '"',
            "bytes=0-1",
            "sessionid=x; csrftoken=y",
            "W/",
            "-1",
            "9" * 30,
        ]
    )
    pair = st.tuples(st.sampled_from(names), value | known)
    return st.lists(pair, max_size=3).map(tuple)


def asked() -> st.SearchStrategy[Asked]:
    """Return requests of any kind to any address."""
    known = addresses()

    @st.composite
    def request(draw: st.DrawFn) -> Asked:
        address = draw(st.sampled_from(known))
        path = "/" + "".join(
            text
            if kind == "text"
            else draw(st.sampled_from(_ARGUMENTS.get(kind, _TEXTS)) | _texts())
            if kind != "language"
            else draw(st.sampled_from(LANGUAGES))
            for kind, text in address.pieces
        )
        name = st.sampled_from(PARAMETERS) | st.text(max_size=5).map(quote_all)
        pairs = draw(st.lists(st.tuples(name, _texts()), max_size=8))
        query = "&".join(f"{key}={value}" for key, value in pairs)
        return Asked(draw(st.sampled_from(METHODS)), path, query, draw(_headers()))

    return request()


def quote_all(text: str) -> str:
    """Encode any text, lone surrogates too."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def ask(client: "Client", request: Asked) -> "HttpResponseBase":
    """Send a request to the archive in this process, and read the answer."""
    response = client.generic(
        request.method,
        request.path,
        b"q=x",
        "application/x-www-form-urlencoded",
        **{"QUERY_STRING": request.query, **dict(request.headers)},  # type: ignore[arg-type]  # Any header.
    )
    if response.streaming:
        b"".join(response)
    return response


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, print, and leave nothing behind."""
    options = _options(arguments)
    os.environ["REQUEST_LIMITS"] = "0"
    if options.here:
        _open_here()
    else:
        _load(options)
    figures = run(options.requests, options.seed)
    print(json.dumps(figures) if options.json else _table(figures))
    if figures["errors"] or figures["slow"]:
        sys.exit(1)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument("--requests", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--here", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _load(options: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="newsarchive-"))
    register(rmtree, folder, ignore_errors=True)
    os.environ["NEWSARCHIVE_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    try:
        prepare(options.files or newspapers(), options.limit)
    except DataError as error:
        sys.exit(str(error))


def _open_here() -> None:
    from newsarchive import database  # noqa: PLC0415

    database.ensure_running()
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    import django  # noqa: PLC0415

    django.setup()


def run(requests: int, number: int) -> dict[str, Any]:
    """Send so many requests; return what came of them."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from newsarchive import statements  # noqa: PLC0415
    from search.conf import search_settings  # noqa: PLC0415

    # One line for every request would hide the figures.
    logging.disable(logging.ERROR)
    settings.ALLOWED_HOSTS.append("testserver")
    statements.limit()
    client = Client(raise_request_exception=False)
    # Dictionaries and the index are opened once in a process.
    client.get("/ar/search/", {"q": "قطار Kadhafi"})
    statuses: Counter[int] = Counter()
    errors: list[str] = []
    took: list[tuple[float, str]] = []

    @seed(number)
    @tried(
        max_examples=requests,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(asked())
    def send(request: Asked) -> None:
        if len(took) >= requests:
            return
        began = time.perf_counter()
        status = ask(client, request).status_code
        took.append((time.perf_counter() - began, f"{request.path}?{request.query}"))
        statuses[status] += 1
        if status >= SERVER_ERROR:
            errors.append(repr(request))

    send()
    took.sort(reverse=True)
    longest = search_settings().budget * MARGIN
    return {
        "requests": len(took),
        "statuses": dict(sorted(statuses.items())),
        "errors": errors,
        "slow": sum(seconds > longest for seconds, _ in took),
        "slowest": [
            (round(seconds, 3), asked[:200]) for seconds, asked in took[:SHOWN]
        ],
        "median_ms": round(1000 * took[len(took) // 2][0], 1),
    }


def _table(figures: dict[str, Any]) -> str:
    lines = [f"{figures['requests']:,} requests, median {figures['median_ms']} ms"]
    lines += [f"{status}: {n:,}" for status, n in figures["statuses"].items()]
    lines += [f"error: {request}" for request in figures["errors"]]
    lines += [f"{seconds:.3f} s {asked}" for seconds, asked in figures["slowest"]]
    lines.append(f"slower than the budget and half of it: {figures['slow']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
