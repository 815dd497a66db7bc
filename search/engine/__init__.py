"""Documents, postings, ranking, facets and snippets: Whoosh and numpy, no Django.

The actors, from the outside in:

* ``Index`` (``index``) is a folder on disk. It is opened with the fields that
  documents have (``fields``), gives writers, and answers searches.
* ``Writer`` (``writing``) puts and removes documents in one commit.
* ``Search`` -> ``Found`` (``searching``): a query tree, chosen facet values, an order
  and a window go in; the exact total, the documents of the window and the counts of
  every facet come out of one pass over the postings.
* ``Columns`` (``columns``) holds, per document, facet values and sort keys as arrays.
* ``snippet`` and ``mark`` (``snippets``) show in the published text why it matched.

Whoosh's own searcher and codec do the walking for now; none of that shows through
this interface.
"""

from search.engine.fields import Field, term_of
from search.engine.index import Index, IndexDamagedError, IndexLockedError
from search.engine.searching import Document, Found, Search, SortKey
from search.engine.snippets import Markup, mark, snippet
from search.engine.writing import Writer

__all__ = [
    "Document",
    "Field",
    "Found",
    "Index",
    "IndexDamagedError",
    "IndexLockedError",
    "Markup",
    "Search",
    "SortKey",
    "Writer",
    "mark",
    "snippet",
    "term_of",
]
