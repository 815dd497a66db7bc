"""The order of titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.collation import LETTERS, order_numbers

SORTED = [
    "",
    "20 عاما",
    "« 7 »",
    "أخبار",
    "آخر الأخبار",
    "القطار السريع",
    "قطار المساء",
    "قطارات",
    "يوم",
    "Été",
    "ETE indien",
    "train",
    "Москва",
]


def test_titles_are_sorted_as_a_reader_sorts_them() -> None:
    assert sorted(sorted(SORTED), key=order_numbers) == SORTED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("القِطار", "قطار", id="article and vowel signs"),
        pytest.param("«إيران»", "ايران", id="hamza and quotation marks"),
        pytest.param("L'Été !", "l ete", id="accents and case"),
        pytest.param("أ" * LETTERS + "ب", "ا" * LETTERS, id="beyond what is compared"),
    ],
)
def test_spelling_makes_no_difference(one: str, other: str) -> None:
    assert order_numbers(one) == order_numbers(other)


@given(st.text())
def test_every_title_has_numbers_of_63_bits(title: str) -> None:
    numbers = order_numbers(title)
    assert len(numbers) == 3
    assert all(0 <= number < 2**63 for number in numbers)
