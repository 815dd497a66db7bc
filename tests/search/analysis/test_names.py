"""Names across scripts: keys, likeness, exonyms, the index, and its benchmark."""

import json
import lzma
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import names as bench
from search.analysis.names import (
    Candidate,
    NameIndex,
    exonyms,
    joined,
    likeness,
    name_key,
    name_keys,
    name_parts,
)
from search.analysis.names.translations import (
    Exonyms,
    ExonymsError,
    form,
    shipped_exonyms,
)

NAMES = [
    pytest.param("حموشي الحموشي Hammouchi Hamouchi Hammushi", id="Hammouchi"),
    pytest.param("القذافي قذافي Gaddafi Qadhafi Kadhafi Gadhafi Khadafi", id="Gaddafi"),
    pytest.param("هاينز Haines", id="Haines"),
    pytest.param("عبداللطيف Abdellatif Abdullatif", id="Abdellatif"),
    pytest.param("عبدالرحمن Abderrahmane Abdulrahman Abdurrahman", id="Abd al-Rahman"),
    pytest.param("نورالدين Noureddine Nuraldin", id="Nur ad-Din"),
    pytest.param("محمد Mohammed Muhammad Mohamed", id="Muhammad"),
    pytest.param("حسين Hussein Hussain Hocine", id="Hussein"),
    pytest.param("يوسف Youssef Yusuf", id="Yusuf"),
    pytest.param("الشاوي Chaoui Shawi", id="Chaoui"),
    pytest.param("جنبلاط Jumblatt Joumblatt", id="n before b"),
    pytest.param("خاشقجي Khashoggi", id="Khashoggi"),
    pytest.param("بورقيبة Bourguiba", id="silent u"),
    pytest.param("بومدين Boumediene", id="Boumediene"),
    pytest.param("جيبوتي Djibouti Dschibuti", id="Djibouti"),
    pytest.param("جمال Gamal Jamal Djamel", id="Egyptian g"),
    pytest.param("واتارا Ouattara", id="ou before a vowel"),
    pytest.param("فاغنر فاجنر Wagner", id="German w"),
    pytest.param("واشنطن Washington", id="English w"),
    pytest.param("شكسبير Shakespeare", id="Shakespeare"),
    pytest.param("نتنياهو نتانياهو Netanyahu Netanyahou", id="Netanyahu"),
    pytest.param("زيلينسكي Zelensky Zelenskyy", id="Zelensky"),
    pytest.param("ماكرون Macron", id="Macron"),
    pytest.param("ترامب ترمب Trump", id="Trump"),
    pytest.param("بايدن Biden", id="Biden"),
    pytest.param("فرانسوا François", id="cedilla"),
    pytest.param("أوباما Obama", id="Obama"),
    pytest.param("تشاد Tchad Chad Tschad", id="Chad"),
    pytest.param("عمر Omar Oumar", id="ain"),
    pytest.param("فؤاد Fouad Fuad", id="hamza on its seat"),
]


@pytest.mark.parametrize("spellings", NAMES)
def test_the_spellings_of_a_name_share_its_key(spellings: str) -> None:
    keys = set(name_keys(spellings.split()))
    assert len(keys) == 1
    assert "" not in keys


@pytest.mark.parametrize("spellings", NAMES)
def test_every_latin_spelling_finds_the_arabic_one_first(spellings: str) -> None:
    every = [str(param.values[0]).split() for param in NAMES]
    index = NameIndex([word for group in every for word in group])
    arabic, *others = spellings.split()
    for name in (other for other in others if other.isascii()):
        best, *_ = index.candidates(name)
        assert best.word in spellings.split()
        assert index.candidates(arabic)[0].word in others


