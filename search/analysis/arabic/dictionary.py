"""simplemma's Arabic dictionary, mended for looking up the words of newspapers.

The dictionary gives one lemma for a form, and where its sources disagreed the form
itself. ``entries`` mends that, by rules only:

* *Without the article.* الكتب has the lemma كتاب, كتب only that of the verb: what is
  known of a form with the article holds without it.
* *Forms left to themselves.* يكتب is its own lemma, but يكتبان has كتب: a form that
  nothing else speaks for takes the lemma of a sibling, which has another ending.
* *Nouns made of verbs.* احتفال has the verb احتفل, الاحتفال has احتفال. Verbal nouns and
  participles are words of their own here: who looks for one does not want the other.
* *Feminines.* مديرة is the feminine of مدير, since المديرتان is a form of it; مدرسة is not
  that of مدرس, and has its dual مدرستان with it.
* *Two spellings.* ارهاب and إرهاب are one lemma, the one with more forms.
* *Two answers.* صحف is a verb, and for what is derived from it the plural of صحيفة: a
  form that is the lemma of others is a lemma of its own too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import (
    DefaultDictionaryFactory,
)

from search.analysis.letters import fold, fold_all

OWN_WORDS = Path(__file__).parent.parent / "data" / "arabic.txt"
"""Our own list of words: what newspapers print and the dictionary lacks or has wrong."""

_ARABIC = re.compile("[ء-غف-ي]+")

# The siblings of a form: an ending that it has, what stands there instead, and how much
# the sibling has to say. One that only adds to the form says most.
_SIBLINGS = (
    *(("", "ا", 3), ("", "ان", 3), ("", "تان", 3)),
    *(("ون", "ي", 2), ("ون", "ان", 1), ("ون", "", 1), ("ين", "ان", 1), ("ين", "", 1)),
    *(("وا", "ا", 1), ("وا", "ان", 1), ("وا", "", 2), ("وا", "ي", 1), ("وا", "ى", 2)),
    *(("ت", "تا", 2), ("ت", "", 1), ("ت", "ي", 2), ("ت", "ى", 2), ("ي", "ا", 1)),
    *(("ن", "ا", 1), ("ن", "ان", 1), ("تم", "تما", 1), ("تن", "تما", 1)),
    *(("نا", "تما", 1), ("نا", "", 1)),
)
_INFLECTED = re.compile("(?!.*ة$)(?:[يتنأا]...*|..+(?:ون|ين|وا|ت|تم|تن|نا|ات|يا))")
# Persons of the imperfect, which have a sibling in the third.
_PERSONS = ("ت", "ن", "ا", "أ")
# وزير with the plural وزراء: a person, whose feminine is one more form.
_PLURAL_OF_PERSONS = re.compile("(.)(.)(.)اء")
_FEMININE_DUAL = re.compile("(?<=...)(?:تان|تين)$")
# Forms that make a spelling of a lemma more than a slip.
_SLIPS = 2
# Forms up to which a form that looks inflected may be one of another lemma.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One form with one of its lemmas, both as written.

    Attributes:
        form: as printed, without vowel signs.
        lemma: its dictionary form.
        certain: whether anything but the form itself speaks for the lemma.
    """

    form: str
    lemma: str
    certain: bool


def entries() -> Iterator[Entry]:
    """Yield the forms of the dictionary with their lemmas, mended; some twice."""
    own = list(_own_words())
    yield from own
    ours = {fold(entry.form) for entry in own}
    pairs = _read()
    words = _Words(pairs)
    for form, lemma in pairs:
        if fold(form.removeprefix("ال")) not in ours:
            yield from _mended(form, lemma, words)


def _own_words() -> Iterator[Entry]:
    """Yield the words of ``OWN_WORDS``: lines "lemma = form form", a lemma a line."""
    for line in OWN_WORDS.read_text(encoding="utf-8").splitlines():
        lemma, _, forms = line.partition("#")[0].partition("=")
        for form in dict.fromkeys([*lemma.split(), *forms.split()]):
            yield Entry(form, lemma.strip(), certain=True)


def _mended(form: str, lemma: str, words: "_Words") -> Iterator[Entry]:
    folded, head = fold(form), words.head(lemma)
    bare = form.removeprefix("ال")
    if is_made_of_verb(fold(bare), fold(head)) and not (
        words.is_noun(fold(head)) and _is_broken_plural(fold(bare))
    ):
        yield Entry(form, words.head(bare), certain=True)
    elif fold(head) != folded:
        yield Entry(form, head, certain=True)
        if words.support(folded) > _SLIPS:
            yield Entry(form, words.head(form), certain=True)
    elif not _looks_inflected(form, words.support(folded)):
        yield Entry(form, head, certain=True)
    else:
        found = words.lemmas_of_siblings(form)
        for other in found or [head]:
            yield Entry(form, other, certain=bool(found))
    for verb in words.other_verbs(folded):
        yield Entry(form, verb, certain=True)
    if noun := words.feminine_of_dual(fold(bare)):
        yield Entry(form, noun, certain=True)
    if adjective := words.relative_of_adverb(folded):
        yield Entry(form, adjective, certain=True)


