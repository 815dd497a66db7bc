"""Segments of arrays as Whoosh sees them: a codec, for reading.

Whoosh keeps in its table of contents an ``ArraySegment`` for each file of arrays. When
it opens one it asks its ``ArrayCodec`` for two readers: of terms (``terms``), whose
matchers (``postings``) walk the documents of a term, and of documents (``documents``).
Both read the same ``SegmentData``, which ``opened`` maps once in a process. The terms of
number fields, which no segment keeps, are made by ``numbers`` when they are asked for.

So an index is an ordinary one to anyone who has Whoosh and this package:

    >>> from whoosh import index, qparser
    >>> opened = index.open_dir("var/index")
    >>> with opened.searcher() as searcher:
    ...     query = qparser.QueryParser("text", opened.schema).parse("night train")
    ...     hits = searcher.search(query, limit=10)

Readers keep no place in a file: any number of threads may use one.
"""

from collections.abc import Iterable, Iterator
from typing import NoReturn

from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage

from search.engine.codec.documents import ArrayDocumentReader
from search.engine.codec.opened import EXTENSION, segment_data
from search.engine.codec.terms import ArrayTermsReader

__all__ = ["ArrayCodec", "ArraySegment", "segment_data"]


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What the table of contents says of a segment.

    Tables of contents are pickles: its name and its module are part of the format.
    """

    EXTENSION = EXTENSION

    def __init__(
        self, indexname: str, documents: int = 0, deleted: Iterable[int] = ()
    ) -> None:
        """Name a new segment of ``documents``, of which some are ``deleted``."""
        super().__init__(indexname)
        self._documents = documents
        self._deleted = set(deleted)

    def codec(self) -> "ArrayCodec":
        """Return the codec that reads it."""
        return ArrayCodec()

    def file_name(self) -> str:
        """Return the name of its file."""
        return str(self.make_filename(EXTENSION))

    def should_assemble(self) -> bool:
        """Say that its file is not to be packed with others."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        """Set how many documents it has, the deleted ones among them."""
        self._documents = doccount

    def doc_count_all(self) -> int:
        """Count its documents, the deleted ones among them."""
        return self._documents

    def deleted_count(self) -> int:
        """Count its deleted documents."""
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Return its deleted documents, rising."""
        return iter(sorted(self._deleted))

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is deleted."""
        return docnum in self._deleted

    def delete_document(
        self,
        docnum: int,
        delete: bool = True,  # noqa: FBT001, FBT002  Whoosh's signature
    ) -> None:
        """Delete a document, or take that back.

        Raises:
            IndexError: there is no such document.
        """
        if not 0 <= docnum < self._documents:
            raise IndexError(f"{self!r} has no document {docnum}")
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Readers of segments of arrays."""

    def terms_reader(
        self, storage: FileStorage, segment: ArraySegment
    ) -> ArrayTermsReader:
        """Return the reader of a segment's terms."""
        return ArrayTermsReader(segment_data(storage, segment))

    def per_document_reader(
        self, storage: FileStorage, segment: ArraySegment
    ) -> ArrayDocumentReader:
        """Return the reader of a segment's documents."""
        return ArrayDocumentReader(segment_data(storage, segment), segment)

    def new_segment(self, storage: FileStorage, indexname: str) -> ArraySegment:  # noqa: ARG002
        """Name a segment that has no documents yet."""
        return ArraySegment(indexname)

    def per_document_writer(self, storage: FileStorage, segment: object) -> NoReturn:  # noqa: ARG002
        """Refuse to write."""
        _refuse()

    def field_writer(self, storage: FileStorage, segment: object) -> NoReturn:  # noqa: ARG002
        """Refuse to write."""
        _refuse()

    def postings_writer(self, dbfile: object, byteids: object = None) -> NoReturn:  # noqa: ARG002
        """Refuse to write."""
        _refuse()

    def postings_reader(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse: postings have no file of their own here."""
        raise NotImplementedError("Ask the terms reader for a matcher instead.")


def _refuse() -> NoReturn:
    msg = "This codec only reads. Write with search.engine.Index.writer instead."
    raise NotImplementedError(msg)
