"""From what a reader types to what the engine looks for; it never fails.

``parse`` reads a query string: words, all of them wanted; ``"phrases"`` in straight,
curly or angle quotation marks; ``-word`` and ``-"phrase"`` for what must not occur.
Whatever cannot be one of these is searched as text, and a ``QueryNote`` says what was
left out.
"""

from search.query.parsing import STOP_WORD_BOOST, ParsedQuery, QueryNote, parse

__all__ = ["STOP_WORD_BOOST", "ParsedQuery", "QueryNote", "parse"]
