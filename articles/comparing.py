"""Two texts side by side: which paragraphs changed, and which words of them.

``compare`` aligns paragraphs; those that stand for each other are compared word by word.
Its cost is bounded: what is too long to be compared is shown as changed as a whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS_MOST = 3_000
"""Words of a paragraph, and paragraphs of a text, that are aligned."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph, and whether the other side has it otherwise."""

    text: str
    changed: bool


Side = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A paragraph before and after; a side is empty where there is none.

    Attributes:
        same: how many paragraphs on both sides it stands for, if nothing changed.
    """

    before: Side = ()
    after: Side = ()
    same: int = 0


def compare(before: str, after: str) -> list[Pair]:
    """Return what stands on either side, paragraph by paragraph."""
    return list(_pairs(before.splitlines(), after.splitlines()))


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    for kind, low, high, other_low, other_high in _aligned(before, after):
        if kind == "equal":
            yield Pair(same=high - low)
            continue
        old, new = before[low:high], after[other_low:other_high]
        for number in range(max(len(old), len(new))):
            yield _pair(
                old[number] if number < len(old) else "",
                new[number] if number < len(new) else "",
            )


def _pair(before: str, after: str) -> Pair:
    if not (before and after):
        return Pair(_whole(before), _whole(after))
    words, others = _WORD.findall(before), _WORD.findall(after)
    if max(len(words), len(others)) > WORDS_MOST:
        return Pair(_whole(before), _whole(after))
    old: list[Piece] = []
    new: list[Piece] = []
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    for kind, low, high, other_low, other_high in matcher.get_opcodes():
        changed = kind != "equal"
        if low < high:
            old.append(Piece("".join(words[low:high]), changed))
        if other_low < other_high:
            new.append(Piece("".join(others[other_low:other_high]), changed))
    return Pair(tuple(old), tuple(new))


def _whole(text: str) -> Side:
    return (Piece(text, changed=True),) if text else ()


def _aligned(
    before: Sequence[str], after: Sequence[str]
) -> list[tuple[str, int, int, int, int]]:
    if max(len(before), len(after)) > WORDS_MOST:
        return [("replace", 0, len(before), 0, len(after))]
    return list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
