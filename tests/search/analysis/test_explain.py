"""What people are told about a text, and about two words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import RUNGS, explain, meetings

REPORT = "عقب 11 سبتمبر/أيلول 2001، قالت مديرة الاستخبارات الأميركية أفريل هاينز"


def test_words_are_explained_where_they_stand() -> None:
    explanation = explain(REPORT)

    assert explanation.language == "ar"
    for position, word in enumerate(explanation.tokens):
        assert REPORT[word.token.start : word.token.end] == word.text
        assert word.token.position == position


def test_months_are_variants_where_they_are_months() -> None:
    by_text = {word.text: word for word in explain(f"{REPORT} في أفريل 2002").tokens}
    named = [w.variants for w in explain(REPORT).tokens if w.text == "أفريل"]

    assert by_text["سبتمبر"].variants == by_text["أيلول"].variants != ()
    assert named == [()]
    assert by_text["أفريل"].variants != ()


def test_variants_of_several_words_are_said_at_each_of_them() -> None:
    words = {w.text: w.variants for w in explain("في كانون الثاني 2020").tokens}

    assert words["كانون"] == words["الثاني"] != ()
    assert words["2020"] == ()


def test_dates_are_those_of_the_text() -> None:
    [found] = explain(REPORT).dates

    assert (found.first, found.last) == (date(2001, 9, 11), date(2001, 9, 11))


def test_a_day_of_publication_dates_yesterday() -> None:
    [found] = explain("أمس", published=date(2023, 6, 19)).dates

    assert found.first == date(2023, 6, 18)


def test_a_given_language_is_kept() -> None:
    assert explain("pays", "en").tokens[0].lemmas == ("pay",)


def test_nothing_is_explained_by_nothing() -> None:
    explanation = explain(" ")

    assert (explanation.language, explanation.tokens, explanation.dates) == (
        None,
        [],
        [],
    )


@pytest.mark.parametrize(
    ("one", "other", "rung"),
    [
        pytest.param("كِتَاب", "كتاب", "written", id="vowel signs"),
        pytest.param("شؤون", "شئون", "folded", id="seats of the hamza"),
        pytest.param("على", "علي", "folded", id="on and Ali"),
        pytest.param("Etat", "état", "folded", id="accents"),
        pytest.param("أميركا", "أمريكا", "variant", id="America"),
        pytest.param("سبتمبر", "أيلول", "variant", id="September"),
        pytest.param("كانون الثاني", "يناير", "variant", id="January in two words"),
        pytest.param("كتاب", "وبكتبهم", "lemma", id="broken plural with clitics"),
        pytest.param("election", "elections", "lemma", id="English plural"),
        pytest.param("كتاب", "مكتبة", "root", id="book and library"),
        pytest.param("حموشي", "Hammouchi", "name", id="Hammouchi"),
        pytest.param("عبد اللطيف", "Abdellatif", "name", id="two words and one"),
        pytest.param("القاهرة", "Le Caire", "name", id="exonym"),
    ],
)
def test_two_words_meet_first_on_a_rung(one: str, other: str, rung: str) -> None:
    assert meetings(one, other)[0].rung == rung
    assert meetings(other, one)[0].rung == rung


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("كتاب", "وزير", id="book and minister"),
        pytest.param("مغرب", "Paris", id="two scripts"),
        pytest.param("المغرب", "المغرب العربي", id="one word and two"),
        pytest.param("", "", id="nothing"),
        pytest.param("!", "?", id="signs"),
    ],
)
def test_other_words_meet_on_none(one: str, other: str) -> None:
    assert meetings(one, other) == []


def test_several_words_meet_if_each_does() -> None:
    [first, *_] = meetings("وزير الداخلية", "وزراء الداخلية")

    assert (first.rung, first.shared) == ("lemma", "وزير داخلي")


def test_rungs_are_said_the_narrowest_first() -> None:
    rungs = [meeting.rung for meeting in meetings("شؤون", "شئون")]

    assert rungs == sorted(rungs, key=RUNGS.index)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_asked_about(one: str, other: str) -> None:
    assert [m.rung for m in meetings(one, other)] == [
        m.rung for m in meetings(other, one)
    ]
