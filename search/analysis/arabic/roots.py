"""The consonantal root of an Arabic lemma: كتب for مكتبة, وصل for اتصال.

Most Arabic words are a root in a pattern. ``PATTERNS`` lists the patterns as grammars
write them, as what the root فعل would make of them: مكتبة is a مفعلة, so ك, ت and ب stand
where ف, ع and ل do. Weak roots lose a letter in most patterns, so each row says what root
it stands for: قال is a فال, from فول or فيل. That much is the idea of Taghva, Elkhoury and
Coombs ("Arabic stemming without a root dictionary", 2005); but several patterns fit most
words, and here the dictionary decides, as a root is the likelier the more of the words
that it could make are known: زار is from زور, since يزور is a word and يزير is none.

Against that stands a *cost*: of a rare pattern, of an ending that was taken off, and of
hamzas that the pattern has and the print has not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from search.analysis.letters import fold, normalise

# Roots, their patterns, and the cost of reading a word so. Of two roots that are equally
# likely the first is taken. The fourth letter of a root is the last ل of its pattern.
PATTERNS = (
    ("فعل", "فعل فاعل فعال فعيل فعول أفعل مفعل مفعول فعلان فعلى", 0),
    ("فعل", "فاعول مفعال مفعيل أفعول أفعال أفعلاء", 0),
    ("فعل", "تفعل تفعيل تفاعل متفعل متفاعل مفاعل إفعال تفعال", 0),
    ("فعل", "انفعل انفعال منفعل افتعل افتعال مفتعل", 0),
    ("فعل", "استفعل استفعال مستفعل", 0),
    ("فعل", "فعائل فواعل فواعيل مفاعيل أفاعل أفاعيل تفاعيل", 0),
    ("فعل", "فعالى فعلاء", 1),
    # آ is a hamza of the root with the alef of the pattern, إي one with its vowel.
    ("ءعل", "آعل آعال مآعل إيعال", 0),
    ("فول فيل", "فال فائل فيال مفال مفيل مفول أفال إفال", 0),
    ("فول فيل", "استفال مستفيل مستفال انفال انفيال منفال افتال افتيال مفتال", 0),
    ("فول فيل", "فيل", 1),
    ("فعو فعي", "فعاة فاعي فعاء مفعى مفعي مفعا مفاعي مفاعا", 0),
    ("فعو فعي", "أفعى أفعي أفعاء إفعاء تفعى تفعي تفاعى تفاعي متفعي متفاعي", 0),
    ("فعو فعي", "انفعى انفعاء منفعي افتعى افتعاء مفتعي مفتعى", 0),
    ("فعو فعي", "استفعى استفعاء مستفعي مستفعى فعايا فعوى فواعي أفاعي", 0),
    # In a verb of three letters و becomes ا, and ي becomes ى.
    ("فعو", "فعا", 0),
    ("فعو فعي", "فاع", 3),
    ("وعل", "علة إيعال ميعال استيعال", 0),
    ("وعل ءعل", "اتعل اتعال متعل", 0),
    ("وعي", "إيعاء استيعاء اتعى اتعاء متعي", 0),
    ("فعع", "فع مستفع استفع منفع انفع مفتع افتع متفاع تفاع", 0),
    ("فعع", "مفع أفع مفاع فواع أفعاء", 2),
    ("فعع", "فاع", 3),
    # The ت of افتعل takes after the letter before it.
    ("زعل", "ازدعل ازدعال مزدعل", 0),
    ("زول زيل", "ازدال ازديال مزدال", 0),
    ("صعل", "اصطعل اصطعال مصطعل", 0),
    ("صعو صعي", "اصطعى اصطعاء مصطعى", 0),
    ("ضعل", "اضطعل اضطعال مضطعل", 0),
    ("ضعع", "اضطع مضطع", 0),
    ("طعل", "اطعل اطعال", 0),
    ("دعل ذعل", "ادعل ادعال مدعل", 2),
    ("دعو دعي", "ادعى ادعاء مدعي مدعى", 0),
    ("فعلل", "فعلل فعلال فعلول فعليل فعالل فعاليل فيعلول", 2),
    ("فعلل", "تفعلل مفعلل متفعلل افعلل افعللال افعلال", 2),
)

# Words that a living root of each kind makes. Some tell it from its likes: a root with
# و at its end has دعا, one with ي has قضايا. The fourth letter of a root is written 4.
_QUADRILITERAL = "فعل4 يفعل4 فعل4ة مفعل4 تفعل4 فعال4 فعالي4 متفعل4"
_DOUBLED = "فع يفع أفع فعل فعول فعيل مفعول تفعيل استفعال أفعال افتعال فعال"
_FINAL_WAW = "يفعل فعل فعلة فعا فاعي فعاء تفعية إفعاء انفعاء استفعاء تفاعي"
_FINAL_YEH = "يفعل فعل فعلة فعايا فاعي فعاء تفعية إفعاء انفعاء استفعاء تفاعي"
_HOLLOW = "فعل يفعل تفعيل أفعال فعول مفاعلة تفاعل فائل فال أفال إفالة استفال"
_FINAL_HAMZA = "يفعلون فعل فاعل مفعول تفعلة مفاعلة فعالة إفعال افتعال استفعال فعول"
_FIRST_WEAK = "فعل يعل فاعل مفعول مفعل تفعيل اتعال مفاعلة أفعال أفعل فعول فعال إيعال"
_SOUND = (
    "فعل يفعل فاعل مفعول تفعيل فعال أفعال فعول فعيل مفعل افتعال تفاعل استفعال انفعال"
)

_ENDINGS = {"": 0, "ة": 0, "ية": 0, "ي": 0, "ات": 1, "يات": 1, "اوي": 1, "اوية": 1}
"""What is taken off a lemma before its pattern is looked for, and the cost of it."""

_PARTICLES = frozenset(
    fold(word)
    for line in (
        "من في على إلى عن مع حتى هذا هذه ذلك تلك هؤلاء الذي التي الذين لكن لم لن لا ما قد",
        "إن أن كما هو هي هم نحن أنا أنت ثم أو أم بل هل إذا إذ لو لقد ليس سوف منذ أي كي عند",
        "لدى غير حيث بين",
    )
    for word in line.split()
)
"""Words that are made of no root."""

_PLACES = "فعل"
_TRILITERAL = 3
_ROOT_LETTERS = frozenset("ءبتثجحخدذرزسشصضطظعغفقكلمنهوي")
"""The letters of folded words but the alef, which stands for و, ي or ء in a root."""

_SUPPORT = 8
"""What speaks for a root all of whose words are known, in units of cost."""

IsForm = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern of the table, and for each root its letters, or their places in words."""

    text: str
    roots: tuple[tuple[int | str, ...], ...]
    cost: int


