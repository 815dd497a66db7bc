"""Why a document was found: what is told is what was counted."""

import pytest
from whoosh import query

from search.engine import Index, Occurrence, Reason, Search, Word, WordPhrase
from tests.search.engine.documents import put, remove


def explained(index: Index, tree: query.Query, key: str) -> tuple[Reason, ...]:
    return index.snapshot().explain(Search(tree), key)


TREES = {
    "term": query.Term("text", "train"),
    "word": Word("text", "trains", "lemma", boost=2.0),
    "both": query.And([Word("text", "night"), Word("text", "train")]),
    "either": query.Or([Word("title", "train", boost=3.0), Word("text", "train")]),
    "rather": query.AndMaybe(Word("text", "night"), Word("text", "new")),
    "without": query.AndNot(Word("text", "night"), Word("text", "museum")),
    "among": query.Require(Word("text", "night"), query.Term("source", "atlas")),
    "phrase": WordPhrase([Word("text", "night"), Word("text", "train")]),
    "beginning": query.And([query.Prefix("text", "tra"), Word("text", "night")]),
}


@pytest.mark.parametrize("name", TREES)
def test_reasons_add_up_to_the_score(index: Index, name: str) -> None:
    put(index, {"id": "7", "text": "night train, night train", "title": "Trains"})
    found = index.find(Search(TREES[name]))
    assert found.total > 1
    for document in found.documents:
        reasons = explained(index, TREES[name], document.key)
        assert sum(reason.score for reason in reasons) == pytest.approx(document.score)
        assert all(reason.occurrences for reason in reasons)


def test_reasons_name_the_forms_with_their_rungs(index: Index) -> None:
    put(index, {"id": "7", "text": "Trains: a train, the train", "title": "train"})
    tree = query.Or([Word("title", "trains", boost=9.0), Word("text", "trains")])

    title, text = explained(index, tree, "7")

    assert (title.field, title.text) == ("title", "trains")
    assert title.occurrences == (Occurrence("train", "lemma", 1),)
    assert (text.field, text.text) == ("text", "trains")
    assert text.occurrences == (
        Occurrence("train", "lemma", 2),
        Occurrence("Trains", "folded", 1),
    )


def test_a_phrase_names_its_words(index: Index) -> None:
    [reason] = explained(index, TREES["phrase"], "2")
    assert reason.text == "night train"
    assert {one.form: one.count for one in reason.occurrences} == {
        "train": 2,
        "night": 1,
    }


def test_a_pattern_names_the_words_that_fit(index: Index) -> None:
    reasons = explained(index, query.Wildcard("text", "n?w"), "2")
    assert [reason.occurrences for reason in reasons] == [(Occurrence("new", None, 1),)]


def test_part_of_what_is_required_is_no_reason(index: Index) -> None:
    assert explained(index, TREES["both"], "3") == ()
    assert explained(index, TREES["without"], "3") == ()


def test_a_document_is_had_by_its_key(index: Index) -> None:
    snapshot = index.snapshot()
    found = snapshot.document("2")
    assert found
    assert found.fields["text"] == "A new train, a night train"
    assert snapshot.document("no such key") is None


def test_what_does_not_match_has_no_reasons(index: Index) -> None:
    assert explained(index, Word("text", "museum"), "1") == ()
    assert explained(index, Word("elsewhere", "museum"), "3") == ()
    assert explained(index, Word("text", "museum"), "no such key") == ()
    tree = Word("text", "museum")
    snapshot = index.snapshot()
    assert snapshot.explain(Search(tree), "3")
    assert snapshot.explain(Search(tree, hidden={"3"}), "3") == ()
    remove(index, "3")
    assert explained(index, tree, "3") == ()
