"""Stems for words that no dictionary has: names above all, and new words.

What a dictionary cannot decide is left open: a word gets every stem that it may have,
and two words meet where they share one. لحموشي is "to Hammouchi" or a name with L, so it
has both stems; حموشي and وحموشي share one of them with it.
"""

import re

_ARTICLE = re.compile("^[وف]?(?:[بك]?ال|لل)(?=...)")
_PARTICLE = re.compile("^[وفبلك](?=...)")
_CONJUNCTION_AND_PARTICLE = re.compile("^[وف][بلك](?=...)")

# Endings, and what stands in their place in the stem.
_ENDINGS = (
    *(("تها", "ه"), ("تهم", "ه"), ("تنا", "ه"), ("ته", "ه"), ("اته", "ه")),
    *(("ات", ""), ("ات", "ه"), ("ون", ""), ("ين", ""), ("ان", "")),
    *(("ها", ""), ("هم", ""), ("نا", ""), ("ه", "")),
)
_SHORTEST = 3


def stems(word: str) -> tuple[str, ...]:
    """Return the stems that a folded ``word`` may have, the likeliest first.

    The light stemming of Larkey, Ballesteros and Connell ("Improving stemming for Arabic
    information retrieval", 2002), with the particles that it leaves on, and without
    deciding for one stem.
    """
    without_article = _ARTICLE.sub("", word)
    if without_article != word:
        starts = [without_article]
    else:
        starts = [word]
        for prefix in (_PARTICLE, _CONJUNCTION_AND_PARTICLE):
            if match := prefix.match(word):
                starts.append(word[match.end() :])
    found = dict.fromkeys(starts)
    for start in starts:
        for ending, instead in _ENDINGS:
            if start.endswith(ending) and len(start) - len(ending) >= _SHORTEST:
                found[start[: len(start) - len(ending)] + instead] = None
    return tuple(found)
