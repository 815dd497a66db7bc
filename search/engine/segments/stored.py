"""The stored values of a document, as few bytes.

Arabic letters take two bytes each in UTF-8. In the old code page of Arabic and French,
cp1256, they take one, and what is compressed afterwards takes two thirds of the room and
less time. Texts with a character that it lacks stay in UTF-8.
"""

import pickle
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

_COMPRESSION = 1
_CODE_PAGE = "cp1256"


def pack_values(values: Iterable[Any]) -> bytes:
    """Return ``values``, of which none is of bytes, as bytes."""
    encoded = [_encode(v) if isinstance(v, str) else v for v in values]
    return zlib.compress(pickle.dumps(encoded, protocol=5), _COMPRESSION)


def unpack_values(data: bytes) -> Sequence[Any]:
    """Return the values of which ``pack_values`` made ``data``."""
    # Written by this program, into a file that is checked by its checksum.
    values = pickle.loads(zlib.decompress(data))  # noqa: S301
    return [v.decode(_CODE_PAGE) if isinstance(v, bytes) else v for v in values]


def _encode(text: str) -> bytes | str:
    try:
        return text.encode(_CODE_PAGE)
    except UnicodeEncodeError:
        # Python's pickle has it in UTF-8, lone surrogates and all.
        return text
