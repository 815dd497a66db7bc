"""Stop words: words so common that nobody looks for them alone.

They are indexed and found like any others, for phrases need them; a search for all of
several words may ask which of them it must not insist on. The words are data, in
``data/stop_words.txt``, by language.
"""

import re
from functools import cache
from pathlib import Path

from search.analysis.letters import fold, normalise

_FILE = Path(__file__).parent / "data" / "stop_words.txt"
_SECTION = re.compile(r"\[([a-z]{2,3})\]")
_AND = re.compile("^[وف](?=..)")
_ARABIC = re.compile("[ء-ي]+")


def is_stop_word(word: str, language: str | None = None) -> bool:
    """Whether ``word`` is a stop word of ``language``, or of any without one.

    Words in Latin letters may lack their accents; in capitals they are none, for US and
    WHO are names. Arabic spelling counts: على is one, and علي (Ali) is none.
    """
    written = normalise(word)
    if _ARABIC.fullmatch(written):
        forms = {written, _AND.sub("", written)}
    elif len(written) > 1 and written.isupper():
        return False
    else:
        forms = {fold(written)}
    lists = _words()
    languages = lists if language is None else {language}
    return any(forms & lists.get(code, frozenset()) for code in languages)


@cache
def _words() -> dict[str, frozenset[str]]:
    """Return language -> its stop words: Arabic ones as written, others folded."""
    lists: dict[str, set[str]] = {}
    language = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if section := _SECTION.fullmatch(text):
            language = section[1]
        for word in [] if section else text.split():
            written = normalise(word)
            listed = written if _ARABIC.fullmatch(written) else fold(written)
            lists.setdefault(language, set()).add(listed)
    return {code: frozenset(words) for code, words in lists.items()}