def _looks_inflected(form: str, support: int) -> bool:
    """Whether a form that is its own lemma may be a form of another one.

    The plurals of relative adjectives always are: أمنيون is of أمني.
    """
    if form.endswith(("يون", "يين")):
        return True
    return support <= _FEW and bool(_INFLECTED.fullmatch(form))


def is_made_of_verb(noun: str, verb: str) -> bool:
    """Whether ``noun`` is a verbal noun or participle of ``verb``; both folded."""
    if noun == verb or len(verb) < 2 or len(noun) < len(verb):
        return False
    if noun[0] == "م" and verb[0] != "م":
        # Participles and nouns of place, but not plurals such as مشايخ.
        return noun == f"م{verb}" or not re.fullmatch("م.ا..?.", noun)
    return noun in _nouns_made_of(verb)


def _nouns_made_of(verb: str) -> Iterator[str]:
    """Yield the nouns that a verb of this pattern would have."""
    if len(verb) == 3:
        first, second, third = (*verb,)
        yield f"ت{first}{second}ي{third}"
        yield f"{first}{second}ا{third}ه"
        yield f"{first}{second}و{third}ه"
        yield f"{first}ا{'ء' if second == 'ا' else second}{third}"
        if second == "ا":
            yield f"{first}و{third}"
        # قضى قضاء, دعا دعوة
        if third in "اي":
            yield f"{first}{second}اء"
            yield f"{first}{second}وه"
    elif verb[0] == "ا":
        # احتفل احتفال, أغرق إغراق, استدعى استدعاء, استقال استقالة
        yield f"{verb[:-1]}ا{verb[-1]}"
        yield f"{verb[:-1]}اء"
        if verb.startswith("است"):
            yield f"{verb}ه"
    elif len(verb) == 4 and verb[1] == "ا":
        yield f"{verb[0]}{verb[2]}ا{verb[3]}"


def _is_broken_plural(noun: str) -> bool:
    """Whether ``noun`` may as well be the plural of an active participle: عمال."""
    return len(noun) == 4 and noun[2] == "ا"


def _read() -> list[tuple[str, str]]:
    """Return simplemma's (form, lemma) pairs, each with and without the article."""
    dictionary = DefaultDictionaryFactory().get_dictionary("ar")
    pairs: dict[tuple[str, str], None] = {}
    for form, lemma in dictionary.items():
        if not (_ARABIC.fullmatch(form) and _ARABIC.fullmatch(lemma)):
            continue
        bare = form.removeprefix("ال")
        if bare == form or len(bare) < 2:
            pairs[form, lemma] = None
        else:
            # No verb has the article: الرأي is of رأي, not of رأى.
            noun = bare if lemma == f"{bare[:-1]}ى" else lemma.removeprefix("ال")
            pairs |= {(form, noun): None, (bare, noun): None}
    return list(pairs)


