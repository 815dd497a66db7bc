"""Arabic roots: which words are one family.

``roots.tsv`` was written by hand before anything was measured: press lemmas, their root.
"""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import fold
from search.analysis.arabic.lexicon import shipped_lexicon
from search.analysis.arabic.packing import HALF, LETTERS, code
from search.analysis.arabic.roots import root_of

ROOTS = Path(__file__).with_name("roots.tsv")

IsForm = Callable[[str], bool]


def dictionary_of(words: str) -> IsForm:
    return {fold(word) for word in words.split()}.__contains__


@pytest.fixture(scope="module")
def is_form() -> IsForm:
    """Ask the dictionary that is shipped."""
    forms = set(shipped_lexicon().forms.tolist())
    letters = set(LETTERS)
    return lambda word: (
        len(word) <= HALF and letters.issuperset(word) and code(word) in forms
    )


def gold() -> list[tuple[str, str | None]]:
    lines = ROOTS.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(word, None if root == "-" else root) for word, root in pairs]


def test_nine_in_ten_press_words_have_the_right_root(is_form: IsForm) -> None:
    pairs = gold()
    right = [word for word, root in pairs if root_of(word, is_form) == root]
    assert len(right) / len(pairs) > 0.9


@pytest.mark.parametrize(
    ("lemma", "known", "root"),
    [
        pytest.param("مكتبة", "كتب يكتب", "كتب", id="sound"),
        pytest.param("استقبال", "يقبل", "قبل", id="tenth form"),
        pytest.param("زار", "يزور", "زور", id="hollow with waw"),
        pytest.param("باع", "يبيع", "بيع", id="hollow with yeh"),
        pytest.param("دعا", "يدعو", "دعو", id="final waw"),
        pytest.param("قضاء", "يقضي", "قضي", id="final yeh"),
        pytest.param("قراءة", "قارئ مقروء يقرؤون", "قرء", id="final hamza"),
        pytest.param("استعداد", "يعد عدد", "عدد", id="doubled"),
        pytest.param("اتصال", "يصل واصل", "وصل", id="waw taken up by the eighth form"),
        pytest.param("صلة", "يصل واصل", "وصل", id="waw left out"),
        pytest.param("ازدهار", "يزهر", "زهر", id="eighth form after zain"),
        pytest.param("اضطرار", "ضرر يضرب", "ضرر", id="eighth form after dad"),
        pytest.param("ادعى", "يدعو", "دعو", id="eighth form after dal"),
        pytest.param("مؤسسة", "تأسيس", "ءسس", id="hamza on a seat"),
        pytest.param("آثار", "تأثير", "ءثر", id="hamza in a madda"),
        pytest.param("سيطرة", "يسيطر مسيطر", "سيطر", id="four letters"),
        pytest.param("احمرار", "يحمر أحمر تحمير", "حمر", id="doubled in the pattern"),
        pytest.param("دستورية", "دستور", None, id="one word is no family"),
    ],
)
def test_words_of_a_pattern_have_the_root_that_is_in_it(
    lemma: str, known: str, root: str | None
) -> None:
    assert root_of(lemma, dictionary_of(known)) == root


def test_the_root_with_more_known_words_is_taken() -> None:
    assert root_of("مدير", dictionary_of("تمدير يمدر مدور يدور")) == "مدر"
    assert root_of("مدير", dictionary_of("دور أدوار تدوير يدور")) == "دور"


def test_a_hamza_in_print_tells_patterns_apart() -> None:
    is_form = dictionary_of("تأثير مأثور أثر يثور ثور ثورة تثوير")
    assert root_of("آثار", is_form) == "ءثر"
    assert root_of("أثار", is_form) == "ثور"


@pytest.mark.parametrize(
    "word", ["واشنطن", "لندن", "نيويورك", "على", "من", "هذا", "", "ا"]
)
def test_foreign_names_and_particles_have_no_root(word: str, is_form: IsForm) -> None:
    assert root_of(word, is_form) is None


def is_any(word: str) -> bool:
    """Know every word, so that every pattern has its turn."""
    return bool(word)


WORDS = st.text() | st.text(
    alphabet="أإآؤئءاىيةهوتنمسفعلكبدطصز\u064b\u0640", max_size=9
)


@given(WORDS)
def test_a_root_has_three_or_four_folded_letters(text: str) -> None:
    root = root_of(text, is_any)
    assert root is None or (len(root) in {3, 4} and set(root) <= set(LETTERS) - {"ا"})


@given(WORDS)
def test_composed_and_decomposed_words_have_one_root(text: str) -> None:
    composed = root_of(unicodedata.normalize("NFC", text), is_any)
    assert composed == root_of(unicodedata.normalize("NFD", text), is_any)
