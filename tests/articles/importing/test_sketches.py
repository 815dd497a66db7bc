"""Sketches: what is the same text, and what nearly is."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.importing.sketches import (
    BANDS,
    _normalised,
    likeness,
    shingles,
    sketch,
)

TEXT = "بدأ الحصاد في الحقول، وانتهى بعد أسبوع"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("بَدَأَ الحصاد في الحقول وانتهى بعد أسبوع", id="vowel signs"),
        pytest.param("بدأ الحصــــاد في الحقول، وانتهى بعد أسبوع!", id="tatweel"),
        pytest.param("  بدأ الحصاد\nفي الحقول. وانتهى بعد أسبوع", id="spaces"),
    ],
)
def test_what_is_no_letter_does_not_change_the_key(other: str) -> None:
    assert sketch("", other).key == sketch("", TEXT).key


@pytest.mark.parametrize(
    ("one", "other"),
    [("État", "ÉTAT"), ("The harvest", "the  HARVEST"), ("ﬁn", "fin")],
)
def test_case_and_ligatures_do_not_change_the_key(one: str, other: str) -> None:
    assert sketch("", one).key == sketch("", other).key


@pytest.mark.parametrize(
    "other",
    ["بدأ الحصاد في الحقول", "الحصاد بدأ في الحقول، وانتهى بعد أسبوع", "", "…"],
)
def test_other_words_and_another_order_are_another_text(other: str) -> None:
    assert sketch("", other).key != sketch("", TEXT).key


def test_the_headline_is_part_of_the_key_and_not_of_the_bands() -> None:
    one, other = sketch("A", TEXT), sketch("B", TEXT)
    assert one.key != other.key
    assert one.bands == other.bands


def test_likeness_is_the_share_of_runs_of_three_words() -> None:
    one, other = shingles("a b c d e f"), shingles("a b c d e x")
    assert likeness(one, other) == 3 / 5
    assert likeness(one, one) == 1
    assert likeness(one, shingles("g h i")) == 0


def test_texts_that_are_nearly_the_same_share_a_band() -> None:
    chance = random.Random(1)  # noqa: S311  Texts, not secrets.
    missed = 0
    for _ in range(100):
        words = [f"w{chance.randrange(10_000)}" for _ in range(200)]
        one = " ".join(words)
        words[chance.randrange(200)] = "other"
        words[chance.randrange(200)] = "changed"
        missed += not set(sketch("", one).bands) & set(
            sketch("", " ".join(words)).bands
        )
    assert missed <= 1


@given(st.text(), st.text())
def test_any_text_has_a_sketch_that_fits_into_the_database(
    title: str, body: str
) -> None:
    made = sketch(title, body)
    assert len(made.bands) == BANDS
    assert all(-(2**63) <= number < 2**63 for number in (made.key, *made.bands))
    assert made == sketch(title, body)


@given(
    st.text(
        st.sampled_from(
            "  \nab\u00e9e\u0301\u0308\u00a0\u00a8\u2026\ufefb\u1100\u1161\u0627\u0653"
        )
    )
)
def test_a_text_is_normalised_as_its_words_are(text: str) -> None:
    assert _normalised(text) == unicodedata.normalize("NFKC", text)
