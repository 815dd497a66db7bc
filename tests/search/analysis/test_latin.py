"""Lemmas of French and English words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import normalise
from search.analysis.latin import lemmas_of

# Words of one family, by language.
FAMILIES = {
    "fr": [
        "élection élections Elections ELECTIONS",
        "état états Etats ETATS",
        "marocain marocaine Marocains marocaines",
        "journal journaux",
        "général généraux générale",
        "être est sont été serait",
        "avoir a ont eût",
        "présidentiel présidentielle présidentielles",
        "ministre ministres",
        "annoncer annoncé annonçait",
        "œil yeux",
        "œuvre œuvres",
        "sécurité securite SÉCURITÉ",
    ],
    "en": [
        "child children Children children's",
        "go went going goes",
        "country countries country's countries'",
        "Morocco Morocco's MOROCCO",
        "Moroccan Moroccans",
        "Russian Russians",
        "meeting meetings",
        "meet met meeting",
        "man men men's",
        "be is was been isn't",
        "minister ministers minister's",
        "arrest arrested arrests",
    ],
}
APART = {
    "fr": ["côte cote", "pécheur pêcheur", "mûr mur", "ministre ministère"],
    "en": ["its island", "president presidency", "new news", "police policy"],
}


def _meet(first: str, second: str, language: str | None) -> bool:
    one, other = lemmas_of([first, second], language)
    return bool({*one} & {*other})


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        pytest.param(
            language, family.split()[0], form, id=f"{family.split()[0]} {form}"
        )
        for language, families in FAMILIES.items()
        for family in families
        for form in family.split()
    ],
)
def test_forms_of_a_word_meet(language: str, first: str, second: str) -> None:
    assert _meet(first, second, language)
    assert _meet(first, second, None)


@pytest.mark.parametrize(
    ("language", "pair"),
    [
        pytest.param(language, pair, id=pair)
        for language, pairs in APART.items()
        for pair in pairs
    ],
)
def test_words_that_look_alike_stay_apart(language: str, pair: str) -> None:
    first, second = pair.split()

    assert not _meet(first, second, language)


def test_accents_that_are_printed_decide() -> None:
    assert lemmas_of(["côtes", "cotes"], "fr") == [("côte",), ("cote",)]


def test_without_accents_any_word_may_be_meant() -> None:
    # On a keyboard without accents "pecheurs" are fishermen or sinners.
    [lemmas] = lemmas_of(["pecheurs"], "fr")

    assert {"pêcheur", "pécheur"} <= {*lemmas}


def test_a_form_that_has_forms_is_a_lemma_too() -> None:
    assert lemmas_of(["meeting"], "en") == [("meet", "meeting")]


def test_without_a_language_a_word_is_of_both() -> None:
    [lemmas] = lemmas_of(["pays"])

    # English "he pays", and the French country, which the dictionary lacks.
    assert lemmas == ("pay", "pays")
    assert lemmas_of(["pays"], "fr") == [("pays",)]


@pytest.mark.parametrize("language", ["es", "ar", "xx"])
def test_other_languages_have_the_folded_word(language: str) -> None:
    assert lemmas_of(["Niños"], language) == [("ninos",)]


@pytest.mark.parametrize(
    "word", ["2001", "U.S.A", "مغرب", "info@example.com", "x" * 99]
)
def test_what_is_no_word_is_its_own_lemma(word: str) -> None:
    [[lemma]] = lemmas_of([word])

    assert lemma.casefold() in {word.casefold(), "usa"}


def test_nothing_has_nothing() -> None:
    assert lemmas_of([]) == []


_written = st.text(min_size=1).map(normalise).filter(bool)


@given(st.lists(_written, max_size=5), st.sampled_from([None, "fr", "en"]))
def test_any_word_has_a_lemma(words: list[str], language: str | None) -> None:
    lemmas = lemmas_of(words, language)

    assert len(lemmas) == len(words)
    assert all(lemmas)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_lemmas_of_lemmas_hold_the_lemma(form: str) -> None:
    words = [w for family in FAMILIES["fr"] for w in family.split()]
    for lemmas in lemmas_of(words, "fr"):
        for lemma in lemmas:
            same = unicodedata.normalize("NFC", unicodedata.normalize(form, lemma))  # type: ignore[arg-type]
            assert lemma in lemmas_of([same], "fr")[0]