@pytest.mark.parametrize(
    ("word", "same"),
    [
        pytest.param("حَمُّوشِي", "حموشي", id="vowel marks"),
        pytest.param("حمــوشي", "حموشي", id="tatweel"),
        pytest.param("ﺣﻤﻮﺷﻲ", "حموشي", id="presentation forms"),
        pytest.param("HAMMOUCHI", "Hammouchi", id="case"),
        pytest.param("al-Hammouchi", "Hammouchi", id="article and hyphen"),
        pytest.param("El-Hammouchi", "Hammouchi", id="Egyptian article"),
        pytest.param("ash-Shawi", "Shawi", id="article as it is heard"),
        pytest.param("Ham\nmouchi", "Hammouchi", id="line end"),
        pytest.param("ألمانيا", "Allmania", id="alef and lam of the word itself"),
        pytest.param("Jean-Claude", "JeanClaude", id="hyphen"),
        pytest.param("Sa’id", "سعيد", id="apostrophe for ain"),
        pytest.param("گورباتشوف", "غورباتشوف", id="Persian letter"),
        pytest.param("ٱلحموشي", "الحموشي", id="alef with wasla"),
        pytest.param("Étienne", "Etienne", id="accent"),
        pytest.param("Straße", "Strasse", id="letter for two"),
    ],
)
def test_how_a_word_is_printed_does_not_change_its_key(word: str, same: str) -> None:
    assert name_key(word) == name_key(same) != ""


@pytest.mark.parametrize(
    "word", ["", "2023", "G20", "Москва", "info@example.com", "!", "بـ1", "-"]
)
def test_what_is_no_name_has_no_key(word: str) -> None:
    assert name_key(word) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Hammouchi", "حمودي", id="Hammoudi"),
        pytest.param("Macron", "مكرم", id="Makram"),
        pytest.param("Biden", "بدر", id="Badr"),
        pytest.param("Haines", "حسن", id="Hassan"),
    ],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


words = st.text(max_size=12)
spelt = st.text("abcdeghijknoqstuwxz'-ابتعغقشزلومنيةءأئ", max_size=12)


@given(words)
def test_no_text_is_too_strange(text: str) -> None:
    name_key(text)
    assert 0 <= likeness(text, "Hammouchi") <= 1
    assert isinstance(exonyms(text), tuple)
    assert len(name_parts(text)) in {1, 2}
    NameIndex([text]).candidates(text, script="any")


@given(spelt | words)
def test_unicode_forms_of_a_word_have_one_key(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)
    assert name_key(decomposed) == name_key(composed) == name_key(text)
    assert name_key(unicodedata.normalize("NFKC", text)) == name_key(text)


@given(st.lists(spelt | words))
def test_keys_of_many_words_are_those_of_each(texts: list[str]) -> None:
    assert name_keys(texts) == [name_key(text) for text in texts]


@given(spelt, spelt)
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    value = likeness(one, other)
    assert 0 <= value <= 1
    assert value == pytest.approx(likeness(other, one), abs=1e-5)


@given(spelt)
def test_a_spelling_is_most_like_itself(text: str) -> None:
    assert likeness(text, text) == 1


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        pytest.param("Hammouchi", "حموشي", "حمودي", id="another consonant"),
        pytest.param("Hammouchi", "حموشي", "حماش", id="other long vowels"),
        pytest.param("Khaled", "خالد", "جالد", id="kh is خ"),
        pytest.param("Shawi", "شاوي", "ساوي", id="sh is ش"),
        pytest.param("Qasim", "قاسم", "جاسم", id="q is ق"),
        pytest.param("Karim", "كريم", "قريم", id="k is ك"),
        pytest.param("Thabit", "ثابت", "ضابط", id="th is ث"),
        pytest.param("Zayed", "زايد", "صايد", id="z is ز"),
        pytest.param("Haines", "هاينز", "خاينز", id="h is ه"),
        pytest.param("Elisabeth", "إليزابيث", "لزبت", id="first vowel"),
        pytest.param("Omar", "عمر", "مر", id="a first vowel is written"),
        pytest.param("Hammouchi", "Hamouchi", "Hamidouch", id="doubled letter"),
        pytest.param("Qadhafi", "Gaddafi", "Gandhi", id="Latin and Latin"),
        pytest.param("طارق", "تارق", "بارق", id="Arabic and Arabic"),
        pytest.param("جورج", "غورغ", "سورس", id="letters of one Latin letter"),
    ],
)
def test_the_better_spelling_is_more_alike(name: str, right: str, wrong: str) -> None:
    assert likeness(name, right) > likeness(name, wrong)


