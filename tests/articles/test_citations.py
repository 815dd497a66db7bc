"""Citations: in words, and in formats that reference managers read back."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import SeparateCoAuthors
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.citations import Citation, bibtex, cite, csl_json, ris, sentence
from articles.models import Article, Section, Source

CITATION = Citation(
    number=12,
    title="حصاد الزيتون",
    subtitle="في مكناس",
    authors=("سعاد العمراني", "Jean-Luc O'Neill"),
    source="الأطلس",
    section="زراعة",
    place="مكناس",
    language="ar",
    published_on=date(2019, 9, 21),
    permalink="https://archive.example/articles/12/",
    url="https://atlas.example/a_1?x=%20&y={z}",
)
HOSTILE = [
    pytest.param("He said \"no\" and 'yes'", id="quotes"),
    pytest.param("{a} and }b{", id="braces"),
    pytest.param(r"\alpha \\ C:\new", id="backslashes"),
    pytest.param("50% of $1 & #2 ~ x^2_3", id="signs of TeX"),
    pytest.param("TY  - BOOK", id="a tag of RIS"),
    pytest.param("«حصاد» الزيتون، «موسم» (٢٠١٩)", id="Arabic"),
    pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}abc", id="a bidi control"),
    pytest.param("عنوان طويل " * 90 + "انتهى", id="long"),
]
TEX = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{letter}": letter for letter in "#$%&_"},
}


def read_bibtex(text: str) -> dict[str, Any]:
    library = parse_string(text, append_middleware=[SeparateCoAuthors()])
    assert library.failed_blocks == []
    [entry] = library.entries
    return {"key": entry.key, "type": entry.entry_type} | {
        field.key: field.value for field in entry.fields
    }


def plain(value: str) -> str:
    """Return what TeX would print."""
    inner = value.removeprefix("{").removesuffix("}") if value[:1] == "{" else value
    for command, letter in TEX.items():
        inner = inner.replace(command, letter)
    return inner


def test_bibtex_is_read_back() -> None:
    found = read_bibtex(bibtex(CITATION))
    assert (found["key"], found["type"]) == ("newsarchive-12", "article")
    assert [plain(name) for name in found["author"]] == list(CITATION.authors)
    assert plain(found["title"]) == CITATION.title
    assert plain(found["subtitle"]) == CITATION.subtitle
    assert plain(found["journal"]) == CITATION.source
    assert (found["year"], found["month"], found["day"]) == ("2019", "9", "21")
    assert found["langid"] == "arabic"
    assert found["url"] == CITATION.permalink
    assert CITATION.url in plain(found["note"])


@pytest.mark.parametrize("text", HOSTILE)
def test_bibtex_keeps_what_means_something_to_tex(text: str) -> None:
    cited = replace(CITATION, title=text, authors=(text, f"{text} and sons"))
    found = read_bibtex(bibtex(cited))
    assert plain(found["title"]) == text
    assert [plain(name) for name in found["author"]] == list(cited.authors)


def test_ris_is_read_back() -> None:
    [found] = rispy.loads(ris(CITATION))
    assert found["type_of_reference"] == "NEWS"
    assert found["authors"] == list(CITATION.authors)
    assert found["title"] == "حصاد الزيتون: في مكناس"
    assert found["secondary_title"] == CITATION.source
    assert found["year"] == "2019"
    assert found["date"] == "2019/09/21"
    assert found["language"] == "ar"
    assert found["urls"] == [CITATION.permalink]
    assert CITATION.url in found["notes"][0]
    assert ris(CITATION).endswith("\r\nER  - \r\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_ris_keeps_what_is_printed(text: str) -> None:
    cited = replace(CITATION, title=text, subtitle="", authors=(text,))
    [found] = rispy.loads(ris(cited))
    assert found["title"] == text
    assert found["authors"] == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_csl_json_keeps_what_is_printed(text: str) -> None:
    cited = replace(CITATION, title=text, subtitle="", authors=(text,))
    [found] = json.loads(csl_json(cited))
    assert found["type"] == "article-newspaper"
    assert found["title"] == text
    assert found["author"] == [{"literal": text}]
    assert found["issued"] == {"date-parts": [[2019, 9, 21]]}


def article(**values: Any) -> Article:
    usual = {
        "pk": 7,
        "title": "A",
        "language": "en",
        "source": Source(name="Atlas", slug="atlas"),
    }
    return Article(**(usual | values))


@given(st.text(min_size=1), st.text())
def test_whatever_a_title_is_every_format_can_be_read(title: str, author: str) -> None:
    cited = cite(article(title=title, authors=[author]), "https://a.example/7/")
    [entry] = rispy.loads(ris(cited))
    assert entry["id"] == "newsarchive-7"
    assert read_bibtex(bibtex(cited))["url"] == "https://a.example/7/"
    assert json.loads(csl_json(cited))[0].get("title", "") == cited.title
    assert "\n" not in sentence(cited)


def test_each_text_is_on_one_line() -> None:
    cited = cite(
        article(
            title="One\r\nTY  - BOOK\u2028two\x07",
            authors=[" A\tB ", " "],
            section=Section(name="Sport\n", slug="sport"),
        ),
        "https://a.example/7/",
    )
    assert cited.title == "One TY - BOOK two"
    assert cited.authors == ("A B",)
    assert cited.section == "Sport"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        pytest.param(
            "ar",
            "سعاد العمراني وJean-Luc O'Neill، «حصاد الزيتون: في مكناس»، الأطلس، "
            "21 سبتمبر 2019، https://archive.example/articles/12/",
            id="Arabic",
        ),
        pytest.param(
            "fr",
            "سعاد العمراني et Jean-Luc O'Neill, «\N{NO-BREAK SPACE}حصاد الزيتون"
            "\N{NO-BREAK SPACE}: في مكناس\N{NO-BREAK SPACE}», الأطلس, "
            "21 septembre 2019, https://archive.example/articles/12/",
            id="French",
        ),
        pytest.param(
            "en",
            "سعاد العمراني and Jean-Luc O'Neill, “حصاد الزيتون: في مكناس”, الأطلس, "
            "21 September 2019, https://archive.example/articles/12/",
            id="English",
        ),
    ],
)
def test_in_words_each_language_has_its_habits(language: str, expected: str) -> None:
    with translation.override(language):
        assert sentence(CITATION) == expected


@pytest.mark.parametrize(
    ("language", "undated"), [("ar", "د.ت."), ("fr", "s. d."), ("en", "n.d.")]
)
def test_what_is_not_known_is_not_made_up(language: str, undated: str) -> None:
    unknown = replace(
        CITATION,
        authors=(),
        subtitle="",
        section="",
        place="",
        published_on=None,
        url="",
    )
    with translation.override(language):
        assert f"{undated}" in sentence(unknown)
        assert sentence(unknown)[0] in "«“"
    assert not {"author", "year", "month", "note"} & read_bibtex(bibtex(unknown)).keys()
    [record] = rispy.loads(ris(unknown))
    assert not {"authors", "year", "date", "notes"} & record.keys()
    [item] = json.loads(csl_json(unknown))
    assert not {"author", "issued", "note"} & item.keys()


def test_three_authors_are_joined_as_a_list() -> None:
    with translation.override("en"):
        cited = replace(CITATION, authors=("A", "B", "C"))
        assert sentence(cited).startswith("A, B and C, “")
