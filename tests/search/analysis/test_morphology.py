"""Lemmas and roots from a morphology database, over one that is written here."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.analysis import fold, normalise
from search.analysis.arabic import families_of, lemmas_of, morphology
from search.analysis.arabic.morphology import MorphologyError, installed_morphology

# A database of camel-tools in small: stems and affixes under their normalised letters,
# with their categories; then which prefix goes with which stem (AB), which stem with
# which suffix (BC) and which prefix with which suffix (AC).
HEAD = """\
###DEFINES###
DEFINE pos pos:noun pos:verb
DEFINE diac diac:*open*
DEFINE lex lex:*open*
DEFINE root root:*open*
DEFINE source source:*open*
###DEFAULTS###
DEFAULT pos:noun diac:* lex:* root:* source:lex
DEFAULT pos:verb diac:* lex:* root:* source:lex
###ORDER###
ORDER diac lex root pos
###TOKENIZATIONS###
###STEMBACKOFF###
"""
PREFIXES = [
    ("", "None", ""),
    ("و", "Wa", "وَ"),
    ("ال", "Al", "ال"),
    ("وال", "Al", "وَال"),
    ("لل", "Al", "لِل"),
]
SUFFIXES = [("", "None", ""), ("ه", "Teh", "َة"), ("ه", "Pron", "ُه"), ("ت", "Verb", "َت")]
STEMS = [
    ("كتاب", "Noun", "كِتاب", "كِتاب_1", "ك.ت.ب"),
    ("كتب", "Noun", "كُتُب", "كِتاب_1", "ك.ت.ب"),
    ("كتب", "Verb", "كَتَب", "كَتَب-u_1", "ك.ت.ب"),
    ("كتاب", "Teh", "كِتاب", "كِتابَة_1", "ك.ت.ب"),
    ("مدرس", "Noun", "مُدَرِّس", "مُدَرِّس_1", "د.ر.س"),
    ("مدرس", "Teh", "مَدْرَس", "مَدْرَسَة_1", "د.ر.س"),
    ("قال", "Verb", "قال", "قال-u_1", "ق.#.ل"),
    ("مقال", "Noun", "مَقال", "مَقال_1", "ق.#.ل"),
    ("قوالب", "Noun", "قَوالِب", "قَوالٌ_1", "ق.#.ل"),
    ("شوش", "Noun", "شَوْش", "شَوْشٌ_1", "ش.#.خ"),
    ("وعي", "Noun", "وَعْي", "وَعْي_1", "#.ع.#"),
    ("امن", "Noun", "أَمْن", "أَمْن_1", "أ.م.ن"),
    ("امن", "Verb", "آمَن", "آمَن_1", "ء.م.ن"),
    ("احمد", "Noun", "أَحْمَد", "أَحْمَد_1", "ح.م.د"),
    ("احمد", "Verb", "اِحْمَد", "حَمِد-a_1", "ح.م.د"),
    ("لون", "Noun", "لَوْن", "لَوْن_1", "ل.#.ن"),
    ("لين", "Noun", "لِين", "لِين_1", "ل.#.ن"),
    ("عمرو", "Noun", "عَمْر", "عَمْرو_1", "ع.م.ر"),
    ("استخدم", "Verb", "ٱِسْتَخْدَم", "ٱِسْتَخْدَم_1", "خ.د.م"),
    ("علي", "Part", "عَلَى", "عَلَى_1", "ع.ل"),
    ("علي", "Noun", "عَلِيّ", "عَلِيّ_1", "ع.ل.#"),
    ("فيديو", "Noun", "فِيدِيُو", "فِيدِيُو_1", "NTWS"),
    ("بلا", "Noun", "بِلا", "_1", "NTWS"),
]
AB = "None Noun|None Teh|None Verb|None Part|Wa Noun|Wa Verb|Al Noun|Al Teh"
BC = "Noun None|Noun Pron|Teh Teh|Verb None|Verb Verb|Part None"
AC = "None None|None Pron|None Teh|None Verb|Wa None|Wa Pron|Wa Verb|Al None|Al Teh"

Install = Callable[..., Path]


def database(prefixes: str = AB) -> str:
    lines = [HEAD + "###PREFIXES###"]
    lines += [f"{text}\t{kind}\tdiac:{diac}" for text, kind, diac in PREFIXES]
    lines += ["###SUFFIXES###"]
    lines += [f"{text}\t{kind}\tdiac:{diac}" for text, kind, diac in SUFFIXES]
    lines += ["###STEMS###"]
    lines += [
        f"{text}\t{kind}\tdiac:{diac} lex:{lex} root:{root} pos:noun source:lex"
        for text, kind, diac, lex, root in STEMS
    ]
    for name, table in (("AB", prefixes), ("BC", BC), ("AC", AC)):
        lines += [f"###TABLE {name}###", *table.split("|")]
    return "\n".join(lines) + "\n"


@pytest.fixture(autouse=True)
def _nothing_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    # camel-tools makes a folder in the home directory when it is imported.
    monkeypatch.setenv("HOME", str(tmp_path))
    installed_morphology.cache_clear()
    yield
    installed_morphology.cache_clear()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what installs databases by name, in a catalogue that lists two more."""

    def install(text: str | bytes, *names: str) -> Path:
        datasets = {
            name: {"path": f"morphology_db/{name}"}
            for name in (*names, "calima-msa-r13", "calima-egy-r13")
        }
        catalogue = {
            "version": "1.6.0",
            "packages": {},
            "components": {
                "MorphologyDB": {"default": "calima-msa-r13", "datasets": datasets}
            },
        }
        (tmp_path / "catalogue.json").write_text(json.dumps(catalogue))
        for name in names:
            file = tmp_path / "data" / datasets[name]["path"] / "morphology.db"
            file.parent.mkdir(parents=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
        return tmp_path

    return install


@pytest.fixture
def installed(install: Install) -> None:
    install(database(), "calima-msa-r13")


def family(word: str) -> tuple[set[str], set[str]]:
    ((lemmas, roots),) = families_of([normalise(word)])
    return set(lemmas), set(roots)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("word", "lemmas", "roots"),
    [
        pytest.param("مدرس", {"مدرس"}, {"درس"}, id="lemma without vowel signs"),
        pytest.param("مُدَرِّس", {"مدرس"}, {"درس"}, id="vowels printed"),
        pytest.param("كتب", {"كتاب", "كتب"}, {"كتب"}, id="two lemmas, one root"),
        pytest.param("والمدرسة", {"مدرسة"}, {"درس"}, id="wa-, article, teh marbuta"),
        pytest.param("للكتاب", {"كتاب"}, {"كتب"}, id="li- and article"),
        pytest.param("وكتبت", {"كتب"}, {"كتب"}, id="wa- and a verb's ending"),
        pytest.param("قالت", {"قال"}, {"قول"}, id="weak root that the lexicon tells"),
        pytest.param("لون", {"لون"}, {"لون"}, id="weak root with waw"),
        pytest.param("اللين", {"لين"}, {"لين"}, id="weak root with yeh"),
        pytest.param("قوالب", {"قوال"}, {"قول"}, id="weak root of its like"),
        pytest.param("شوش", {"شوش"}, {"ش#خ"}, id="weak root that nothing tells"),
        pytest.param("وعي", {"وعي"}, set(), id="root with one radical known"),
        pytest.param("فيديو", {"فيديو"}, set(), id="foreign word"),
        pytest.param("على", {"على"}, set(), id="particle"),
        pytest.param("واستخدم", {"استخدم"}, {"خدم"}, id="alef wasla in the database"),
    ],
)
def test_words_have_the_lemmas_and_roots_of_the_database(
    word: str, lemmas: set[str], roots: set[str]
) -> None:
    assert family(word) == (lemmas, roots)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        pytest.param("أمن", {"أمن"}, id="printed hamza"),
        pytest.param("آمن", {"آمن"}, id="printed madda"),
        pytest.param("امن", {"أمن", "آمن"}, id="hamza left out"),
        pytest.param("احمد", {"أحمد", "حمد"}, id="hamza left out or not there"),
        pytest.param("أحمد", {"أحمد"}, id="hamza that one of two has"),
        pytest.param("إمن", {"أمن", "آمن"}, id="hamza misplaced"),
        pytest.param("على", {"على"}, id="alef maksura"),
        pytest.param("علي", {"علي"}, id="yeh"),
        pytest.param("كتابة", {"كتابة"}, id="teh marbuta"),
        pytest.param("كتابه", {"كتاب"}, id="pronoun"),
        pytest.param("المدرسه", {"مدرسة"}, id="teh marbuta without its dots"),
        pytest.param("عمرو", {"عمرو"}, id="letter that is printed and not spoken"),
    ],
)
def test_spelling_decides_between_lemmas_as_far_as_it_was_printed(
    word: str, lemmas: set[str]
) -> None:
    assert family(word)[0] == lemmas


