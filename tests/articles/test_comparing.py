"""Two texts side by side."""

from hypothesis import given
from hypothesis import strategies as st

from articles import comparing
from articles.comparing import Pair, Piece, compare


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{p.text}]" if p.changed else p.text for p in pieces)


def test_changed_words_are_told_from_the_others() -> None:
    same, changed, added = compare(
        "بدأ الحصاد.\nThe rain fell on Fez.",
        "بدأ الحصاد.\nThe rain fell on Rabat!\nNew.",
    )
    assert same == Pair(same=1)
    assert shown(changed.before) == "The rain fell on [Fez.]"
    assert shown(changed.after) == "The rain fell on [Rabat!]"
    assert (added.before, shown(added.after)) == ((), "[New.]")


def test_nothing_and_something_are_compared() -> None:
    assert compare("", "") == []
    assert compare("a", "") == [Pair((Piece("a", changed=True),), ())]


def test_what_is_too_long_to_be_compared_is_shown_whole() -> None:
    long = "word " * (comparing.WORDS_MOST + 1)
    (pair,) = compare(long, f"{long}end")
    assert pair.before == (Piece(long, changed=True),)
    lines = "line\n" * (comparing.WORDS_MOST + 1)
    assert len(compare(lines, f"{lines}end")) == comparing.WORDS_MOST + 2


@given(st.text(), st.text())
def test_no_letter_of_either_side_is_lost(before: str, after: str) -> None:
    pairs = compare(before, after)
    old, new = before.splitlines(), after.splitlines()
    for side, lines in (("before", old), ("after", new)):
        rebuilt: list[str] = []
        for pair in pairs:
            if pair.same:
                rebuilt += lines[len(rebuilt) : len(rebuilt) + pair.same]
            elif pieces := getattr(pair, side):
                rebuilt.append("".join(piece.text for piece in pieces))
            elif len(rebuilt) < len(lines) and not lines[len(rebuilt)]:
                rebuilt.append("")
        assert [line for line in rebuilt if line] == [line for line in lines if line]
