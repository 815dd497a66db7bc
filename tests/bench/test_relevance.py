"""Rankings and their metrics, on documents that fit on a screen."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from bench import ladder, relevance
from bench.bm25 import BM25
from bench.ranking import Engine, Prototype, Yardstick
from bench.relevance import score, stemmers

DOCUMENTS = [["كتاب", "جديد"], ["كتب", "كثيرة", "في", "المكتبة"], ["سيارة", "جديدة"]]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    documents, queries = tmp_path / "docs.jsonl", tmp_path / "queries.jsonl"
    rows = [
        {"doc_id": f"d{n}", "title": "", "text": " ".join(words), "language": "ar"}
        for n, words in enumerate(DOCUMENTS)
    ]
    documents.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    asked = [{"query": "سيارات", "doc_id": "d2"}, {"query": "كتاب", "doc_id": "d0"}]
    queries.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    return documents, queries


def test_a_score_is_that_of_the_formula() -> None:
    scores = BM25([["a", "b", "a"], ["b"], ["c", "c"]]).scores(["a"])
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 3 / 2)
    assert scores == pytest.approx([idf * 2 * 2.2 / (2 + norm), 0, 0])


def test_terms_that_a_word_stands_for_count_as_one() -> None:
    joined = BM25([["a", "b"], ["c", "d"]]).scores(["a", "b", "not there"])
    alone = BM25([["a", "a"], ["c", "d"]]).scores(["a"])
    assert np.allclose(joined, alone)


def test_folded_words_meet_their_spellings_only() -> None:
    folded = Yardstick(DOCUMENTS)
    assert folded.first(["كتاب"], need_all=False) == [0]
    assert folded.first(["جديد", "كتاب"], need_all=False) == [0]
    assert folded.first(["جديده", "كتاب"], need_all=True) == []


def test_stems_meet() -> None:
    light = Yardstick(DOCUMENTS, stemmers("ar")["light10"])
    assert light.first(["المكتبات"], need_all=False) == [1]
    assert set(stemmers("fr")) == {"snowball"}
    assert stemmers("tr") == {}


def test_the_ladder_ranks_what_was_typed_first() -> None:
    ranked = Prototype(DOCUMENTS, "ar").first(["كتاب"], need_all=False)
    assert ranked == [0, 1]


@pytest.mark.skipif(not ladder.is_there(), reason="the engine has no ladder yet")
def test_the_engine_ranks_what_was_typed_first(tmp_path: Path) -> None:
    engine = Engine(DOCUMENTS, "ar", tmp_path / "index")
    assert engine.first(["كتاب"], need_all=False) == [0, 1]
    assert engine.first([], need_all=False) == []


def test_metrics() -> None:
    figures = score([[1, 2], [3, 4], []], [1, 4, 0])
    assert figures == {
        "mrr10": pytest.approx((1 + 1 / 2) / 3),
        "recall1": pytest.approx(1 / 3),
        "recall10": pytest.approx(2 / 3),
    }


def test_figures_are_printed_as_json(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    relevance.main([*map(str, files), "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert (figures["queries"], figures["documents"]) == (2, 3)
    assert set(figures["systems"]) == {"ours", "light10", "folded"}
    assert figures["systems"]["ours"]["mrr10"] == 1


def test_a_question_about_no_document_is_refused(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"query": "كتاب", "doc_id": "d9"}', encoding="utf-8")
    with pytest.raises(SystemExit, match="'d9' is missing"):
        relevance.main([str(files[0]), str(wrong)])
    with pytest.raises(SystemExit, match="there is no such file"):
        relevance.main([str(files[0]), str(tmp_path / "absent.jsonl")])