@pytest.mark.usefixtures("installed")
def test_words_that_the_database_lacks_are_read_with_the_lexicon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ["حكومات", "كتب", "الحموشي", "2001", "paris", "بلا", ""]
    found = families_of(words)
    assert found[0] == (("حكومة",), ("حكم",))
    assert found[1] == (("كتاب", "كتب"), ("كتب",))
    assert found[2] == (("حموشي",), ())
    assert found[3] == (("2001",), ())
    installed_morphology.cache_clear()
    monkeypatch.delenv("CAMELTOOLS_DATA")
    assert found[:1] + found[2:] == families_of(words[:1] + words[2:])


@pytest.mark.usefixtures("installed")
def test_a_word_is_analysed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = families_of(["كتاب"])
    monkeypatch.setattr(morphology.Morphology, "_analyses", None)
    assert families_of(["كتاب", "كتاب"]) == first * 2


@pytest.mark.parametrize("folder", [None, "", "nowhere"])
def test_without_a_database_camel_tools_is_not_imported(
    folder: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if folder is None:
        monkeypatch.delenv("CAMELTOOLS_DATA", raising=False)
    else:
        monkeypatch.setenv("CAMELTOOLS_DATA", folder)
    for name in ("camel_tools.data", "camel_tools.morphology.database"):
        monkeypatch.setitem(sys.modules, name, None)
    assert installed_morphology() is None
    assert lemmas_of(["حكومات"]) == [("حكومة",)]


def test_a_database_that_is_only_listed_is_not_installed(install: Install) -> None:
    install("")
    assert installed_morphology() is None


def test_a_catalogue_without_databases_is_one_without_any_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = {"version": "1.6.0", "packages": {}, "components": {}}
    (tmp_path / "catalogue.json").write_text(json.dumps(empty))
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    assert installed_morphology() is None


@pytest.mark.parametrize("name", ["calima-egy-r13", "calima-msa-s31"])
def test_the_only_database_is_taken_whatever_its_name(
    install: Install, name: str
) -> None:
    install(database(), name)
    assert family("كتابة") == ({"كتابة"}, {"كتب"})


def test_the_folder_may_be_one_of_the_home_directory(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(database(), "calima-msa-r13")
    monkeypatch.setenv("CAMELTOOLS_DATA", "~")
    assert installed_morphology() is not None


def test_of_several_databases_the_default_is_taken(install: Install) -> None:
    folder = install(database(), "calima-egy-r13", "calima-msa-r13")
    (folder / "data/morphology_db/calima-egy-r13/morphology.db").write_text("broken")
    assert family("كتابة") == ({"كتابة"}, {"كتب"})


def test_of_several_databases_one_has_to_be_the_default(install: Install) -> None:
    install(database(), "calima-egy-r13", "calima-msa-s31")
    with pytest.raises(MorphologyError, match="as the default of MorphologyDB"):
        installed_morphology()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "the end of the database is missing", id="empty"),
        pytest.param(database()[:-400], "is missing", id="cut short"),
        pytest.param("<html>\n", "invalid DEFINES line", id="not a database"),
        pytest.param(b"\xff\xfe\n", "UnicodeDecodeError", id="not UTF-8"),
        pytest.param(
            database().replace(" lex:", " l:"), r"KeyError\('lex'\)", id="no lemmas"
        ),
    ],
)
def test_a_database_that_cannot_be_read_is_named_with_what_to_do(
    install: Install, text: str | bytes, says: str
) -> None:
    install(text, "calima-msa-r13")
    with pytest.raises(MorphologyError, match=says) as caught:
        installed_morphology()
    assert "data/morphology_db/calima-msa-r13/morphology.db: " in str(caught.value)
    assert "Install the database again" in str(caught.value)
    assert "unset CAMELTOOLS_DATA" in str(caught.value)


