"""Segments: immutable parts of an index, each one file of memory-mapped arrays.

``container`` keeps named arrays in a file, checked; ``vocabulary`` is a sorted list of
words in two arrays; ``layout`` says which arrays a segment has and reads them;
``inverting`` makes them of documents, with the words that ``known`` has met before, and
``merging`` of other segments.

The format, version 2. A file holds, for D documents:

* ``meta``: version, D, and for each field its kind.
* *Words*: ``words.bytes`` and ``words.offsets``, every distinct word of the text fields
  as UTF-8, sorted by its bytes. A word's number is its place. The words of a facet, key
  or number field F are its own: ``F.words.bytes``, ``F.words.offsets``.
* *Postings* of an indexed field F with T terms and P postings: ``F.terms`` (T,), the
  numbers of its words, rising; ``F.starts`` (T + 1,), where the postings of each term
  begin; ``F.docs`` (P,), document numbers, rising within a term; ``F.freqs`` (P,), 8
  bits. Where this has 255, ``F.many`` has the number of the posting, rising, and
  ``F.many_freqs`` its frequency, 255 or more. A text field also has
  ``F.position_starts`` (T + 1,) and ``F.positions`` (sum of freqs,), those of each
  posting in turn, rising; and ``F.lengths`` (D,), exact.
* *Columns*: of a number field ``F.numbers`` (D,), int64; of a facet ``F.pairs_docs`` and
  ``F.pairs_values``, (document, word number) pairs by document, one for each value.
* *Classes* of words on a rung R, for text fields: ``rung.R.bytes`` and ``.offsets``, the
  classes sorted; ``rung.R.starts`` and ``rung.R.members``, the word numbers of each,
  rising.
* *Stored fields*: ``stored.bytes`` and ``stored.offsets`` (D + 1,), the values of a
  document in the order of the fields in ``meta``, compressed.

Whole numbers are unsigned and as narrow as the largest of an array allows.
"""

from search.engine.segments.container import VERSION as FORMAT
from search.engine.segments.container import ContainerError
from search.engine.segments.inverting import Inverter
from search.engine.segments.known import forget_words
from search.engine.segments.layout import FieldPostings, SegmentData, open_segment
from search.engine.segments.merging import merge_segments
from search.engine.segments.vocabulary import Vocabulary

__all__ = [
    "FORMAT",
    "ContainerError",
    "FieldPostings",
    "Inverter",
    "SegmentData",
    "Vocabulary",
    "forget_words",
    "merge_segments",
    "open_segment",
]
