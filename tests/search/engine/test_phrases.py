"""Phrases in so many documents that each way of looking for them has its turn."""

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from whoosh.query import Phrase

from search.engine import Field, Index, Search, Word, WordPhrase

WORDS = ["the", "trains", "train", "night", "nights", "rare"]
WEIGHTS = [300, 30, 30, 10, 10, 1]


def _texts(seed: int) -> list[list[str]]:
    chance = random.Random(seed)  # noqa: S311  The same texts each time.
    return [chance.choices(WORDS, WEIGHTS, k=chance.randint(0, 60)) for _ in range(400)]


TEXTS = _texts(1)


@pytest.fixture(scope="module")
def long_index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Return an index of ``TEXTS`` in two segments."""
    index = Index(tmp_path_factory.mktemp("phrases") / "index", [Field("text", "text")])
    for start in (0, 150):
        stop = 150 if start == 0 else len(TEXTS)
        with index.writer(most_rewritten=0) as writer:
            for number in range(start, stop):
                writer.put({"id": str(number), "text": " ".join(TEXTS[number])})
    return index


def _found(index: Index, tree: Phrase | WordPhrase) -> set[str]:
    return {d.key for d in index.find(Search(tree, limit=len(TEXTS))).documents}


def _having(*slots: Sequence[str]) -> set[str]:
    """Return the texts in which a word of each slot is right after one of the last."""
    return {
        str(number)
        for number, words in enumerate(TEXTS)
        if any(
            all(word in slot for word, slot in zip(words[start:], slots, strict=False))
            for start in range(len(words) - len(slots) + 1)
        )
    }


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["the", "the"], id="a word twice"),
        pytest.param(["the", "train"], id="common"),
        pytest.param(["rare", "the"], id="a rare word first"),
        pytest.param(["the", "night", "train"], id="three"),
        pytest.param(["rare", "rare", "rare"], id="nowhere"),
    ],
)
def test_a_phrase_is_found_where_its_words_follow_each_other(
    long_index: Index, words: list[str], *, merged: bool
) -> None:
    if merged:
        long_index.merge()
    assert _found(long_index, Phrase("text", words)) == _having(
        *([word] for word in words)
    )


def test_a_phrase_of_forms_is_found_where_any_of_them_follow(long_index: Index) -> None:
    words = [Word("text", text, language="en") for text in ("the", "night", "train")]
    forms = [["the"], ["night", "nights"], ["train", "trains"]]

    for (first, *_), pair in zip(
        pairwise(words), [WordPhrase(list(w)) for w in pairwise(words)], strict=True
    ):
        place = words.index(first)
        assert _found(long_index, pair) == _having(*forms[place : place + 2])
    assert _found(long_index, WordPhrase(words)) == _having(*forms)


def test_the_score_of_a_phrase_is_that_of_its_words(long_index: Index) -> None:
    words = [Word("text", text, language="en") for text in ("night", "train")]
    one, other = (
        {d.key: d.score for d in long_index.find(Search(w, limit=400)).documents}
        for w in words
    )
    [best, *_] = long_index.find(Search(WordPhrase(words))).documents

    assert best.score == pytest.approx(one[best.key] + other[best.key])
