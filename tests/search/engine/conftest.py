"""An index to search in."""

from pathlib import Path

import pytest

from search.engine import Index
from tests.search.engine.documents import DOCUMENTS, FIELDS, put


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Return an index of ``DOCUMENTS`` in one segment."""
    index = Index(tmp_path / "index", FIELDS)
    put(index, *DOCUMENTS)
    return index