def test_an_arabic_diphthong_may_be_one_latin_vowel() -> None:
    assert likeness("Biden", "بايدن") > likeness("Biden", "بادن")


def test_what_has_no_sound_is_like_itself_only() -> None:
    assert likeness("2023", "2023") == 1
    assert likeness("2023", "2024") == 0
    assert likeness("Haines", "2024") == 0


@pytest.mark.parametrize(
    ("name", "others"),
    [
        pytest.param("Cairo", {"القاهرة", "Le Caire", "Kairo"}, id="Cairo"),
        pytest.param("le caire", {"القاهرة", "Cairo"}, id="case"),
        pytest.param("قاهره", {"Cairo"}, id="without article, with heh"),
        pytest.param("الدار البيضاء", {"Casablanca"}, id="two words"),
        pytest.param("Casablanca", {"الدار البيضاء"}, id="to two words"),
        pytest.param("Egypte", {"مصر", "Egypt", "Ägypten"}, id="accent"),
        pytest.param("Damas", {"دمشق", "Damascus"}, id="Damascus"),
        pytest.param("الجزائر", {"Algeria", "Algiers", "Alger"}, id="two places"),
        pytest.param("سبتة", {"Ceuta"}, id="Ceuta"),
        pytest.param("البندقية", {"Venice", "Venise", "Venedig"}, id="Venice"),
        pytest.param("Greece", {"اليونان", "Grèce"}, id="Greece"),
    ],
)
def test_an_exonym_is_known_by_its_other_names(name: str, others: set[str]) -> None:
    assert others <= set(exonyms(name))
    assert name not in exonyms(name)


def test_places_of_one_arabic_name_are_kept_apart() -> None:
    assert "Oman" not in exonyms("Amman")
    assert "Algérie" not in exonyms("Alger")


def test_a_name_without_exonyms_has_none() -> None:
    assert exonyms("Hammouchi") == ()
    assert exonyms("") == ()


def test_every_shipped_place_is_found_by_each_of_its_names() -> None:
    places = shipped_exonyms().places
    assert len(places) >= 120
    for own in places:
        for name in own:
            others = {other for other in own if form(other) != form(name)}
            assert others <= set(exonyms(name))


def write(folder: Path, content: bytes) -> Path:
    path = folder / "exonyms.tsv"
    path.write_bytes(content)
    return path


