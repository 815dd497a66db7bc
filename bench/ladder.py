"""How words and phrases are looked for with our engine, on each rung of its ladder.

All that benchmarks know of the engine's query nodes and hits is here.
"""

from collections.abc import Sequence
from typing import Any

from whoosh import query as whoosh_query

import search.engine
from bench.queries import Query
from search.analysis import Rung, is_stop_word
from search.engine import Document
from search.query import STOP_WORD_BOOST

__all__ = ["Rung", "is_there", "key_of", "ranked_tree", "tree"]

# Looked up by name: an engine without them is measured with words as written.
Word: Any = getattr(search.engine, "Word", None)
WordPhrase: Any = getattr(search.engine, "WordPhrase", None)


def is_there() -> bool:
    """Whether the engine has the match ladder."""
    return Word is not None and WordPhrase is not None


def tree(query: Query, field: str, rung: Rung) -> whoosh_query.Query:
    """Return the query tree that ``query`` is on ``rung``."""
    if query.kind == "phrase":
        return _phrase(query.words, field, rung)
    words = [_word(word, field, rung) for word in query.words]
    if len(words) == 1:
        return words[0]
    return whoosh_query.Or(words) if query.kind == "any" else whoosh_query.And(words)


def ranked_tree(
    words: Sequence[str], field: str, language: str, *, need_all: bool
) -> whoosh_query.Query:
    """Return the tree for words as readers type them, on the default ladder."""
    nodes = [
        Word(
            field,
            word,
            "root",
            language=language,
            boost=STOP_WORD_BOOST if is_stop_word(word, language) else 1.0,
        )
        for word in words
    ]
    return whoosh_query.And(nodes) if need_all else whoosh_query.Or(nodes)


def key_of(document: Document) -> str:
    """Return the key of a document that was found, without its text if that is possible."""
    key = getattr(document, "key", None)
    return str(document.fields["id"] if key is None else key)


def _word(word: str, field: str, rung: Rung) -> whoosh_query.Query:
    if rung == "written":
        return whoosh_query.Term(field, word)
    return Word(field, word, rung)


def _phrase(words: Sequence[str], field: str, rung: Rung) -> whoosh_query.Query:
    if rung == "written":
        return whoosh_query.Phrase(field, list(words))
    return WordPhrase([Word(field, word, rung) for word in words])
