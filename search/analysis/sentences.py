"""Find where sentences end, in Arabic and Latin punctuation."""

import re
from collections.abc import Iterator

# An end is a stop with the quotes and brackets that close with it, before a space or
# the end of the text: the points of 3.5 and www.example.com end nothing.
# One class of letters begins both kinds of end: the search for it is a fast one.
_END = re.compile(
    r"""[.!?؟۔…\n](?:(?<=\n)\n*|[.!?؟۔…]*[»”"')\]]*(?=\s|$))""",
)


def sentence_ends(text: str) -> Iterator[int]:
    """Yield the offset after each sentence of ``text``; the last is its length."""
    end = 0
    for match in _END.finditer(text):
        end = match.end()
        yield end
    if end < len(text):
        yield len(text)


def first_sentence(text: str, *, max_length: int) -> str:
    """Return the first sentence of ``text``, cut between words at ``max_length``.

    A sentence that is cut ends in "…". The whole never exceeds ``max_length``.
    """
    text = text.strip()
    sentence = text[: next(sentence_ends(text), 0)].strip()
    if len(sentence) <= max_length:
        return sentence
    cut = sentence[: max_length - 1]
    return (cut.rsplit(maxsplit=1)[0] if " " in cut.strip() else cut).rstrip() + "…"
