"""The classes of terms, which the rungs of the ladder join."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import Variants, classify, normalise, written_words

TERMS = [
    "المغرب",
    "وأميركا",
    "الكتب",
    "elections",
    "États",
    "2001",
    "شهبندرية",
    "Cairo",
]


def test_every_column_has_an_entry_for_every_term() -> None:
    classes = classify(TERMS)

    assert {len(column) for column in classes} == {len(TERMS)}
    assert all(classes.folded)
    assert all(classes.lemmas)


def test_nothing_has_no_classes() -> None:
    assert all(column == [] for column in classify([]))


def test_a_term_has_the_same_classes_alone_and_among_others() -> None:
    together = classify(TERMS)

    for n, term in enumerate(TERMS):
        assert [column[0] for column in classify([term])] == [c[n] for c in together]


def test_arabic_terms_have_lemmas_and_roots() -> None:
    classes = classify(["الكتب", "وكتبهم"])

    assert all("كتاب" in lemmas for lemmas in classes.lemmas)
    assert all("كتب" in roots for roots in classes.roots)


def test_variants_are_found_through_lemmas() -> None:
    # والأميركيون is in no file: its lemma أميركي is.
    [american, other] = classify(["والأميركيون", "الأمريكية"]).variants

    assert {*american} & {*other}


def test_months_that_are_other_words_are_no_variants_out_of_context() -> None:
    assert classify(["مارس", "سبتمبر"]).variants[0] == ()
    assert classify(["مارس", "سبتمبر"]).variants[1] != ()


def test_an_archive_may_have_other_variants() -> None:
    assert classify(["أميركا"], variants=Variants([])).variants == [()]


@pytest.mark.parametrize(
    ("term", "language", "lemmas"),
    [
        pytest.param("pays", "fr", {"pays"}, id="French"),
        pytest.param("pays", "en", {"pay"}, id="English"),
        pytest.param("pays", None, {"pay", "pays"}, id="either"),
        pytest.param("pays", "ar", {"pay", "pays"}, id="in an Arabic article"),
        pytest.param("pays", "es", {"pays"}, id="Spanish"),
        pytest.param("الوزراء", "fr", {"وزير"}, id="Arabic in a French article"),
        pytest.param("الوزراء", "fa", {"الوزراء"}, id="Persian"),
        pytest.param("Книги", "ru", {"книги"}, id="Russian"),
    ],
)
def test_the_language_decides_on_words_in_its_script(
    term: str, language: str | None, lemmas: set[str]
) -> None:
    assert {*classify([term], language).lemmas[0]} == lemmas


@given(st.text(), st.sampled_from([None, "ar", "fr", "en", "fa", "xx"]))
def test_any_word_of_any_text_has_classes(text: str, language: str | None) -> None:
    words = written_words(text)
    classes = classify(words, language)

    assert {len(column) for column in classes} == {len(words)}
    assert all(classes.folded)
    assert all(all(lemmas) and lemmas for lemmas in classes.lemmas)
    assert all(all(roots) for roots in classes.roots)


@given(st.text())
def test_a_folded_form_folds_to_itself(text: str) -> None:
    folded = classify(written_words(text)).folded

    assert classify(folded).folded == folded


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_unicode_forms_have_the_same_classes(form: str) -> None:
    changed = [normalise(unicodedata.normalize(form, term)) for term in TERMS]  # type: ignore[arg-type]

    assert classify(changed) == classify(TERMS)


def test_presentation_forms_have_the_same_classes() -> None:
    # As old PDF files print المغرب.
    printed = "\ufe8d\ufedf\ufee4\ufed0\ufeae\ufe8f"

    assert classify([normalise(printed)]) == classify(["المغرب"])


def test_a_form_that_a_file_lists_is_of_its_group_whatever_its_lemmas(
    tmp_path: Path,
) -> None:
    file = tmp_path / "variants.txt"
    file.write_text("المجلدات = الكتب\n", encoding="utf-8")

    classes = classify(["الكتب", "وزير"], variants=Variants.read(file))

    assert classes.variants == [("المجلدات",), ()]