def test_comments_marks_and_blank_lines_of_a_table_do_not_count(tmp_path: Path) -> None:
    text = (
        "\N{BYTE ORDER MARK}# x\n\n \nبون\N{RIGHT-TO-LEFT MARK}\t Bonn | Bonna\tBonn\n"
    )
    assert Exonyms(write(tmp_path, text.encode())).places == (("بون", "Bonn", "Bonna"),)


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        pytest.param("# x\nمصر\tEgypt".encode(), 2, "2 languages", id="too few"),
        pytest.param(b"a\tb\tc\td\te", 1, "5 languages", id="too many"),
        pytest.param(b"a\tb|\tc", 1, "a name is empty", id="nothing after a bar"),
        pytest.param(b"a\t\tc", 1, "a name is empty", id="nothing between tabs"),
        pytest.param(b"a\tb\tc\na\tB\tc", 2, "in line 1 already", id="twice"),
        pytest.param(b"a\tb\t\xff", 1, "not in UTF-8", id="encoding"),
    ],
)
def test_a_line_that_breaks_a_rule_is_refused(
    tmp_path: Path, content: bytes, line: int, what: str
) -> None:
    path = write(tmp_path, content)
    with pytest.raises(ExonymsError, match=what) as caught:
        Exonyms(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert str(caught.value).startswith(f"{path}, line {line}: ")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        pytest.param("Abd al-Latif", "AbdalLatif", id="article inside"),
        pytest.param("al-Latif", "Latif", id="article before"),
        pytest.param("ar-Rahman", "Rahman", id="article as it is heard"),
        pytest.param("ash-Shawi", "Shawi", id="article of two letters"),
        pytest.param("En Nahda", "Nahda", id="French article"),
        pytest.param("as Rahman", "asRahman", id="no article of this word"),
        pytest.param("عبد اللطيف", "عبداللطيف", id="Arabic"),
        pytest.param("al", "al", id="nothing behind it"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_words_of_one_name_are_joined(name: str, word: str) -> None:
    assert joined(name) == word


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("Abdellatif", ("abd", "latif"), id="el"),
        pytest.param("Abdul-Aziz", ("abd", "aziz"), id="hyphen"),
        pytest.param("Abderrahmane", ("abd", "rahmane"), id="article as heard"),
        pytest.param("Abdallah", ("abd", "allah"), id="Allah"),
        pytest.param("Noureddine", ("nour", "dine"), id="ad-Din"),
        pytest.param("عبداللطيف", ("عبد", "اللطيف"), id="Arabic"),
        pytest.param("نورالدين", ("نور", "الدين"), id="Arabic ad-Din"),
        pytest.param("Hammouchi", ("hammouchi",), id="one word"),
    ],
)
def test_a_name_of_two_words_is_cut(name: str, words: tuple[str, ...]) -> None:
    assert name_parts(name) == words


def test_an_empty_vocabulary_has_no_candidates() -> None:
    assert NameIndex([]).candidates("Hammouchi") == []
    assert NameIndex([]).candidates("Cairo", script="any") == []


def test_what_is_no_name_has_no_candidates() -> None:
    assert NameIndex(["حموشي", "2023", ""]).candidates("2023") == []


@pytest.mark.parametrize(
    ("name", "right"),
    [
        pytest.param("Abd al-Latif", "عبداللطيف", id="joined"),
        pytest.param("عبد اللطيف", "Abdellatif", id="joined from Arabic"),
        pytest.param("el-Hammouchi", "حموشي", id="article"),
        pytest.param("El Baradei", "البرادعي", id="article apart"),
        pytest.param("ElBaradei", "البرادعي", id="article in one with the name"),
        pytest.param("Essebsi", "السبسي", id="article as heard, in one"),
        pytest.param("Lakhdar", "الأخضر", id="Maghrebi article"),
        pytest.param("Kowalski", "كوفالسكي", id="Polish w"),
        pytest.param("Ibrahimovic", "إبراهيموفيتش", id="Balkan c"),
        pytest.param("Ludovic", "لودوفيك", id="French c"),
        pytest.param("Washington", "واشنطن", id="an exonym that sounds nearly so"),
        pytest.param("Albrecht", "البرشت", id="al that is no article, printed as one"),
        pytest.param("Zürich", "زيوريخ", id="one class changed"),
        pytest.param("Cairo", "القاهرة", id="exonym"),
        pytest.param("Le Caire", "القاهرة", id="exonym of two words"),
        pytest.param("مصر", "Égypte", id="exonym from Arabic"),
    ],
)
def test_a_name_finds_the_word_it_is_written_with(name: str, right: str) -> None:
    vocabulary = [
        *("عبداللطيف", "Abdellatif", "حموشي", "البرادعي", "بردي", "البرشت", "زيوريخ"),
        *("القاهرة", "كير", "Égypte", "Massar", "سلام", "كتاب"),
        *("السبسي", "الأخضر", "كوفالسكي", "إبراهيموفيتش", "لودوفيك", "واشنطن"),
    ]
    assert NameIndex(vocabulary).candidates(name)[0].word == right


