"""How well the documents that answer questions are ranked.

    python -m bench.relevance DOCS QUERIES [--match any|all] [--limit N] [--json]

DOCS are JSON lines with `doc_id`, `title`, `text` and `language`; QUERIES with `query`
and `doc_id`, the one document that answers it. The words of the question are looked for
in title and text together. Printed are, over all questions: MRR@10, the mean of one by
the rank of that document, 0 beyond the tenth; and recall@1 and @10, how often it is the
first or among the first ten.

`ours` is the default match ladder. Beside it stands BM25 over folded words, and over the
same words stemmed: by light10 for Arabic, by Snowball for French and English.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import snowballstemmer

from bench import ladder
from bench.conflation import light10
from bench.corpus import DataError, read_records
from bench.ranking import FIRST, Engine, Prototype, System, Yardstick
from search.analysis import guess_language, written_words

SNOWBALL = {"fr": "french", "en": "english"}

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Questions:
    """Documents, and questions about them.

    Attributes:
        documents: the words of each.
        asked: the words of each question.
        right: the number of the document that answers each.
        language: that of the documents.
    """

    documents: Sequence[Sequence[str]]
    asked: Sequence[Sequence[str]]
    right: Sequence[int]
    language: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", type=Path, metavar="DOCS")
    parser.add_argument("queries", type=Path, metavar="QUERIES")
    parser.add_argument("--match", choices=["any", "all"], default="any")
    parser.add_argument("--limit", type=int, metavar="N", help="ask only the first N")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        questions = read(options.documents, options.queries, options.limit)
    except DataError as error:
        sys.exit(str(error))
    figures = measure(questions, need_all=options.match == "all")
    if options.json:
        print(json.dumps(figures))
        return
    print(f"{figures['queries']:,} questions, {figures['documents']:,} documents")
    print(f"{'':10}{'MRR@10':>8}{'recall@1':>10}{'recall@10':>11}")
    for name, own in figures["systems"].items():
        print(
            f"{name:10}{own['mrr10']:8.4f}{own['recall1']:10.4f}{own['recall10']:11.4f}"
        )


def read(documents: Path, queries: Path, limit: int | None = None) -> Questions:
    """Return documents and questions.

    Raises:
        DataError: a file is not there, or is not of this form.
    """
    try:
        listed = list(read_records([documents]))
        numbers = {record["doc_id"]: n for n, record in enumerate(listed)}
        asked = list(islice(read_records([queries]), limit))
        right = [numbers[record["doc_id"]] for record in asked]
        texts = [f"{record.get('title') or ''}\n{record['text']}" for record in listed]
        words = [written_words(record["query"]) for record in asked]
    except KeyError as error:
        raise DataError(
            f"{documents}, {queries}: {error} is missing. A document has 'doc_id' and "
            "'text'; a question has 'query', and the 'doc_id' of one of the documents."
        ) from error
    if not words:
        raise DataError(f"{queries}: there is no question in it.")
    return Questions(
        documents=[written_words(text) for text in texts],
        asked=words,
        right=right,
        language=listed[0].get("language") or guess_language(texts[0]) or "ar",
    )


def measure(questions: Questions, *, need_all: bool = False) -> dict[str, Any]:
    """Let every system rank, and return its figures."""
    documents, language = questions.documents, questions.language
    with tempfile.TemporaryDirectory(prefix="newsarchive-") as folder:
        ours: System = (
            Engine(documents, language, Path(folder) / "index")
            if ladder.is_there()
            else Prototype(documents, language)
        )
        systems: dict[str, System] = {
            "ours": ours,
            **{
                name: Yardstick(documents, stem)
                for name, stem in stemmers(language).items()
            },
            "folded": Yardstick(documents),
        }
        return {
            "queries": len(questions.asked),
            "documents": len(documents),
            "systems": {
                name: score(
                    [
                        system.first(words, need_all=need_all)
                        for words in questions.asked
                    ],
                    questions.right,
                )
                for name, system in systems.items()
            },
        }


def stemmers(language: str) -> Mapping[str, Callable[[str], str]]:
    """Return the stemmer of a language by its name; none for most languages."""
    if language == "ar":
        return {"light10": light10}
    if language in SNOWBALL:
        return {"snowball": snowballstemmer.stemmer(SNOWBALL[language]).stemWord}
    return {}


def score(ranked: Sequence[Sequence[int]], right: Sequence[int]) -> Figures:
    """Return the metrics of what was ranked."""
    ranks = [
        found.index(wanted) + 1 if wanted in found[:FIRST] else None
        for found, wanted in zip(ranked, right, strict=True)
    ]
    return {
        "mrr10": sum(1 / rank for rank in ranks if rank) / len(ranks),
        "recall1": sum(rank == 1 for rank in ranks) / len(ranks),
        "recall10": sum(rank is not None for rank in ranks) / len(ranks),
    }


if __name__ == "__main__":
    main()
