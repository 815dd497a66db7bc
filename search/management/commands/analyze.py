"""Show what analysis makes of a text: why a search finds it, or does not."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from search.analysis import Explanation, explain
from search.management.arguments import day, language


class Command(BaseCommand):
    """``manage.py analyze TEXT``."""

    help = "Show the words of a text with what they are found by, and its dates."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a text, and what is known of it."""
        parser.add_argument("text", help='the text, or "-" to read it from the input')
        parser.add_argument(
            "--language", type=language, help="its ISO 639 code; guessed without it"
        )
        parser.add_argument(
            "--published",
            type=day,
            help='the day, YYYY-MM-DD, that "yesterday" counts from',
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line for each word and each date, or one JSON object."""
        text = sys.stdin.read() if options["text"] == "-" else options["text"]
        explanation = explain(text, options["language"], published=options["published"])
        if options["json"]:
            found = _as_dict(explanation, text)
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            for line in _lines(explanation, text):
                self.stdout.write(line)


def _as_dict(explanation: Explanation, text: str) -> dict[str, Any]:
    return {
        "language": explanation.language,
        "tokens": [
            {
                "text": word.text,
                "start": word.token.start,
                "end": word.token.end,
                "written": word.token.written,
                "folded": word.folded,
                "variants": list(word.variants),
                "lemmas": list(word.lemmas),
                "root": next(iter(word.roots), None),
                "name_key": word.name_key,
            }
            for word in explanation.tokens
        ],
        "dates": [
            {
                "text": text[mention.start : mention.end],
                "start": mention.start,
                "end": mention.end,
                "from": mention.first.isoformat(),
                "to": mention.last.isoformat(),
            }
            for mention in explanation.dates
        ],
    }


def _lines(explanation: Explanation, text: str) -> Iterator[str]:
    yield f"language: {explanation.language or 'unknown'}"
    for word in explanation.tokens:
        yield f"{word.token.start}-{word.token.end} {word.text}"
        yield f"  written   {word.token.written}"
        yield f"  folded    {word.folded}"
        for name, values in (
            ("variants", word.variants),
            ("lemmas", word.lemmas),
            ("root", word.roots),
            ("name key", [word.name_key] if word.name_key else []),
        ):
            if values:
                yield f"  {name:<9} {', '.join(values)}"
    for mention in explanation.dates:
        days = f"{mention.first}"
        if mention.last != mention.first:
            days += f" to {mention.last}"
        printed = text[mention.start : mention.end]
        yield f"date {mention.start}-{mention.end} {printed}: {days}"
