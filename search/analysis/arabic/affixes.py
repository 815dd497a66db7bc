"""What Arabic writes together with a word, as two tables of rules.

A rule takes an ending or a beginning off and puts letters in its place, since spelling
changes where the two meet: سياسة + هم is سياستهم, مستوى + ه is مستواه. Rules are
written with folded letters (ة is ه, ى is ي, ئ is ء), which is what they are used on.

Each rule has a *cost*. Of all ways to read a word those with the least cost are taken,
so that a word of the dictionary is never taken apart: وزير is a minister and not "and"
with زير. What may stand with nouns only, with verbs only, or with the article excludes
what may not: no word has both the article and a possessive.
"""

from dataclasses import dataclass

from search.analysis.arabic.lexicon import NOUN, VERB

ANY = NOUN | VERB


@dataclass(frozen=True, slots=True)
class Affix:
    """A rule.

    Attributes:
        text: the letters that are taken off.
        instead: the letters put in their place.
        cost: how much less likely the reading gets.
        roles: ``NOUN``, ``VERB`` or both: with what it stands.
        definite: the article is in it, or it excludes the article.
        teh_marbuta: what is put in its place is ة, and no other ه.
        any_spelling: its alef may have a hamza, its ه be a ة.
        of_lemma: it is added to the lemma itself, not to another form of it.
    """

    text: str
    instead: str = ""
    cost: int = 0
    roles: int = ANY
    definite: bool = False
    teh_marbuta: bool = False
    any_spelling: bool = False
    of_lemma: bool = False


# Beginnings of the imperfect, where the dictionary lacks the person that is printed:
# أستقبل, تستقبل and نستقبل are يستقبل.
_PERSONS = (
    Affix("ت", "ي", 6, VERB),
    Affix("ن", "ي", 6, VERB),
    Affix("ا", "ي", 6, VERB, any_spelling=True),
)

_AFTER_CONJUNCTION = (
    Affix(""),
    Affix("ب", "", 3),
    Affix("ك", "", 4),
    Affix("ل", "", 3),
    Affix("س", "", 3, VERB),
    Affix("ال", "", 1, definite=True),
    Affix("بال", "", 3, definite=True),
    Affix("كال", "", 3, definite=True),
    Affix("لل", "", 3, definite=True),
    # للجنة is ل and اللجنة: three lams would be written as two.
    Affix("لل", "ل", 3, definite=True),
    *_PERSONS,
    *(
        Affix(f"س{a.text}", a.instead, a.cost + 2, VERB, any_spelling=a.any_spelling)
        for a in _PERSONS
    ),
)

_CONJUNCTIONS = (("", 0), ("و", 2), ("ف", 3))

PREFIXES = tuple(
    Affix(
        conjunction + affix.text,
        affix.instead,
        affix.cost + cost,
        affix.roles,
        affix.definite,
        any_spelling=affix.any_spelling,
    )
    for conjunction, cost in _CONJUNCTIONS
    for affix in _AFTER_CONJUNCTION
)

_PRONOUNS = ("ه", "ها", "هم", "هن", "هما", "ك", "كم", "كن", "كما", "نا", "ي", "ني")

# In what newspapers print of others.
_RARE_PRONOUNS = ("ك", "كم", "كن", "كما", "ي", "ني")

# What a pronoun leaves of the word before it.
_POSSESSED = (
    Affix("", "", 3),
    Affix("ت", "ه", 2, teh_marbuta=True),
    Affix("ا", "ي", 4),
    Affix("و", "", 5, NOUN),
    Affix("ي", "", 5, NOUN),
    Affix("ا", "ان", 5, NOUN),
    Affix("تا", "ه", 5, NOUN, teh_marbuta=True),
    Affix("تي", "ه", 5, NOUN, teh_marbuta=True),
    Affix("و", "وا", 4, VERB),
    Affix("ات", "ه", 5, NOUN, teh_marbuta=True, of_lemma=True),
    Affix("ات", "", 6, NOUN, of_lemma=True),
)

_ENDINGS = (
    Affix(""),
    Affix("ا", "", 2),
    Affix("ات", "ه", 4, NOUN, teh_marbuta=True, of_lemma=True),
    Affix("ات", "", 6, NOUN, of_lemma=True),
    Affix("ون", "", 4),
    Affix("ين", "", 4),
    Affix("ان", "", 4),
    Affix("ون", "ي", 6, VERB),
    Affix("تان", "ه", 4, NOUN, teh_marbuta=True),
    Affix("تين", "ه", 4, NOUN, teh_marbuta=True),
    Affix("تا", "ه", 6, NOUN, teh_marbuta=True),
    Affix("تي", "ه", 6, NOUN, teh_marbuta=True),
    Affix("و", "", 6, NOUN),
    Affix("ه", "", 6, NOUN, any_spelling=True, of_lemma=True),
    Affix("ي", "", 8, NOUN),
    Affix("وا", "", 4, VERB),
    Affix("ت", "", 4, VERB),
    Affix("ت", "ي", 4, VERB),
    Affix("وا", "ي", 4, VERB),
    Affix("وا", "ا", 4, VERB),
    Affix("تا", "", 6, VERB),
    Affix("تم", "", 6, VERB),
    Affix("نا", "", 6, VERB),
    Affix("ن", "", 6, VERB),
)

SUFFIXES = _ENDINGS + tuple(
    Affix(
        affix.text + pronoun,
        affix.instead,
        affix.cost + (pronoun in _RARE_PRONOUNS),
        affix.roles & (VERB if pronoun == "ني" else ANY),
        definite=True,
        teh_marbuta=affix.teh_marbuta,
        of_lemma=affix.of_lemma,
    )
    for affix in _POSSESSED
    for pronoun in _PRONOUNS
    if affix.roles & (VERB if pronoun == "ني" else ANY)
)
