"""Stems for words that no dictionary has: names above all, and new words.

What a dictionary cannot decide is left open: a word gets every stem that it may have,
and two words meet where they share one. لحموشي is "to Hammouchi" or a name with L, so it
has both stems; حموشي and وحموشي share one of them with it.
"""

import re

_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)(?=...)")
_PARTICLE = re.compile("[وفبلك](?=...)")
_CONJUNCTION_AND_PARTICLE = re.compile("[وف][بلك](?=...)")
_FIRST_LETTERS = frozenset("اوفبلك")

# Endings, and what stands in their place in the stem.
_ENDINGS = (
    *(("تها", "ه"), ("تهم", "ه"), ("تنا", "ه"), ("ته", "ه"), ("اته", "ه")),
    *(("ات", ""), ("ات", "ه"), ("ون", ""), ("ين", ""), ("ان", "")),
    *(("ها", ""), ("هم", ""), ("نا", ""), ("ه", "")),
)
_BY_LAST_LETTER = {
    letter: [ending for ending in _ENDINGS if ending[0].endswith(letter)]
    for letter in "همتاني"
}
_SHORTEST = 3


def stems(word: str) -> tuple[str, ...]:
    """Return the stems that a folded ``word`` may have, the likeliest first.

    The light stemming of Larkey, Ballesteros and Connell ("Improving stemming for Arabic
    information retrieval", 2002), with the particles that it leaves on, and without
    deciding for one stem.
    """
    starts = _starts(word) if word[:1] in _FIRST_LETTERS else [word]
    found = dict.fromkeys(starts)
    endings = _BY_LAST_LETTER.get(word[-1:], ())
    for start in starts:
        for ending, instead in endings:
            if start.endswith(ending) and len(start) - len(ending) >= _SHORTEST:
                found[start[: len(start) - len(ending)] + instead] = None
    return tuple(found)


def _starts(word: str) -> list[str]:
    if article := _ARTICLE.match(word):
        return [word[article.end() :]]
    particles = (_PARTICLE.match(word), _CONJUNCTION_AND_PARTICLE.match(word))
    return [word, *(word[found.end() :] for found in particles if found)]