def test_a_database_whose_tables_disagree_is_named_with_the_word(
    install: Install,
) -> None:
    install(database(prefixes="None Noun|Al Noun"), "calima-msa-r13")
    assert family("الكتاب")[0] == {"كتاب"}
    with pytest.raises(
        MorphologyError, match=r"morphology\.db: وكتاب cannot be analysed"
    ):
        families_of(["وكتاب"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="cut short"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="no components"),
        pytest.param('{"components": {"MorphologyDB": []}}', id="no databases"),
        pytest.param(
            '{"components": {"MorphologyDB": {"default": "a", "datasets": {"a": {}}}}}',
            id="no path",
        ),
        pytest.param(
            '{"components": {"MorphologyDB": {"default": "a", "datasets": []}}}',
            id="databases without names",
        ),
    ],
)
def test_a_catalogue_that_is_none_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "catalogue.json").write_text(text)
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    with pytest.raises(MorphologyError, match="unset CAMELTOOLS_DATA") as caught:
        installed_morphology()
    assert str(caught.value).startswith(f"{tmp_path}/catalogue.json: ")


@pytest.mark.usefixtures("installed")
def test_lemmas_are_as_written_and_roots_folded_as_in_the_lexicon() -> None:
    for lemmas, roots in families_of([text for text, *_ in STEMS]):
        assert all(normalise(lemma) == lemma for lemma in lemmas)
        assert all(fold(root).replace("ا", "ء") == root for root in roots)
