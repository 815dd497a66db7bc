"""What a process knows of words: asked once, forgotten when it is too much."""

from collections.abc import Sequence
from threading import Barrier, Thread
from typing import Any

import pytest

from search.analysis import classify, default_variants
from search.engine import Field
from search.engine.segments import Inverter, SegmentData, known
from search.engine.segments.known import KnownWords, Names, known_words

FIELDS = [Field("id", "key"), Field("text", "text")]


@pytest.fixture(autouse=True)
def knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process begin anew, for this test only."""
    monkeypatch.setattr(known, "_known", KnownWords())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the words whose classes were asked for."""
    words: list[str] = []

    def noting(terms: Sequence[str], **options: Any) -> Any:
        words.extend(terms)
        return classify(terms, **options)

    monkeypatch.setattr(known, "classify", noting)
    return words


def inverted(*texts: str) -> SegmentData:
    inverter = Inverter(FIELDS)
    for number, text in enumerate(texts):
        inverter.add({"id": str(number), "text": text})
    return inverter.finish()


def lemmas(data: SegmentData) -> dict[str, list[bytes]]:
    return {
        word.decode(): data.rungs["lemma"].classes_of(number)
        for number, word in enumerate(data.words)
    }


def test_the_classes_of_a_word_are_asked_for_once(asked: list[str]) -> None:
    first = inverted("trains, night")
    second = inverted("the night", "trains")
    assert asked == ["trains", "night", "the"]
    assert lemmas(first)["trains"] == lemmas(second)["trains"] == [b"train"]


def test_a_segment_has_the_classes_of_its_own_words_only() -> None:
    inverted("harbours")
    data = inverted("trains")
    assert list(data.words) == [b"trains"]
    assert data.rungs["lemma"].words_of(b"harbour").tolist() == []
    assert list(data.rungs["folded"].classes) == [b"trains"]


def test_the_next_batch_begins_anew_when_too_much_is_known(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MOST_PIECES", 1)
    inverted("night train")
    assert lemmas(inverted("night trains"))["trains"] == [b"train"]
    assert asked == ["night", "train", "night", "trains"]


def test_a_batch_keeps_what_it_began_with(monkeypatch: pytest.MonkeyPatch) -> None:
    inverter = Inverter(FIELDS)
    inverter.add({"id": "a", "text": "night trains"})
    monkeypatch.setattr(known, "MOST_PIECES", 0)
    inverted("harbour")
    inverter.add({"id": "b", "text": "trains"})
    assert lemmas(inverter.finish())["trains"] == [b"train"]


def test_other_press_variants_give_other_classes(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    inverted("train")
    assert known_words() is known_words()
    variants = default_variants.__wrapped__()
    monkeypatch.setattr(known, "default_variants", lambda: variants)
    inverted("train")
    assert asked == ["train", "train"]


def test_long_lines_of_rubbish_are_not_kept() -> None:
    word = "x" * (known.LONGEST_PIECE + 1)
    assert list(inverted(f"{word} train").words) == [b"train", word.encode()]
    assert list(known_words().pieces) == ["train"]


def test_a_name_has_one_number_whoever_asks_first() -> None:
    names = Names()
    together = Barrier(4)
    found: list[list[int]] = []

    def ask() -> None:
        together.wait()
        found.append([names[str(n)] for n in range(2000)])

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [names.listed[number] for number in found[0]] == [
        str(n) for n in range(2000)
    ]
    assert found == [found[0]] * 4