def test_candidates_are_of_the_other_script_unless_any_is_asked_for() -> None:
    index = NameIndex(["حموشي", "Hamouchi", "Hammushi", "حمودي"])
    assert {hit.word for hit in index.candidates("Hammouchi")} == {"حموشي"}
    assert {hit.word for hit in index.candidates("Hammouchi", script="any")} == {
        "حموشي",
        "Hamouchi",
        "Hammushi",
    }
    assert [hit.word for hit in index.candidates("حموشي")] == ["Hamouchi", "Hammushi"]


def test_forms_come_before_other_spellings_of_a_form() -> None:
    index = NameIndex(["الأون", "أون", "اون", "عون"])
    assert {hit.word for hit in index.candidates("Awn", limit=2)} >= {"عون"}
    assert len(index.candidates("Awn")) == 4


def test_the_more_frequent_of_words_that_sound_alike_comes_first() -> None:
    rare_first = NameIndex(["ساره", "سارا"], [1, 500])
    assert rare_first.candidates("Sara")[0].word == "سارا"
    assert NameIndex(["سارا", "صارا"]).candidates("Sara")[0].word == "سارا"


def test_a_candidate_has_the_likeness_of_its_word() -> None:
    hits = NameIndex(["هاينز", "هينز"]).candidates("Haines")
    assert [hit.word for hit in hits] == ["هاينز", "هينز"]
    for hit in hits:
        assert isinstance(hit, Candidate)
        assert hit.likeness == pytest.approx(likeness("Haines", hit.word), abs=1e-5)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    pairs = tmp_path / "names.tsv"
    pairs.write_text(
        "arabic\tlatin\nالحموشي\tHammouchi\n\nهاينز\tHaines\nسلام\tOslo\nلندن\tLondon\n"
    )
    vocabulary = tmp_path / "words.txt"
    vocabulary.write_text("حموشي\nالحموشي\nهاينز\nحنس\nسلام\n\n")
    return [str(pairs), "--vocabulary", str(vocabulary)]


def test_the_benchmark_prints_its_figures_as_json(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    bench.main([*files, "--json"])
    figures = json.loads(capsys.readouterr().out)
    wrong = figures.pop("wrong_in_top5")
    assert figures == {"names": 4, "in_vocabulary": 3, "top1": 2 / 3, "top5": 2 / 3}
    assert 0 <= wrong < 1


def test_the_benchmark_prints_the_same_as_a_table(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    bench.main(files)
    printed = dict(
        line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines()
    )
    assert printed["names"] == "4"
    assert printed["top5"] == "0.667"


def test_the_vocabulary_of_the_benchmark_is_that_of_the_press(
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_DATA", str(tmp_path))
    (tmp_path / "press").mkdir()
    for name in bench.ARTICLES:
        with lzma.open(tmp_path / f"press/{name}.jsonl.xz", "wt") as lines:
            lines.write(json.dumps({"title": None, "body": "لقاء حموشي Haines"}))
    bench.main([files[0], "--json"])
    assert json.loads(capsys.readouterr().out)["in_vocabulary"] == 1


def test_the_benchmark_says_where_it_looks_for_articles(
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_DATA", str(tmp_path))
    with pytest.raises(SystemExit) as caught:
        bench.main(files[:1])
    assert str(tmp_path / "press") in str(caught.value.code)
    assert "NEWSARCHIVE_DATA" in str(caught.value.code)


def test_the_benchmark_looks_beside_the_project(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NEWSARCHIVE_DATA", raising=False)
    assert bench.data_folder().parts[-2:] == ("shared", "data")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("هاينز\tHaines\nهاينز Haines\n", "line 2", id="no tab"),
        pytest.param("هاينز\t\n", "line 1", id="no Latin name"),
        pytest.param(None, "No such file", id="no file"),
    ],
)
def test_the_benchmark_refuses_a_file_that_it_cannot_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    what: str,
) -> None:
    path = tmp_path / "names.tsv"
    if text is not None:
        path.write_text(text)
    monkeypatch.setattr(sys, "argv", ["names", str(path)])
    with pytest.raises(SystemExit, match=what) as caught:
        bench.main()
    assert str(path) in str(caught.value.code)
