"""Documents, postings, ranking, facets and snippets: Whoosh and numpy, no Django.

The actors, from the outside in:

* ``Index`` (``index``) is a folder on disk. It is opened with the fields that
  documents have (``fields``), gives writers, and answers searches.
* ``Writer`` (``writing``) puts and removes documents in one commit: it writes a
  *segment* (``segments``), a file of memory-mapped arrays.
* ``Search`` -> ``Found`` (``searching``): a query tree, chosen facet values, an order
  and a window go in; the exact total, the documents of the window and the counts of
  every facet come out of one pass.
* ``Evaluator`` (``evaluating``, with ``matches`` and ``phrases``) gives the documents of
  a query tree, array by array. ``Word`` and ``WordPhrase`` (``ladder``) are its nodes for
  the match ladder, beside Whoosh's own.
* ``Documents`` (``snapshot``) sees the segments of a commit as one, ``columns`` has
  facet values and sort keys of all documents.
* ``explain`` (``explaining``) says which words of the query a document has, in which
  forms, and what each adds to its score; ``excerpt`` and ``mark`` (``snippets``) show it
  in the published text.
* ``suggesting`` (with ``distances`` and ``frequencies``) corrects words and completes
  them, ``similar`` finds documents like another.
* ``Deadline`` (``deadlines``) is what they all keep to when time is short.
* ``codec`` shows segments to Whoosh, so that its own searcher, query parser and spelling
  work on the folder.
"""

from search.engine.deadlines import Deadline
from search.engine.explaining import Occurrence, Reason
from search.engine.fields import Field
from search.engine.histograms import Bar, Histogram
from search.engine.index import (
    Index,
    IndexDamagedError,
    IndexLockedError,
    IndexState,
)
from search.engine.ladder import LADDER, Form, Word, WordPhrase, rungs_up_to
from search.engine.searching import Document, Found, Search, Snapshot, SortKey
from search.engine.snippets import (
    Excerpt,
    Markup,
    excerpt,
    mark,
    snippet,
)
from search.engine.writing import DocumentsError, Writer

__all__ = [
    "LADDER",
    "Bar",
    "Deadline",
    "Document",
    "DocumentsError",
    "Excerpt",
    "Field",
    "Form",
    "Found",
    "Histogram",
    "Index",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexState",
    "Markup",
    "Occurrence",
    "Reason",
    "Search",
    "Snapshot",
    "SortKey",
    "Word",
    "WordPhrase",
    "Writer",
    "excerpt",
    "mark",
    "rungs_up_to",
    "snippet",
]
