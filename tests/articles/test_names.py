"""How names are sorted, grouped by letters and looked for: functions of the database."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def ask(function: str, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [name])
        answer: str = cursor.fetchone()[0]
    return answer


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        pytest.param("أَحْمَد", "احمد", id="hamza and vowel signs"),
        pytest.param("محـــمد", "محمد", id="tatweel"),
        pytest.param("فاطمة", "فاطمه", id="teh marbuta"),
        pytest.param("موسى", "موسي", id="alef maksura"),
        pytest.param("کی", "كي", id="Persian letters"),
        pytest.param("٢٠٢٠", "2020", id="digits"),
        pytest.param("Éléonore Œuvre", "eleonore oeuvre", id="accents and ligatures"),
        pytest.param(
            "\N{RIGHT-TO-LEFT MARK}سعاد\N{ZERO WIDTH SPACE}", "سعاد", id="unseen"
        ),
    ],
)
def test_a_filter_does_not_mind(name: str, folded: str) -> None:
    assert ask("articles_fold", name) == folded


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        pytest.param("القاهرة", "ق", id="article"),
        pytest.param("اَلْقاهرة", "ق", id="vowelled article"),
        pytest.param("«الشرق الأوسط»", "ش", id="article in quotes"),
        pytest.param("ألمانيا", "ا", id="hamza, no article"),
        pytest.param("إيمان", "ا", id="hamza below"),
        pytest.param("آمنة", "ا", id="madda"),
        pytest.param("ال", "ا", id="nothing but the article"),
        pytest.param("- سعاد", "س", id="sign before"),
        pytest.param("Étienne", "E", id="accent"),
        pytest.param("o'neill", "O", id="small"),
        pytest.param("24 ساعة", "#", id="digit"),
        pytest.param("...", "#", id="no letter at all"),
    ],
)
def test_a_name_stands_under_its_letter(name: str, letter: str) -> None:
    assert ask("articles_letter", name) == letter


@pytest.mark.parametrize(
    "names",
    [
        ["أحمد", "البدوي", "بدوية", "تامر", "الجزيرة", "حسن", "السعيد", "شادي", "يوسف"],
        ["Anne", "Émile", "Émilie", "Fatou", "Œuvre", "Zoé"],
        ["سعاد", "سعاد العلمي", "سعادة"],
    ],
)
def test_names_stand_in_the_order_of_the_alphabet(names: list[str]) -> None:
    assert sorted(names, key=lambda name: ask("articles_sort_key", name)) == names
