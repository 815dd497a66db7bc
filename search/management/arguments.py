"""Arguments that several commands take, and what is wrong with them."""

from argparse import ArgumentTypeError
from datetime import date

from search.analysis import is_language


def language(code: str) -> str:
    """Read the ISO 639 code of a language."""
    if not is_language(code):
        msg = f"{code!r} is no language: use an ISO 639 code such as ar, fr or en"
        raise ArgumentTypeError(msg)
    return code


def day(written: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        msg = f"{written!r} is no day: write it as 2023-06-19"
        raise ArgumentTypeError(msg) from error
