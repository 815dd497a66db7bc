"""From what a reader types to what the engine looks for; it never fails.

``read_query`` reads a query string to a tree of *nodes*, which say what was typed and no
more: ``spelling`` knows the words, ``lexing`` cuts the string into operands and
operators, ``grammar`` joins them, and ``printing`` prints any tree as the string that is
read as it. Whatever cannot be an operator is searched as text, and a ``QueryNote`` says
what was left out.

``query_tree`` makes of nodes what the engine looks for, by a ``Reading``: the reader's
choice of how far words climb and whether all of them are wanted. ``trees`` makes the same
of fields and values, for programs.
"""

from search.query.building import (
    Reading,
    query_tree,
    wanted_patterns,
    wanted_words,
)
from search.query.fields import FIELD_NAMES, FIELD_WEIGHTS, STOP_WORD_BOOST
from search.query.nodes import Node
from search.query.notes import NoteKind, QueryNote
from search.query.printing import printed
from search.query.reading import Limits, QueryPart, ReadQuery, read_query
from search.query.values import matching_names

__all__ = [
    "FIELD_NAMES",
    "FIELD_WEIGHTS",
    "STOP_WORD_BOOST",
    "Limits",
    "Node",
    "NoteKind",
    "QueryNote",
    "QueryPart",
    "ReadQuery",
    "Reading",
    "matching_names",
    "printed",
    "query_tree",
    "read_query",
    "wanted_patterns",
    "wanted_words",
]
