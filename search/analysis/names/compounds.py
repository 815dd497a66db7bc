"""Names of several words that are one: Abd al-Latif, عبد اللطيف, عبداللطيف, Abdellatif.

Newspapers write them in one word or in several, with the article as it is spelt (al-,
el-) or as it is heard before the next letter (ar-Rahman, ed-Din, Noureddine).
"""

import re
from collections.abc import Iterator, Sequence

from search.analysis.letters import fold
from search.analysis.tokens import written_words

_ARTICLES = frozenset({"al", "el", "ul", "ال"})
_HEARD_ARTICLE = re.compile("[aeu](?P<letter>[dnrstz]|[sc]h)")

_VOWELS = "[aeiou]+"
_COMPOUNDS = (
    re.compile(f"(?P<one>abd){_VOWELS}l[-' ]?(?P<two>[a-z']{{3,}})"),
    re.compile(
        f"(?P<one>abd){_VOWELS}(?P<heard>[sc]h|[dnrstz])-?(?P<two>(?P=heard).+)"
    ),
    re.compile(f"(?P<one>[a-z']{{2,}}?){_VOWELS}(?:l-?|d-?)(?P<two>din[ea]?)"),
    re.compile("(?P<one>عبد)(?P<two>ال.{2,})"),
    re.compile("(?P<one>.{2,})(?P<two>الدين)"),
)


def joined(name: str) -> str:
    """Return ``name`` in one word, without an article before it.

    Inside a name the article stays: "Abd al-Latif" gives Abdallatif, "al-Latif" Latif.
    """
    return "".join(_without_article(written_words(name)))


def name_parts(name: str) -> tuple[str, ...]:
    """Return the two words that the word ``name`` is made of, or ``name`` alone.

    Folded: Abdellatif gives abd and latif, عبداللطيف gives عبد and اللطيف.
    """
    folded = fold(name)
    matches = filter(None, (pattern.fullmatch(folded) for pattern in _COMPOUNDS))
    for match in matches:
        one, two = match["one"], match["two"]
        return (one, "allah" if two == "lah" else two)
    return (folded,)


def _without_article(words: Sequence[str]) -> Iterator[str]:
    start = int(len(words) > 1 and _is_article(*words[:2]))
    yield from words[start:]


def _is_article(word: str, following: str) -> bool:
    word = fold(word)
    heard = _HEARD_ARTICLE.fullmatch(word)
    return word in _ARTICLES or bool(
        heard and fold(following).startswith(heard["letter"])
    )
