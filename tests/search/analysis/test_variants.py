"""Press variants: the file that is shipped, the rules of such files, and look-ups."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.letters import fold
from search.analysis.tokens import written_words
from search.analysis.variants import (
    Variants,
    VariantsError,
    default_variants,
    shipped_variants,
)

MARCH = "أبريل = نيسان* = أفريل*\nمارس* = آذار\n"


@pytest.fixture(scope="module")
def shipped() -> Variants:
    return Variants.read(shipped_variants())


@pytest.fixture
def fresh_default() -> Iterator[None]:
    default_variants.cache_clear()
    yield
    default_variants.cache_clear()


def write(folder: Path, *files: str) -> list[Path]:
    paths = [folder / f"{number}.txt" for number in range(len(files))]
    for path, text in zip(paths, files, strict=True):
        path.write_bytes(text.encode())
    return paths


def read(folder: Path, *files: str) -> Variants:
    return Variants.read(*write(folder, *files))


def error(folder: Path, *files: str) -> VariantsError:
    with pytest.raises(VariantsError) as caught:
        read(folder, *files)
    return caught.value


def read_or_refusal(path: Path) -> Variants | VariantsError:
    try:
        return Variants.read(path)
    except VariantsError as refusal:
        return refusal


def texts(variants: Variants) -> list[list[str]]:
    return [
        [spelling.text for spelling in group.spellings] for group in variants.groups
    ]


def words(text: str) -> list[str]:
    return [fold(word) for word in written_words(text)]


def phrases(variants: Variants, text: str, *, in_context: bool = False) -> set[str]:
    """Return the names of the groups that begin anywhere in ``text``."""
    folded = words(text)
    return {
        group.name
        for index in range(len(folded))
        for group, _ in variants.phrases_at(folded, index, in_context=in_context)
    }


def test_every_shipped_spelling_is_found_in_its_own_group(shipped: Variants) -> None:
    assert len(shipped.groups) >= 350
    for group in shipped.groups:
        for spelling in group.spellings:
            assert shipped.group_of(spelling.text) is group


def test_no_shipped_spelling_repeats_another_with_its_article(
    shipped: Variants,
) -> None:
    repeated = [
        spelling.text
        for group in shipped.groups
        for spelling in group.spellings
        for other in group.spellings
        if spelling.words == ("ال" + other.words[0], *other.words[1:])
    ]
    assert repeated == []


def test_every_shipped_group_can_match_without_a_context(shipped: Variants) -> None:
    helpless = [
        group.name
        for group in shipped.groups
        if all(spelling.in_context for spelling in group.spellings)
    ]
    assert helpless == []


@pytest.mark.parametrize(
    "names",
    [
        pytest.param("يناير كانون_الثاني جانفي", id="January"),
        pytest.param("فبراير شباط فيفري", id="February"),
        pytest.param("مارس آذار", id="March"),
        pytest.param("أبريل إبريل نيسان أفريل", id="April"),
        pytest.param("مايو أيار ماي", id="May"),
        pytest.param("يونيو حزيران جوان", id="June"),
        pytest.param("يوليو تموز يوليوز جويلية", id="July"),
        pytest.param("أغسطس آب غشت أوت أغشت", id="August"),
        pytest.param("سبتمبر أيلول شتنبر شتمبر", id="September"),
        pytest.param("أكتوبر تشرين_الأول", id="October"),
        pytest.param("نوفمبر تشرين_الثاني نونبر", id="November"),
        pytest.param("ديسمبر كانون_الأول دجنبر دجمبر", id="December"),
        pytest.param("ربيع_الثاني ربيع_الآخر", id="Rabi II"),
        pytest.param("جمادى_الآخرة جمادى_الثانية", id="Jumada II"),
        pytest.param("ذو_القعدة ذي_القعدة", id="Dhu al-Qadah"),
    ],
)
def test_a_month_has_one_group_for_all_calendars(shipped: Variants, names: str) -> None:
    groups = {shipped.group_of(name.replace("_", " ")) for name in names.split()}
    assert len(groups) == 1
    assert None not in groups


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("أميركا", "أمريكا", id="America"),
        pytest.param("أميركي", "أمريكي", id="American"),
        pytest.param("إنجلترا", "إنكلترا", id="England"),
        pytest.param("إنكليزي", "انجليزي", id="English"),
        pytest.param("بلغراد", "بلجراد", id="Belgrade"),
        pytest.param("هونغ كونغ", "هونج كونج", id="Hong Kong"),
        pytest.param("روسيا البيضاء", "بيلاروسيا", id="Belarus"),
        pytest.param("كوت ديفوار", "ساحل العاج", id="Ivory Coast"),
        pytest.param("هنغاريا", "المجر", id="Hungary"),
        pytest.param("للمجر", "المجر", id="li- before a name with its article"),
        pytest.param("موريطانيا", "موريتانيا", id="Mauritania"),
        pytest.param("بورما", "ميانمار", id="Burma"),
        pytest.param("في سورية", "سوريا", id="Syria after a preposition"),
        pytest.param("وفي سورية", "سوريا", id="Syria after wa- and a preposition"),
        pytest.param("جورباتشوف", "غورباتشوف", id="Gorbachev"),
        pytest.param("نتانياهو", "نتنياهو", id="Netanyahu"),
        pytest.param("أردوجان", "إردوغان", id="Erdogan"),
        pytest.param("ترمب", "ترامب", id="Trump"),
        pytest.param("عبدالرحمن", "عبد الرحمن", id="a name in one word"),
        pytest.param("أبي بكر", "أبو بكر", id="a name in the genitive"),
        pytest.param("فايسبوك", "فيس بوك", id="Facebook"),
        pytest.param("جوجل", "غوغل", id="Google"),
        pytest.param("حاسوب", "كومبيوتر", id="computer"),
        pytest.param("التليفزيون", "تلفزيون", id="television with its article"),
        pytest.param("الناتو", "حلف شمال الأطلسي", id="NATO"),
        pytest.param("NATO", "OTAN", id="NATO in French"),
        pytest.param("منظمة الدول المصدرة للبترول", "أوبك", id="OPEC"),
        pytest.param("تنظيم الدولة الإسلامية", "داعش", id="Daesh"),
        pytest.param("ISIS", "Daech", id="Daesh in English and French"),
        pytest.param("أ ف ب", "فرانس برس", id="AFP with spaces"),
        pytest.param("أ.ف.ب", "فرانس برس", id="AFP with stops"),
        pytest.param("خارطة", "خريطة", id="map"),
        pytest.param("مائة", "مئة", id="hundred"),
        pytest.param("Qur'an", "Coran", id="Quran"),
        pytest.param("Pékin", "Beijing", id="Beijing"),
        pytest.param("colour", "Color", id="American spelling"),
        pytest.param("co-operation", "cooperation", id="hyphen"),
    ],
)
def test_spellings_of_one_name_meet(shipped: Variants, one: str, other: str) -> None:
    group = shipped.group_of(one)
    assert group is not None
    assert group is shipped.group_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("استخبارات", "مخابرات", id="two words for intelligence"),
        pytest.param("بترول", "نفط", id="petroleum and oil"),
        pytest.param("النيجر", "نيجيريا", id="Niger and Nigeria"),
        pytest.param("نيجري", "نيجيري", id="Nigerien and Nigerian"),
        pytest.param("كندي", "كينيدي", id="Canadian and Kennedy"),
        pytest.param("إيغور", "الإيغور", id="Igor and the Uyghurs"),
        pytest.param("لاتفيا", "ليتوانيا", id="Latvia and Lithuania"),
        pytest.param("سلوفاكيا", "سلوفينيا", id="Slovakia and Slovenia"),
        pytest.param("غينيا", "غانا", id="Guinea and Ghana"),
        pytest.param("كاميرون", "الكاميرون", id="Cameron and Cameroon"),
        pytest.param("أوبك", "أوابك", id="OPEC and OAPEC"),
        pytest.param("فيفا", "يويفا", id="FIFA and UEFA"),
        pytest.param("ديمقراطي", "ديمقراطية", id="democratic and democracy"),
        pytest.param("أمريكا", "أمريكي", id="a country and its people"),
        pytest.param("ميونيخ", "موناكو", id="Munich and Monaco"),
        pytest.param("مئة", "ماء", id="hundred and water"),
        pytest.param("سيدني", "سيد", id="Sydney and Sir"),
        pytest.param("ربيع الأول", "ربيع الثاني", id="two months"),
        pytest.param("جمادى الأولى", "جمادى الآخرة", id="the two Jumadas"),
        pytest.param("كانون الأول", "كانون الثاني", id="the two Kanuns"),
        pytest.param("تشرين الأول", "تشرين الثاني", id="the two Tishrins"),
        pytest.param("كيلوغرام", "كيلومتر", id="two measures"),
        pytest.param("غوته", "غوتيه", id="Goethe and Gautier"),
        pytest.param("عبد الملك", "عبد المالك", id="two names of God"),
        pytest.param("الكونغو برازافيل", "الكونغو كينشاسا", id="the two Congos"),
        pytest.param("البنك الدولي", "صندوق النقد الدولي", id="Bank and Fund"),
        pytest.param("الجبل", "الجبل الأسود", id="a mountain and Montenegro"),
        pytest.param("cheque", "check", id="a paper and a verb"),
        pytest.param("Khaled", "Khalifa", id="two given names"),
    ],
)
def test_other_words_do_not_meet(shipped: Variants, one: str, other: str) -> None:
    group = shipped.group_of(one)
    assert group is None or group is not shipped.group_of(other)


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("مارس", id="he practised"),
        pytest.param("ماي", id="Theresa May"),
        pytest.param("أوت", id="out"),
        pytest.param("آب", id="returned"),
        pytest.param("أب", id="father"),
        pytest.param("أفريل", id="Avril"),
        pytest.param("جوان", id="Juan"),
        pytest.param("نيسان", id="Nissan"),
        pytest.param("شباط", id="Chabat"),
        pytest.param("سورية", id="Syrian"),
        pytest.param("السورية", id="the Syrian"),
        pytest.param("سيول", id="floods"),
        pytest.param("كابل", id="a cable"),
        pytest.param("حماس", id="enthusiasm"),
        pytest.param("القاعدة", id="the rule"),
        pytest.param("ناسا", id="people"),
        pytest.param("مجرى", id="a stream"),
        pytest.param("بنين", id="sons"),
        pytest.param("إيجاد", id="finding"),
        pytest.param("البندقية", id="the rifle"),
        pytest.param("الفاو", id="a port"),
        pytest.param("كاف", id="enough"),
        pytest.param("أدوار", id="roles, written like Edouard"),
        pytest.param("سيدا", id="a gentleman, written like AIDS"),
        pytest.param("كيف", id="how"),
        pytest.param("بورش", id="with workshops, written like Porsche"),
        pytest.param("إبل", id="camels, written like Apple"),
        pytest.param("فلم", id="and did not, written like film"),
        pytest.param("UN", id="one in French"),
    ],
)
def test_an_everyday_word_is_no_variant_by_itself(shipped: Variants, word: str) -> None:
    assert shipped.names_for([fold(word)]) == frozenset()


def test_a_line_is_a_group_of_which_the_first_spelling_is_the_name(
    tmp_path: Path,
) -> None:
    variants = read(tmp_path, "أمريكا = أميركا\ncolour=color\n")
    assert texts(variants) == [["أمريكا", "أميركا"], ["colour", "color"]]
    assert [group.name for group in variants.groups] == ["أمريكا", "colour"]


def test_comments_and_blank_lines_are_no_groups(tmp_path: Path) -> None:
    text = "# Countries.\n\n \t\nأمريكا = أميركا # and not = أمريكي\n#x\n"
    assert texts(read(tmp_path, text)) == [["أمريكا", "أميركا"]]


def test_an_empty_file_has_no_groups(tmp_path: Path) -> None:
    assert read(tmp_path, "").groups == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\N{BYTE ORDER MARK}a = b\r\nc = d\r\n", id="Windows"),
        pytest.param("a = b\rc = d\r", id="old Macintosh"),
        pytest.param("a = b\nc = d", id="no end of line"),
        pytest.param(
            "\N{RIGHT-TO-LEFT MARK}a\N{RIGHT-TO-LEFT MARK} =\N{NO-BREAK SPACE}b\n"
            "c = d\N{ZERO WIDTH NO-BREAK SPACE}",
            id="marks that nobody sees",
        ),
    ],
)
def test_files_of_every_editor_are_read_alike(tmp_path: Path, text: str) -> None:
    assert texts(read(tmp_path, text)) == [["a", "b"], ["c", "d"]]


def test_a_star_means_in_context_and_is_not_of_the_text(tmp_path: Path) -> None:
    variants = read(tmp_path, "مارس* = آذار\nأب * = آب قديم*\N{RIGHT-TO-LEFT MARK}")
    spellings = [spelling for group in variants.groups for spelling in group.spellings]
    assert [(spelling.text, spelling.in_context) for spelling in spellings] == [
        ("مارس", True),
        ("آذار", False),
        ("أب", True),
        ("آب قديم", True),
    ]


def test_a_spelling_has_folded_words_and_keeps_its_accents(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Côte d'Ivoiré")
    group = read(tmp_path, f"{decomposed} = ساحل العاج").groups[0]
    assert group.name == "Côte d'Ivoiré"
    assert group.spellings[0].words == ("cote", "d", "ivoire")
    assert group.spellings[1].words == ("ساحل", "العاج")


def test_a_later_file_adds_groups(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "a = b", "c = d")) == [["a", "b"], ["c", "d"]]


def test_a_later_file_adds_to_the_group_that_its_line_begins_with(
    tmp_path: Path,
) -> None:
    variants = read(tmp_path, "غوغل = جوجل\na = b", "غوغل = گوگل\nغُوغل = غوقل*")
    assert texts(variants) == [["غوغل", "جوجل", "گوگل", "غوقل"], ["a", "b"]]
    assert variants.group_of("غوقل") is variants.group_of("جوجل")


def test_what_an_earlier_file_has_already_may_be_added_again(tmp_path: Path) -> None:
    # Or the next release, with the spelling that an archive asked for, would fail it.
    assert texts(read(tmp_path, "a = b = c", "a = c = d")) == [["a", "b", "c", "d"]]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        pytest.param("a = b\n\nc = d = b", 3, '"b" is in the group "a"', id="again"),
        pytest.param("a = b\na = c", 2, "Write both lines as one", id="same name"),
        pytest.param("a = b\nc = B", 2, '"B" is in the group "a"', id="again, folded"),
        pytest.param("# x\nأمريكا", 2, "two spellings or more", id="one spelling"),
        pytest.param("a، b", 1, 'Add another one after " = "', id="no separator"),
        pytest.param("a = ", 1, "a spelling is empty", id="nothing after"),
        pytest.param(" = a", 1, "a spelling is empty", id="nothing before"),
        pytest.param("a = = b", 1, "a spelling is empty", id="nothing between"),
        pytest.param("a = *", 1, "a spelling is empty", id="only a star"),
        pytest.param("=", 1, "a spelling is empty", id="only a separator"),
        pytest.param("a = !?", 1, '"!?" has no letters', id="no letters"),
        pytest.param("*a = b", 1, '"*a" has a "*" inside', id="star in front"),
        pytest.param("a** = b", 1, 'has a "*" inside', id="two stars"),
        pytest.param("أحمد = احمد", 1, "the archive joins them", id="hamza"),
        pytest.param("État = etat", 1, "one word after folding", id="accent"),
        pytest.param("Al-Quds = al Quds", 1, "after folding", id="hyphen"),
        pytest.param(
            "a = b = a*", 1, '"a" and "a" are one word', id="only a star more"
        ),
    ],
)
def test_a_line_that_breaks_a_rule_is_refused(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    refused = error(tmp_path, text)
    assert (refused.path, refused.line) == (tmp_path / "0.txt", line)
    assert str(refused).startswith(f"{tmp_path / '0.txt'}, line {line}: ")
    assert what in str(refused)


def test_a_later_file_may_not_take_a_spelling_into_another_group(
    tmp_path: Path,
) -> None:
    refused = error(tmp_path, "x = y\na = b", "b = c")
    assert refused.path == tmp_path / "1.txt"
    assert f"(line 2 of {tmp_path / '0.txt'})" in str(refused)
    assert 'begin the line with "a" to add to that group' in str(refused)


def test_a_spelling_that_was_added_is_reported_where_it_was(tmp_path: Path) -> None:
    refused = error(tmp_path, "a = b", "a = c\nd = c")
    assert refused.line == 2
    assert '"c" is in the group "a" already (line 1)' in str(refused)


def test_a_file_that_is_not_in_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cairo.txt"
    path.write_bytes(b"a = b\n" + "أمريكا = أميركا".encode("cp1256"))
    with pytest.raises(VariantsError, match="Save the file with the encoding UTF-8"):
        Variants.read(path)


@given(st.text() | st.text(alphabet="ab=*# \n\rأاء\u0301\u200f"))
def test_no_text_fails_otherwise_than_with_a_variants_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(text.encode())
    outcome = read_or_refusal(path)
    if isinstance(outcome, VariantsError):
        assert 1 <= outcome.line <= len(path.read_bytes().splitlines())
    else:
        assert all(len(group.spellings) >= 2 for group in outcome.groups)


@given(st.binary())
def test_no_bytes_fail_otherwise_than_with_a_variants_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.txt"
    path.write_bytes(content)
    outcome = read_or_refusal(path)
    if isinstance(outcome, VariantsError):
        assert outcome.path == path
    else:
        assert all(group.spellings[0].words for group in outcome.groups)


@given(
    st.lists(
        st.text(alphabet="بتثجحخد", min_size=2, max_size=8), min_size=2, unique=True
    )
)
def test_whatever_stands_on_a_line_is_one_group(
    tmp_path_factory: pytest.TempPathFactory, spellings: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "line.txt"
    path.write_text(" = ".join(spellings), encoding="utf-8")
    variants = Variants.read(path)
    assert {variants.group_of(spelling) for spelling in spellings} == {*variants.groups}


def test_a_group_is_found_by_any_spelling_of_a_spelling(tmp_path: Path) -> None:
    variants = read(tmp_path, "الإكوادور = إكوادور الجنوب\nCôte = rivage")
    assert variants.group_of("الاكوادُور") is variants.groups[0]
    assert variants.group_of("أكوادور  الجنوب") is variants.groups[0]
    assert variants.group_of("COTE") is variants.groups[1]


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param("بيرو", id="another word"),
        pytest.param("هونغ", id="the beginning of a spelling"),
        pytest.param("هونغ كونغ الصينية", id="more than a spelling"),
        pytest.param("...", id="no word"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_no_group_has_is_in_none(tmp_path: Path, spelling: str) -> None:
    assert read(tmp_path, "هونغ كونغ = هونج كونج").group_of(spelling) is None


def test_words_are_given_the_names_of_their_groups(tmp_path: Path) -> None:
    variants = read(tmp_path, "تموز = يوليو\nناتو = حلف شمال الأطلسي")
    assert variants.names_for(["يوليو", "الناتو", "حلف"]) == {"تموز", "ناتو"}
    assert variants.names_for([]) == frozenset()


def test_a_word_that_needs_a_context_counts_only_with_it(tmp_path: Path) -> None:
    variants = read(tmp_path, MARCH)
    assert variants.names_for(["مارس", "افريل"]) == frozenset()
    assert variants.names_for(["مارس", "افريل"], in_context=True) == {"مارس", "أبريل"}
    assert variants.names_for(["اذار"]) == {"مارس"}


@pytest.mark.parametrize(
    "word",
    ["الناتو", "والناتو", "بالناتو", "وبالناتو", "كالناتو", "للناتو", "فللناتو"],
)
def test_a_word_is_found_behind_its_article(tmp_path: Path, word: str) -> None:
    assert read(tmp_path, "ناتو = نيتو").names_for([fold(word)]) == {"ناتو"}


def test_li_with_the_article_writes_no_third_lam(tmp_path: Path) -> None:
    variants = read(tmp_path, "ليغا = لاليجا")
    assert variants.names_for(["لليغا"]) == {"ليغا"}
    assert variants.names_for(["للليغا"]) == frozenset()


def test_letters_without_an_article_are_left_to_lemmas(tmp_path: Path) -> None:
    # ولي is a guardian, not "and Lee".
    assert read(tmp_path, "لي = لى كوان").names_for(["ولي"]) == frozenset()


def test_a_spelling_with_its_article_is_found_only_with_it(tmp_path: Path) -> None:
    variants = read(tmp_path, "الإيغور = الأويغور")
    assert variants.names_for(["ايغور"]) == frozenset()
    assert variants.names_for(["بالايغور"]) == {"الإيغور"}


def test_what_is_listed_with_its_article_goes_before_what_is_not(
    tmp_path: Path,
) -> None:
    variants = read(tmp_path, "كاميرون = كامرون\nالكاميرون = الكامرون")
    assert variants.names_for(["كاميرون"]) == {"كاميرون"}
    assert variants.names_for(["الكاميرون"]) == {"الكاميرون"}


def test_a_phrase_is_found_where_it_begins_with_its_length(tmp_path: Path) -> None:
    variants = read(tmp_path, "ناتو = حلف شمال الأطلسي")
    folded = words("قال حلف شمال الأطلسي اليوم")
    group = variants.groups[0]
    found = [variants.phrases_at(folded, index) for index in range(len(folded))]
    assert found == [[], [(group, 3)], [], [], []]


def test_a_phrase_that_the_end_cuts_off_is_not_found(tmp_path: Path) -> None:
    variants = read(tmp_path, "ناتو = حلف شمال الأطلسي")
    assert phrases(variants, "قال حلف شمال") == set()


def test_a_spelling_of_one_word_is_no_phrase(tmp_path: Path) -> None:
    assert phrases(read(tmp_path, "ناتو = نيتو"), "الناتو ناتو") == set()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("وهونغ كونغ", id="wa-"),
        pytest.param("بهونغ كونغ", id="bi-"),
        pytest.param("ولهونغ كونغ", id="wa- and li-"),
        pytest.param("الهونغ كونغ", id="article"),
        pytest.param("وللهونغ كونغ", id="wa-, li- and article"),
    ],
)
def test_a_phrase_is_found_behind_letters_written_in_one_with_it(
    tmp_path: Path, text: str
) -> None:
    assert phrases(read(tmp_path, "هونغ كونغ = هونج كونج"), text) == {"هونغ كونغ"}


def test_the_article_of_a_phrase_is_kept_behind_these_letters(tmp_path: Path) -> None:
    variants = read(tmp_path, "الحلف الأطلسي = ناتو")
    assert phrases(variants, "للحلف الأطلسي") == {"الحلف الأطلسي"}
    assert phrases(variants, "حلف الأطلسي") == set()


def test_the_longest_spelling_of_a_group_is_the_one_that_counts(
    tmp_path: Path,
) -> None:
    variants = read(tmp_path, "داعش = تنظيم الدولة = تنظيم الدولة الإسلامية")
    found = variants.phrases_at(words("تنظيم الدولة الإسلامية"), 0)
    assert found == [(variants.groups[0], 3)]


def test_phrases_of_several_groups_come_longest_first(tmp_path: Path) -> None:
    variants = read(tmp_path, "a b = x\na b c = y\na b c d = z")
    found = variants.phrases_at(["a", "b", "c", "e"], 0)
    assert [(group.name, length) for group, length in found] == [
        ("a b c", 3),
        ("a b", 2),
    ]


def test_a_phrase_that_needs_a_context_counts_only_with_it(tmp_path: Path) -> None:
    variants = read(tmp_path, "سوريا = شمال الشام*")
    assert phrases(variants, "في شمال الشام") == set()
    assert phrases(variants, "في شمال الشام", in_context=True) == {"سوريا"}


def test_shipped_phrases_are_found_in_a_sentence(shipped: Variants) -> None:
    text = "وقالت أ ف ب إن مكتب التحقيقات الفدرالي ووكالة المخابرات المركزية في بكين"
    assert phrases(shipped, text) == {
        "وكالة الصحافة الفرنسية",
        "إف بي آي",
        "سي آي إيه",
    }


@pytest.mark.usefixtures("fresh_default")
def test_an_archive_without_a_file_of_its_own_has_the_shipped_variants(
    monkeypatch: pytest.MonkeyPatch, shipped: Variants
) -> None:
    monkeypatch.delenv("NEWSARCHIVE_VARIANTS", raising=False)
    assert default_variants().groups == shipped.groups
    assert default_variants() is default_variants()


@pytest.mark.usefixtures("fresh_default")
def test_a_file_that_is_named_but_not_there_is_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shipped: Variants
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_VARIANTS", str(tmp_path / "missing.txt"))
    assert default_variants().groups == shipped.groups


@pytest.mark.usefixtures("fresh_default")
def test_an_archive_adds_groups_and_spellings_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (own,) = write(tmp_path, "لوموند دبلوماتيك = لوموند ديبلوماتيك\nأمريكا = أمريكة")
    monkeypatch.setenv("NEWSARCHIVE_VARIANTS", str(own))
    variants = default_variants()
    assert variants.group_of("أمريكة") is variants.group_of("أميركا")
    assert variants.group_of("لوموند ديبلوماتيك") is variants.groups[-1]
