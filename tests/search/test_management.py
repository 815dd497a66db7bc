"""``manage.py analyze`` and ``manage.py conflate``."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

REPORT = "عقب 11 سبتمبر/أيلول 2001، انخراطه في الحرب"


def _analyze(*arguments: str) -> str:
    out = io.StringIO()
    call_command("analyze", *arguments, stdout=out)
    return out.getvalue()


def _analyze_json(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_analyze(*arguments, "--json"))
    return found


def test_json_has_the_words_and_the_dates() -> None:
    found = _analyze_json(REPORT)

    assert set(found) == {"language", "tokens", "dates"}
    assert found["language"] == "ar"
    assert found["dates"] == [
        {
            "text": "11 سبتمبر/أيلول 2001",
            "start": 4,
            "end": 24,
            "from": "2001-09-11",
            "to": "2001-09-11",
        }
    ]
    for token in found["tokens"]:
        assert REPORT[token["start"] : token["end"]] == token["text"]
    war = found["tokens"][-1]
    assert war == {
        "text": "الحرب",
        "start": 37,
        "end": 42,
        "written": "الحرب",
        "folded": "الحرب",
        "variants": [],
        "lemmas": ["حرب"],
        "root": "حرب",
        "name_key": war["name_key"],
    }


def test_a_word_without_a_root_has_null() -> None:
    assert _analyze_json("Rabat", "--language", "fr")["tokens"][0]["root"] is None


def test_a_published_day_dates_what_has_no_year() -> None:
    found = _analyze_json("في 8 مارس/آذار الماضي", "--published", "2023-06-19")

    assert [d["from"] for d in found["dates"]] == ["2023-03-08"]


def test_text_is_read_from_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("كتاب"))

    assert _analyze_json("-")["tokens"][0]["lemmas"] == ["كتاب"]


def test_people_read_a_line_for_each_class_and_date() -> None:
    printed = _analyze("في مايو/أيار 2023 بأميركا", "--language", "ar")

    assert "language: ar\n" in printed
    assert "  folded    باميركا\n" in printed
    assert "  variants  " in printed
    assert "2023: 2023-05-01 to 2023-05-31\n" in printed


def test_a_text_without_words_has_nothing_to_show() -> None:
    assert _analyze("...") == "language: unknown\n"


def test_a_day_is_shown_once() -> None:
    assert _analyze("8 mars 2021").endswith("date 0-11 8 mars 2021: 2021-03-08\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--language", "zz"], "'zz' is no language"),
        (["--published", "19/06/2023"], "'19/06/2023' is no day"),
    ],
)
def test_a_bad_option_is_refused(arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        _analyze("كتاب", *arguments)


def _conflate(*words: str) -> str:
    out = io.StringIO()
    call_command("conflate", *words, stdout=out)
    return out.getvalue()


def test_two_words_meet_on_every_rung_that_is_said() -> None:
    printed = _conflate("كتاب", "والكتب")

    assert printed.splitlines()[0] == "كتاب and والكتب meet by lemma: كتاب"
    assert "كتاب and والكتب meet by root: كتب" in printed


def test_names_meet_across_scripts() -> None:
    assert "meet as names" in _conflate("حموشي", "Hammouchi")


def test_words_that_do_not_meet_have_exit_status_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("conflate", "كتاب", "وزير")

    assert stopped.value.code == 1
    assert "do not meet on any rung" in capsys.readouterr().out
