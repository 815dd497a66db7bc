"""HTML in bodies, and who wrote an article."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.importing.bylines import read_authors
from articles.importing.cleaning import clean_line, clean_text
from articles.importing.headers import split_header
from articles.importing.records import ValueProblemError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<p>a</p><p>b</p>", "a\nb", id="paragraphs"),
        pytest.param("<p>a<br>b<br/>c</p>", "a\nb\nc", id="line breaks"),
        pytest.param("<div>a\n  b</div>c", "a b\nc", id="line ends are spaces"),
        pytest.param(
            "a <b>b</b>\n\nc <a href='x'>d</a>", "a b\n\nc d", id="inline only"
        ),
        pytest.param("<ul><li>a<li>b</ul>", "a\nb", id="lists"),
        pytest.param("<p>a</p><script>x<y</script><p>b</p>", "a\nb", id="scripts"),
        pytest.param("<style>p {}</style><p>a</p>", "a", id="styles"),
        pytest.param(
            "<p>a<img src='https://tracker.example/1'></p>", "a", id="trackers"
        ),
        pytest.param("<p>a<!-- b --></p>", "a", id="comments"),
        pytest.param(
            "<p>l&rsquo;été &amp; l&#39;eau</p>", "l’été & l'eau", id="entities"
        ),
        pytest.param("R&amp;D", "R&D", id="entities alone"),
        pytest.param("<p>a &lt;b&gt;</p>", "a <b>", id="escaped"),
        pytest.param("a < b > c", "a < b > c", id="no HTML"),
        pytest.param(
            "<x> and <name@x.example>", "<x> and <name@x.example>", id="no tag"
        ),
        pytest.param(" a  b \n c", " a  b \n c", id="plain text stays as it is"),
        pytest.param("AT&T &c; &nosuch;", "AT&T &c; &nosuch;", id="no entity"),
        pytest.param("<p>كتابٌ</p><p>حصاد</p>", "كتابٌ\nحصاد", id="Arabic"),
    ],
)
def test_html_becomes_paragraphs_and_text_stays(text: str, expected: str) -> None:
    assert clean_text(text) == expected


def test_a_title_is_one_line() -> None:
    assert clean_line("<b>a</b>\n &amp; b") == "a & b"


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<br>", "<script>", "a", "&lt;", "&", "<", ">", "\n"]
        )
    ).map("".join)
)
def test_anything_can_be_cleaned(text: str) -> None:
    cleaned = clean_text(text)
    assert "<script>" not in cleaned or "<script>" in text
    assert "\v" not in cleaned or "\v" in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("سعاد الناصري، يوسف العلمي", ("سعاد الناصري", "يوسف العلمي")),
        ("سعاد الناصري و يوسف العلمي", ("سعاد الناصري", "يوسف العلمي")),
        ("سعاد ويوسف", ("سعاد ويوسف",)),
        ("بقلم: سعاد", ("سعاد",)),
        ("Par Claire Martin et Paul Durand", ("Claire Martin", "Paul Durand")),
        ("By Ann Lee, Tom Fox and Jo Day", ("Ann Lee", "Tom Fox", "Jo Day")),
        ("Smith, John", ("Smith, John",)),
        ("Dupont et fils", ("Dupont et fils",)),
        ("A; B | C", ("A", "B", "C")),
        (["A, B", " ", "C"], ("A, B", "C")),
        ([{"name": "A"}, {"name": {"name": "B"}}], ("A", "B")),
        ({"name": "A"}, ("A",)),
        (None, ()),
        ("Ann Lee; Ann Lee", ("Ann Lee",)),
    ],
)
def test_authors_are_split_where_it_is_safe(
    value: Any, expected: tuple[str, ...]
) -> None:
    assert read_authors(value) == expected


@pytest.mark.parametrize("value", [3, [3], {}, [["a"]], "a\0"])
def test_what_are_no_names_is_refused(value: Any) -> None:
    with pytest.raises(ValueProblemError, match='"authors"'):
        read_authors(value)


@pytest.mark.parametrize(
    ("text", "values", "body"),
    [
        (
            "Title: A\nDate: 2020-01-01\n\nB",
            {"title": "A", "published": "2020-01-01"},
            "B",
        ),
        ("العنوان: أ\nالتاريخ: ٢\n\nب", {"title": "أ", "published": "٢"}, "ب"),
        ("Titre : A\n\nB\n\nC", {"title": "A"}, "B\n\nC"),
        ("---\ntitle: A\n---\nB", {"title": "A"}, "B"),
        ("Source: Reuters\n\nB", {}, "Source: Reuters\n\nB"),
        ("Title: A\nB", {}, "Title: A\nB"),
        ("Title: A\n\n", {}, "Title: A\n\n"),
        ("Paris: it rained\nTitle: x\n\nB", {}, "Paris: it rained\nTitle: x\n\nB"),
        ("A text.\n\nB", {}, "A text.\n\nB"),
    ],
)
def test_a_header_block_is_told_from_text(
    text: str, values: dict[str, str], body: str
) -> None:
    assert split_header(text) == (values, body)