class _Words:
    """What the forms of the dictionary say of each other."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        forms, lemmas = zip(*pairs, strict=True)
        # Lemmas in the order of the pairs: of equal votes the first counts, and a set
        # has another order in every process.
        self._lemmas_of: dict[str, dict[str, None]] = defaultdict(dict)
        self._lemmas_of_printed: dict[str, dict[str, None]] = defaultdict(dict)
        self._forms_of: dict[str, set[str]] = defaultdict(set)
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for printed, form, lemma, spelled in zip(
            forms, fold_all(forms), fold_all(lemmas), lemmas, strict=True
        ):
            self._lemmas_of[form][lemma] = None
            self._lemmas_of_printed[printed][lemma] = None
            self._forms_of[lemma].add(form)
            spellings[lemma][spelled] += 1
        self._spelled = {
            lemma: _without_slips(counts) for lemma, counts in spellings.items()
        }

    def support(self, folded: str) -> int:
        """Count the forms that have the folded lemma."""
        return len(self._forms_of.get(folded, ()))

    def head(self, lemma: str) -> str:
        """Return the lemma under which ``lemma`` is kept: its masculine, its spelling."""
        folded = fold(lemma)
        if folded.endswith("ه") and self._is_feminine(folded):
            lemma, folded = lemma[:-1], folded[:-1]
        return self._spelled.get(folded, {}).get(lemma, lemma)

    def is_noun(self, folded: str) -> bool:
        """Whether a folded lemma has a form with the article."""
        return any(form.startswith("ال") for form in self._forms_of.get(folded, ()))

    def lemmas_of_siblings(self, form: str) -> list[str]:
        """Return the one or two lemmas that siblings of ``form``, as printed, have.

        Those that are printed like it go before those that only fold like it: أعلنوا is
        no form of the imperative اعلنا.
        """
        for known, asked in (
            (self._lemmas_of_printed, form),
            (self._lemmas_of, fold(form)),
        ):
            votes: Counter[str] = Counter()
            for sibling, weight in _siblings(asked):
                for lemma in known.get(sibling, ()):
                    if lemma != fold(form) and self._may_speak(lemma, fold(sibling)):
                        votes[lemma] += weight
            if votes:
                most = max(votes.values())
                return [
                    self._spelling(lemma)
                    for lemma, count in votes.most_common(2)
                    if count >= most - 1
                ]
        return []

    def _may_speak(self, lemma: str, sibling: str) -> bool:
        return lemma != sibling or self.support(lemma) > _SLIPS

    def other_verbs(self, form: str) -> Iterator[str]:
        """Yield verbs that have ``form``, folded, when its vowels are not printed.

        يسقط is "falls" and "drops", يقوم is of قام and of قوم, ألقت of ألقى.
        """
        if self.support(form) > _SLIPS:
            return
        for verb in dict.fromkeys(self._guessed_verbs(form)):
            if self._is_conjugated(verb):
                yield self._spelling(verb)

    def _guessed_verbs(self, form: str) -> Iterator[str]:
        if len(form) > 3:
            for ending in ("ت", "وا"):
                if form.endswith(ending):
                    yield f"{form.removesuffix(ending)}ي"
        if len(form) < 4 or form[0] not in "يتن":
            return
        stem = re.sub("(?<=..)(ون|وا|ان|ين)$", "", form[1:])
        if len(stem) == 3 and stem[1] in "وي":
            hollow = f"{stem[0]}ا{stem[2]}"
            # يعيد is of أعاد, since يعود is that of عاد.
            if stem[1] == "و" or f"ي{stem[0]}و{stem[2]}" not in self._lemmas_of:
                yield hollow
            if stem[1] == "ي":
                yield f"ا{hollow}"
        elif len(stem) == 3:
            yield stem
            yield f"ا{stem}"

    def relative_of_adverb(self, form: str) -> str | None:
        """Return رسمي for رسميا, folded: the adjective that an adverb is made of."""
        adjective = form[:-1]
        if (
            form.endswith("يا")
            and self.support(adjective) > _FEW
            and self.is_noun(adjective)
        ):
            return self._spelling(adjective)
        return None

    def feminine_of_dual(self, form: str) -> str | None:
        """Return مدرسة for مدرستان, folded: both مدرسة and مدرس have it."""
        feminine = _FEMININE_DUAL.sub("ه", form)
        if (
            feminine == form
            or feminine not in self._spelled
            or self._is_feminine(feminine)
        ):
            return None
        return self._spelling(feminine)

    def _is_conjugated(self, verb: str) -> bool:
        forms = self._forms_of.get(verb, ())
        return any(form.endswith(("تما", "وا")) or form[0] == "ي" for form in forms)

    def _spelling(self, folded: str) -> str:
        return next(iter(self._spelled[folded]))

    def _is_feminine(self, folded: str) -> bool:
        masculine = folded[:-1]
        forms = self._forms_of.get(folded, ())
        if not all(form.removeprefix("ال").startswith(masculine) for form in forms):
            # مدرسة has مدارس.
            return False
        if is_made_of_verb(folded, masculine) or re.fullmatch("م.ا..", masculine):
            return False
        if masculine in self._lemmas_of.get(f"ال{masculine}تان", ()):
            return True
        plural = re.sub("^(.)(.)ي(.)$", r"\1\2\3اء", masculine)
        return masculine in self._lemmas_of.get(plural, ()) and plural != masculine


def _siblings(form: str) -> Iterator[tuple[str, int]]:
    for ending, instead, weight in _SIBLINGS:
        if form.endswith(ending):
            yield form[: len(form) - len(ending)] + instead, weight
    if form.startswith(_PERSONS):
        yield f"ي{form[1:]}", 2


def _without_slips(counts: Counter[str]) -> dict[str, str]:
    """Map the spellings of a folded lemma to those that are kept.

    A bare alef stands for the alef with hamza or madda of a spelling with more forms,
    and the other way about; not at the end, where بدا and بدأ are two verbs.
    """
    kept: dict[str, str] = {}
    for spelling, count in counts.most_common():
        like = (k for k in kept.values() if _differs_in_alef_only(k, spelling))
        kept[spelling] = next(like, spelling) if count <= _SLIPS else spelling
    return kept


def _differs_in_alef_only(one: str, other: str) -> bool:
    bare = str.maketrans("أإآ", "ااا")
    return one[:-1].translate(bare) + one[-1] == other[:-1].translate(bare) + other[-1]