def root_of(lemma: str, is_form: IsForm) -> str | None:
    """Return the root of ``lemma``, three or four folded letters, or None.

    ``is_form`` tells of a folded word whether it is a form of any word of the
    dictionary. Its answers are kept: give the same function for the same dictionary.
    """
    printed = normalise(lemma)
    folded = fold(printed)
    # Where folding changes the number of letters, the word is not Arabic.
    if folded in _PARTICLES or len(folded) != len(printed):
        return None
    costs: dict[str, int] = {}
    stems = set()
    for ending, cost in _ENDINGS.items():
        if printed.endswith(ending):
            length = len(printed) - len(ending)
            stems.add(folded[:length])
            for root, charge in _readings(printed[:length], folded[:length]):
                costs[root] = min(costs.get(root, cost + charge), cost + charge)
    return _likeliest(costs, stems, is_form)


def _likeliest(costs: dict[str, int], stems: set[str], is_form: IsForm) -> str | None:
    """Return the root that has most known words, the lemma itself aside, for its cost."""
    balances = {}
    for root, cost in costs.items():
        support = len(_known_words(root, is_form) - stems) / len(_words(root))
        # A word that is no more than its letters needs no other word beside it.
        if support or (root in stems and len(root) == _TRILITERAL):
            balances[root] = cost - _SUPPORT * support
    return min(balances, key=balances.__getitem__, default=None)


