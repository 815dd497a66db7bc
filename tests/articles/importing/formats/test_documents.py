"""JSON documents, XML and pages: what they may look like, and what is wrong with some."""

import gzip
import io
import json
from datetime import date

import pytest

from articles.importing import Record, RecordError, open_records


def read(text: str | bytes, name: str = "a") -> list[Record | RecordError]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(open_records(io.BytesIO(data), name))


def shown(text: str | bytes, name: str = "a") -> list[str]:
    return [f.body if isinstance(f, Record) else str(f) for f in read(text, name)]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        pytest.param('[{"body": "a"}, {"body": "b"}]', ["a", "b"], id="array"),
        pytest.param('{"n": 1, "x": {"docs": [{"text": "a"}]}}', ["a"], id="wrapped"),
        pytest.param('{"text": "a", "tags": [{"x": 1}]}', ["a"], id="one"),
        pytest.param('{\n"text": "a"\n}\n{\n"text": "b"\n}', ["a", "b"], id="several"),
        pytest.param(
            '{"tags": [{"x": 1}], "items": [{"text": "a"}]}', ["a"], id="lists"
        ),
        pytest.param(
            '{"items": [{"content_html": "<p>a</p><p>b</p>"}]}',
            ["a\nb"],
            id="JSON Feed",
        ),
    ],
)
def test_articles_are_found_in_json(text: str, bodies: list[str]) -> None:
    assert shown(text) == bodies


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ('{"body" "b"}', "no JSON at"),
        ('{"body": "b",}', "no JSON at"),
        ('{"body": "b", "id": NaN}', "NaN is no JSON: use null"),
        ('{"body": "b", "body": "c"}', "the key 'body' stands twice"),
        ("[" * 9_000 + "]" * 9_000, "nested too deeply"),
        ("3", "use one object an article"),
        ('{"body": "\\ud800"}', "lone surrogate"),
        ('{"body": "b", "id": ' + "9" * 5000 + "}", "too many digits"),
    ],
)
def test_a_broken_item_costs_no_other(item: str, message: str) -> None:
    first, error, last = read(f'[{{"body": "a"}},\n{item},\n{{"body": "z"}}]')
    assert isinstance(first, Record)
    assert isinstance(error, RecordError)
    assert error.place == "item 2, line 2"
    assert message in error.reason
    assert isinstance(last, Record)


def test_json_that_is_cut_short_is_read_as_far_as_it_goes() -> None:
    record, error = read('[{"body": "a"}, {"body": "b')
    assert isinstance(record, Record)
    assert isinstance(error, RecordError)
    assert error.stops
    assert "cut short" in error.reason


def test_a_long_array_is_read_piece_by_piece() -> None:
    items = [{"body": f"{n} " + "x" * 997} for n in range(1000)]
    found = read(json.dumps({"items": items}, indent=1))
    assert [f.body for f in found if isinstance(f, Record)] == [
        i["body"] for i in items
    ]
    assert found[-1].place == "item 1000, line 3000"


RSS = "<rss><channel>\n<item><title>A</title><description>b</description></item>\n{}</channel></rss>"


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("<item><title>A\x0b</title></item>", "control character (0x0B)"),
        ("<item><title>A&#0;</title></item>", "control character (0x00)"),
        ("<item>" + "<a>" * 300 + "</a>" * 300 + "</item>", 'IMPORTING["depth"]'),
        ("<item><title>A</title></item>", '"body" is missing'),
    ],
)
def test_a_broken_item_of_a_feed_costs_no_other(item: str, message: str) -> None:
    good = "<item><title>C</title><description>z</description></item>"
    first, error, last = read(RSS.format(f"{item}\n{good}"))
    assert isinstance(first, Record)
    assert isinstance(error, RecordError)
    assert error.place == "item 2, line 3"
    assert message in error.reason
    assert isinstance(last, Record)


def test_what_feeds_get_wrong_is_mended() -> None:
    _, record = read(
        RSS.format(
            "<item><title>AT&T &eacute;&nosuch;</title>"
            "<description><![CDATA[<p>R&amp;D</p>]]></description></item>"
        )
    )
    assert isinstance(record, Record)
    assert (record.title, record.body) == ("AT&T é&nosuch;", "R&D")


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("<item><title>A</b></item>", "line 3: this is no XML: mismatched tag"),
        ("<item><title>", "line 3: "),
        ("<a>" * 20_000, 'IMPORTING["depth"]'),
    ],
)
def test_xml_is_read_as_far_as_it_goes(rest: str, message: str) -> None:
    record, error = read(RSS.format(rest))
    assert isinstance(record, Record)
    assert isinstance(error, RecordError)
    assert error.stops
    assert message in str(error)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://x.example/a.dtd"> %a;',
    ],
)
def test_entities_of_the_files_own_are_refused(declaration: str) -> None:
    [error] = read(f"<!DOCTYPE rss [{declaration}]>{RSS.format('')}", "a.xml")
    assert "declares entities of its own, or wants other files" in str(error)


PAGE = "<html><head><title>T</title></head><body><h1>T</h1><p>The harvest.</p></body></html>"


def test_a_page_that_says_nothing_of_itself_is_read() -> None:
    [record] = read(PAGE)
    assert isinstance(record, Record)
    assert (record.title, record.body) == ("T", "The harvest.")


def test_a_page_that_is_cut_short_is_told() -> None:
    [error] = read(PAGE[:-20])
    assert "the page is cut short" in str(error)


def test_what_a_page_says_of_itself_comes_first() -> None:
    script = json.dumps(
        {"@type": "NewsArticle", "headline": "H", "datePublished": "2020-01-02"}
    )
    head = (
        f'<script type="application/ld+json">{script}</script>'
        '<script type="application/ld+json">{broken</script>'
        '<meta property="og:title" content="O"><meta property="og:site_name" content="S">'
    )
    [record] = read(PAGE.replace("<title>", f"{head}<title>"))
    assert isinstance(record, Record)
    assert (record.title, record.source) == ("H", "S")
    assert record.published == date(2020, 1, 2)


def warc(http: bytes, body: bytes, *, length: int | None = None) -> bytes:
    payload = http + b"\r\n\r\n" + body
    size = len(payload) if length is None else length
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/a\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + payload + b"\r\n\r\n"


HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html"


def test_pages_of_a_warc_come_out_of_chunks_and_compression() -> None:
    packed = gzip.compress(PAGE.encode())
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    head = HTTP + b"\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip"
    [record] = read(warc(head, chunked))
    assert isinstance(record, Record)
    assert (record.body, record.url) == ("The harvest.", "https://x.example/a")
    assert record.place == "record 1 (https://x.example/a)"


def test_a_record_of_a_wrong_length_is_located_and_costs_no_other() -> None:
    good = warc(HTTP, PAGE.encode())
    found = shown(warc(HTTP, PAGE.encode(), length=60) + good)
    assert "record 1: something stands here that belongs to no record" in found
    assert found[-1] == "The harvest."


def test_what_a_warc_cannot_give_is_told() -> None:
    assert shown(warc(HTTP.replace(b"200", b"404"), b"x")) == [
        "the file: the archive has no HTML page"
    ]
    [error] = shown(warc(HTTP + b"\r\nContent-Encoding: br", b"x"))
    assert "compressed as 'br', which is not read" in error
    [error] = shown(warc(HTTP, PAGE.encode(), length=9_999))
    assert "cut short in this record" in error
