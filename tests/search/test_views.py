"""The search page and its JSON: what they show, and that nothing breaks them."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Status
from search import views
from search.backends import ArchiveSearchBackend
from search.results import FACETS
from tests.factories import make_article, make_section, make_source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("search_backend"),
]


def ask(client: Client, **parameters: Any) -> dict[str, Any]:
    response = client.get("/search.json", parameters)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def test_json_has_what_it_promises(client: Client) -> None:
    source = make_source(name="الأطلس", slug="الأطلس")
    article = make_article(
        source=source,
        section=make_section(name="رياضة", slug="sport"),
        language="ar",
        title="حصاد <الزيتون>",
        body="بدأ الحصاد في الشمال.",
    )
    answer = ask(client, q="الزيتون", source="الأطلس")
    assert answer["query"] == "الزيتون"
    assert answer["total"] == 1
    assert answer["took_ms"] >= 0
    [hit] = answer["hits"]
    assert hit.pop("score") > 0
    assert hit == {
        "id": article.pk,
        "url": f"http://testserver/ar/articles/{article.pk}/",
        "title": "حصاد <الزيتون>",
        "language": "ar",
        "source": "الأطلس",
        "section": "sport",
        "published": "2020-01-01",
        "matches": 1,
        "snippet": "بدأ الحصاد في الشمال.",
    }
    assert answer["read_as"] == "الزيتون"
    assert answer["ladder"] == {"written": 1, "folded": 1, "lemma": 1, "root": 1}
    assert answer["words"] == [
        {
            "word": "الزيتون",
            "forms": [
                {"form": "الزيتون", "rung": "written", "count": 1, "removed": False}
            ],
        }
    ]
    assert answer["timeline"] == {
        "unit": "day",
        "bars": [{"period": "2020-01-01", "count": 1}],
        "undated": 0,
    }
    assert list(answer["facets"]) == list(FACETS)
    state = {"selected": False, "excluded": False}
    assert answer["facets"]["source"] == [
        {"value": "الأطلس", "label": "الأطلس", "count": 1, **state, "selected": True}
    ]
    assert answer["facets"]["year"] == [
        {"value": "2020", "label": "2020", "count": 1, **state}
    ]


def test_json_takes_every_parameter(client: Client) -> None:
    source = make_source(slug="atlas")
    for _ in range(5):
        make_article(source=source)
    make_article()
    answer = ask(client, source="atlas", per_page=2, page=3, sort="oldest", year="2020")
    assert (answer["total"], answer["page"], answer["pages"]) == (5, 3, 3)
    assert len(answer["hits"]) == 1
    assert ask(client, per_page=1000)["total"] == 6


HOSTILE = [
    '"',
    "((",
    "AND",
    "OR NOT",
    "*",
    "****",
    "?",
    "~",
    "^",
    "title:",
    "foo:bar",
    "title:[a TO",
    "it's",
    "-",
    "--",
    "ـــ",
    "ًٌٍ",
    "من في على",
    "the of and",
    # As long as an address may be.
    "a" * 7_000,
    "كلمة " * 250,
    '"' * 500,
    "(" * 500,
    "\0",
    "a\0b",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc\N{POP DIRECTIONAL FORMATTING}",
    "😀👍🏽",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%",
    "\\",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_breaks_the_page_or_leaves_it_without_a_word(
    client: Client, query: str
) -> None:
    make_article(body="AND it's a title: foo, bar; the من في على AND OR NOT")
    assert ask(client, q=query)["query"] == query.replace("\0", " ")
    response = client.get("/ar/search/", {"q": query})
    page = response.content.decode()
    assert response.status_code == 200
    assert "<script>alert" not in page
    assert 'role="status"' in page
    answer = ask(client, q=query)
    assert answer["total"] or answer["notes"] or "empty-state" in page


@pytest.mark.parametrize(
    "address",
    [
        "?q=%FF%FE",
        "?q=%ED%A0%80",
        "?q=%00",
        "?page=0",
        "?page=-5",
        "?page=1000000000",
        "?page=x",
        "?per_page=0",
        "?per_page=x",
        "?sort=x",
        "?year=x",
        "?year=-1",
        "?source=nowhere",
        "?source=%FF",
        "?language=" + "x" * 5000,
        "?section=%00",
        "?" + "&".join(f"source=s{n}" for n in range(500)),
        "?unknown=1",
        "?q=a&q=b",
    ],
)
def test_no_address_breaks_the_page(client: Client, address: str) -> None:
    make_article()
    for path in ("/ar/search/", "/fr/search/", "/en/search/", "/search.json"):
        assert client.get(path + address).status_code == 200


@given(st.text(max_size=40), st.text(max_size=8), st.text(max_size=8))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_searched(query: str, source: str, page: str) -> None:
    answer = Client().get("/search.json", {"q": query, "source": source, "page": page})
    assert answer.status_code == 200


def test_an_address_without_a_language_leads_to_the_readers(client: Client) -> None:
    for header, language in (("fr-CA,en;q=0.5", "fr"), ("de", "ar"), ("", "ar")):
        response = client.get("/search/?q=a", headers={"accept-language": header})
        assert response.status_code == 302
        assert response["Location"] == f"/{language}/search/?q=a"
    assert client.get("/", headers={"accept-language": "en"})["Location"] == "/en/"


@pytest.mark.parametrize(
    ("language", "side"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")]
)
def test_pages_run_from_the_side_of_their_language(
    client: Client, language: str, side: str
) -> None:
    page = client.get(f"/{language}/search/").content.decode()
    assert f'lang="{language}"' in page
    assert f'dir="{side}"' in page.split("<head>")[0]


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/ar/search/").status_code == 405
    assert client.post("/search.json").status_code == 405
    assert client.post("/ar/search/feed/").status_code == 405
    assert client.head("/ar/search/").status_code == 200


def test_a_page_costs_two_queries(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_article()
    # What may not be shown, and the names of sources and sections.
    with django_assert_num_queries(2):
        client.get("/ar/search/")


# Whoosh leaves the file open that it could not read.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_damaged_index_is_no_error_page_and_is_logged_with_its_cure(
    client: Client,
    search_backend: ArchiveSearchBackend,
    caplog: pytest.LogCaptureFixture,
) -> None:
    article = make_article()
    search_backend.index.close()
    for toc in search_backend.index.path.glob("*.toc"):
        toc.write_bytes(b"\0" * 40)
    for path in ("/ar/search/?q=a", "/search.json?q=a"):
        response = client.get(path)
        assert response.status_code == 503
        assert response["Retry-After"] == "60"
    assert "rebuild_index" in caplog.text
    assert client.get(article.get_absolute_url()).status_code == 200


UNSEEN = "zzyzxunseen"


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"status": Status.DRAFT}, id="draft"),
        pytest.param({"status": Status.WITHDRAWN}, id="withdrawn"),
        pytest.param({"embargo": timedelta(days=1)}, id="embargoed"),
    ],
)
def test_what_readers_may_not_see_appears_nowhere(
    client: Client, values: dict[str, Any]
) -> None:
    if "embargo" in values:
        values = {"embargo": timezone.now() + values["embargo"]}
    source = make_source(name=f"Source {UNSEEN}", slug=UNSEEN)
    article = make_article(
        title=UNSEEN,
        subtitle=UNSEEN,
        body=UNSEEN,
        source=source,
        place=UNSEEN,
        **values,
    )
    make_article(body="seen")
    for path in (
        "/ar/",
        "/ar/search/",
        "/ar/feed/",
        f"/ar/sources/{UNSEEN}/",
        "/search.json",
    ):
        page = client.get(path).content.decode()
        if path.startswith("/ar/sources"):
            assert f'href="/ar/articles/{article.pk}/"' not in page
        else:
            assert UNSEEN not in page
    gone = client.get(f"/ar/articles/{article.pk}/")
    assert gone.status_code == (410 if article.status == Status.WITHDRAWN else 404)
    assert UNSEEN not in gone.content.decode()
    assert UNSEEN not in client.get(f"/ar/articles/{article.pk}/").content.decode()
    found = ask(client, q=UNSEEN)
    assert (found["total"], found["hits"]) == (0, [])
    everything = ask(client)
    assert everything["total"] == 1
    assert UNSEEN not in str(everything["facets"])


def test_the_feed_is_read_by_a_feed_reader(client: Client) -> None:
    article = make_article(title="حصاد & زيتون", language="ar")
    make_article(published_on=None)
    feed = feedparser.parse(client.get("/ar/feed/").content)
    assert not feed.bozo
    [entry] = feed.entries
    assert entry.title == "حصاد & زيتون"
    assert entry.link == f"http://testserver/ar/articles/{article.pk}/"
    assert entry.published.startswith("2020-01-01")


def test_slugs_in_any_script_are_addresses(client: Client) -> None:
    source = make_source(slug="الأطلس")
    make_article(source=source)
    assert source.get_absolute_url() == "/ar/sources/" + quote("الأطلس") + "/"
    assert client.get(source.get_absolute_url()).status_code == 200


@pytest.fixture
def tulips(transactional_db: None, search_backend: ArchiveSearchBackend) -> None:
    for number in range(12):
        make_article(
            title=f"Tulip {number}",
            body="A tulip, tulips." * (number + 1),
            authors=[f"Author {number}"],
            published_on=date(2000 + number, 1, 1),
        )


def page(client: Client, path: str, **parameters: Any) -> str:
    response = client.get(path, parameters)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("tulips")
def test_the_page_shows_ladder_forms_time_line_and_facets(client: Client) -> None:
    shown = page(client, "/en/search/", q="tulip")
    for part in ("rung-root", "switch-names", 'class="timeline-bars"', "facet-author"):
        assert part in shown
    assert "without=tulips" in shown
    assert "date=2005" in shown
    assert "not-source=" in shown
    assert "All 12" in shown


@pytest.mark.usefixtures("tulips")
def test_why_is_told_on_a_page(client: Client) -> None:
    [hit, *_] = ask(client, q="tulip")["hits"]
    shown = page(client, f"/en/search/why/{hit['id']}/", q="tulip")
    assert 'id="why"' in shown
    assert "tulips" in shown
    for path in (f"/en/search/why/{hit['id']}/?q=absent", f"/en/search/why/{2**70}/"):
        assert client.get(path).status_code == 404


@pytest.mark.usefixtures("tulips")
def test_all_values_of_a_facet_have_a_page(client: Client) -> None:
    shown = page(client, "/en/search/values/author/", q="tulip", value="author 1")
    assert "Author 11" in shown
    assert "Author 2" not in shown
    assert "author=Author%201&" not in shown
    assert "q=tulip&amp;author=Author%201" in shown
    assert "Nothing" in page(client, "/en/search/values/place/", value="nowhere")
    assert client.get("/en/search/values/colour/").status_code == 404


@pytest.mark.usefixtures("tulips")
def test_more_values_than_a_page_lists_are_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_VALUES", 5)
    assert "There are more" in page(client, "/en/search/values/author/")


@pytest.mark.usefixtures("tulips")
def test_the_feed_and_the_json_have_the_hits_of_the_page(client: Client) -> None:
    asked: list[dict[str, Any]] = [
        {"q": "tulip"},
        {"q": "tulip", "sort": "newest", "per_page": 5, "page": 2},
        {"year": "2003"},
    ]
    for parameters in asked:
        feed = feedparser.parse(
            client.get("/en/search/feed/", parameters).content.decode()
        )
        assert not feed.bozo
        titles = [entry.title for entry in feed.entries]
        assert titles == [hit["title"] for hit in ask(client, **parameters)["hits"]]
        shown = page(client, "/en/search/", **parameters)
        places = [
            shown.index(f'<a href="/en/articles/{hit["id"]}/')
            for hit in ask(client, **parameters)["hits"]
        ]
        assert places == sorted(places)


@pytest.mark.usefixtures("tulips")
def test_completions_are_data(client: Client) -> None:
    found = client.get("/ar/search/complete/", {"q": "tul"}).json()
    assert found["queries"][0].lower() in {"tulip", "tulips"}
    assert found["titles"][0]["url"].startswith("/ar/articles/")
    assert set(found["titles"][0]) == {"title", "language", "url"}
    assert client.get("/ar/search/complete/", {"q": "\0"}).json()["queries"] == []
    assert client.get("/ar/search/complete/").json()["sources"] == []


def test_everything_says_when_search_is_not_available(
    client: Client, search_backend: ArchiveSearchBackend
) -> None:
    make_article()
    for file in search_backend.index.path.glob("*.toc"):
        file.write_bytes(b"damaged")
    search_backend.index.close()
    for path in (
        "/en/search/",
        "/en/search/why/1/",
        "/en/search/values/source/",
        "/en/search/complete/?q=a",
        "/en/search/feed/",
        "/search.json",
    ):
        response = client.get(path)
        assert response.status_code == 503, path
        assert response["Retry-After"]


HARMFUL = "<b>&\"'</b>\u202ejavascript:alert(1)"


def test_control_characters_do_not_break_the_feed(client: Client) -> None:
    source = make_source(name="At\x0blas")
    make_article(
        title="Har\x0cvest", body="The olive\x1f harvest \ufffe.", source=source
    )
    answer = client.get("/ar/search/feed/", {"q": "olive \x0bharvest"})
    assert answer.status_code == 200
    (entry,) = feedparser.parse(answer.content).entries
    assert entry.title == "Harvest"
    assert entry.author == "Atlas"


def test_markup_and_bidi_controls_are_text_everywhere(client: Client) -> None:
    make_article(
        source=make_source(name=f"{HARMFUL} source", slug="harm"),
        title=f"{HARMFUL} title",
        body=f"{HARMFUL} body {HARMFUL}",
        authors=[f"{HARMFUL} author"],
        place=f"{HARMFUL} place"[:200],
    )
    for path in (
        f"/en/search/?{urlencode({'q': 'title ' + HARMFUL})}",
        f"/en/search/?{urlencode({'q': HARMFUL, 'author': HARMFUL, 'match': 'any'})}",
        f"/en/search/?{urlencode({'without': HARMFUL, 'q': 'body'})}",
        f"/en/search/values/author/?{urlencode({'value': HARMFUL})}",
        "/en/search/values/author/",
        f"/en/search/feed/?{urlencode({'q': HARMFUL, 'match': 'any'})}",
    ):
        shown = client.get(path).content.decode()
        assert "<b>" not in shown, path
        assert not re.search(r"""href=["']?\s*javascript:""", shown), path


def test_the_help_page_runs_its_examples(client: Client) -> None:
    for language in ("ar", "fr", "en"):
        shown = page(client, f"/{language}/search/help/")
        examples = re.findall(r'href="(/[^"]*/search/\?q=[^"]*)"', shown)
        assert len(examples) > 15
        for address in examples:
            response = client.get(unescape(address))
            assert response.status_code == 200
            notes = response.context["page"].notes
            assert [note.kind for note in notes] == [], address
