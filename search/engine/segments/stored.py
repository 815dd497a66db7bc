"""The stored fields of a document, as few bytes.

Arabic letters take two bytes each in UTF-8. In the old code page of Arabic and French,
cp1256, they take one, and what is compressed afterwards takes two thirds of the room and
less time. Texts with a character that it lacks stay in UTF-8.
"""

import pickle
import zlib
from collections.abc import Mapping
from typing import Any

_COMPRESSION = 1
_CODECS = ("cp1256", "utf-8")


def pack_fields(fields: Mapping[str, Any]) -> bytes:
    """Return ``fields`` as bytes."""
    texts: tuple[dict[str, bytes], ...] = tuple({} for _ in _CODECS)
    others = {}
    for name, value in fields.items():
        if isinstance(value, str):
            codec, encoded = _encode(value)
            texts[codec][name] = encoded
        else:
            others[name] = value
    return zlib.compress(pickle.dumps((texts, others), protocol=5), _COMPRESSION)


def unpack_fields(data: bytes) -> dict[str, Any]:
    """Return the fields of which ``pack_fields`` made ``data``."""
    # Written by this program, into a file that is checked by its checksum.
    texts, others = pickle.loads(zlib.decompress(data))  # noqa: S301
    fields: dict[str, Any] = dict(others)
    for codec, encoded in zip(_CODECS, texts, strict=True):
        for name, value in encoded.items():
            # What a lone surrogate made of a text is given back as it was.
            fields[name] = value.decode(
                codec, "surrogatepass" if codec == "utf-8" else "strict"
            )
    return fields


def _encode(text: str) -> tuple[int, bytes]:
    try:
        return 0, text.encode("cp1256")
    except UnicodeEncodeError:
        return 1, text.encode("utf-8", "surrogatepass")