def _readings(printed: str, folded: str) -> Iterator[tuple[str, int]]:
    """Yield the roots whose patterns the word fits, and the cost of each."""
    letters = folded.replace("ا", "ء")
    for fixed, patterns in _COMPILED.get(len(folded), {}).items():
        for pattern in patterns.get("".join([folded[n] for n in fixed]), ()):
            cost = pattern.cost + _spelling_cost(printed, pattern.text)
            for places in pattern.roots:
                root = "".join(
                    [n if isinstance(n, str) else letters[n] for n in places]
                )
                # احمرار is from حمر.
                root = root[:3] if root[2:3] == root[3:] else root
                if _is_possible(root):
                    yield root, cost


def _is_possible(root: str) -> bool:
    """Whether there may be such a root: its first letters differ, and قوو is قوي."""
    if not _ROOT_LETTERS.issuperset(root) or root[0] == root[1]:
        return False
    return root[1] not in "وي" or root[2] != "و"


def _spelling_cost(printed: str, pattern: str) -> int:
    """Return the cost of letters that are printed other than the pattern has them."""
    return sum(
        _letter_cost(letter, meant, place)
        for place, (letter, meant) in enumerate(zip(printed, pattern, strict=True))
        if letter != meant and letter in "اأإآىةي"
    )


def _letter_cost(letter: str, meant: str, place: int) -> int:
    if letter == "ا":
        # Newspapers leave out a hamza at the beginning of a word rather than inside.
        return 3 if meant in _PLACES and place else 1
    if meant in _PLACES:
        return {"ة": 9, "آ": 3}.get(letter, 0)
    return 0 if letter == "ي" else 2


@lru_cache(maxsize=2**16)
def _known_words(root: str, is_form: IsForm) -> frozenset[str]:
    letters = str.maketrans(dict(zip("فعل4", root, strict=False)))
    words = [word.translate(letters) for word in _words(root)]
    if "ء" in root:
        words = [next(filter(is_form, _spellings(word)), word) for word in words]
    return frozenset(filter(is_form, words))


def _spellings(word: str) -> Iterator[str]:
    """Yield how folded text may spell ``word``, which has each hamza as ء."""
    if word[0] == "ء":
        word = f"ا{word[1:]}"
    word = word.replace("ءا", "ا").replace("اا", "ا")
    yield word
    # Not at the end: the dual of يعض is written as a verb عضأ would be.
    yield word[:-1].replace("ء", "ا") + word[-1]


def _words(root: str) -> tuple[str, ...]:
    """Return the words of roots of the same kind, folded, with places for the letters."""
    if root[_TRILITERAL:]:
        return _fold_words(_QUADRILITERAL)
    first, second, third = root[0], root[1], root[2]
    if second == third:
        return _fold_words(_DOUBLED)
    if third in "وي":
        return _fold_words(_FINAL_WAW if third == "و" else _FINAL_YEH)
    if second in "وي":
        return _fold_words(_HOLLOW)
    if third == "ء":
        return _fold_words(_FINAL_HAMZA)
    return _fold_words(_FIRST_WEAK if first in "وي" else _SOUND)


@lru_cache(maxsize=16)
def _fold_words(words: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words.split())


_Compiled = dict[int, dict[tuple[int, ...], dict[str, list[_Pattern]]]]


def _compile() -> _Compiled:
    """Arrange the patterns by length, then by the places and letters that are fixed."""
    compiled: _Compiled = {}
    for roots, patterns, cost in PATTERNS:
        for text in patterns.split():
            fixed = tuple(n for n, letter in enumerate(text) if letter not in _PLACES)
            pattern = _Pattern(
                text, tuple(_places(r, text) for r in roots.split()), cost
            )
            alike = compiled.setdefault(len(text), {}).setdefault(fixed, {})
            alike.setdefault("".join(fold(text[n]) for n in fixed), []).append(pattern)
    return compiled


def _places(root: str, text: str) -> tuple[int | str, ...]:
    places = [text.index(letter) if letter in _PLACES else letter for letter in root]
    if len(root) > _TRILITERAL:
        places[-1] = text.rindex("ل")
    return tuple(places)


_COMPILED = _compile()
