"""How bytes become text, and what cannot."""

import pytest

from articles.importing.encodings import MARKING, detect_encoding

ARABIC = "بدأ حصاد الزيتون في القرى، وقال الفلاحون إن الموسم جيد.\n"
FRENCH = (
    "L’été s’achève : « où sont les pêcheurs ? », demande l’élue du cœur de Besançon.\n"
)


@pytest.mark.parametrize(
    ("text", "encoding", "detected"),
    [
        (ARABIC, "utf-8", "utf-8"),
        (ARABIC, "utf-8-sig", "utf-8-sig"),
        (ARABIC, "utf-16", "utf-16"),
        (ARABIC, "utf-16-le", "utf-16-le"),
        (ARABIC, "utf-16-be", "utf-16-be"),
        (ARABIC, "utf-32", "utf-32"),
        (ARABIC, "cp1256", "cp1256"),
        (ARABIC, "iso8859-6", "iso8859-6"),
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH.replace("’", "'").replace("œ", "oe"), "iso8859-1", "cp1252"),
        ("plain", "ascii", "utf-8"),
        ("", "ascii", "utf-8"),
    ],
)
def test_an_encoding_is_detected(text: str, encoding: str, detected: str) -> None:
    data = text.encode(encoding)
    assert detect_encoding(data, whole=True) == detected
    assert data.decode(detected) == text


def test_a_beginning_may_cut_a_character() -> None:
    assert detect_encoding(ARABIC.encode()[:3], whole=False) == "utf-8"


def test_a_few_bad_bytes_in_utf_8_do_not_make_it_another() -> None:
    assert detect_encoding(ARABIC.encode() + b"\xe9", whole=True) == "utf-8"
    assert detect_encoding(b"two \xff", whole=True) == "utf-8"


@pytest.mark.parametrize(
    ("head", "detected"),
    [
        (b'<?xml version="1.0" encoding="windows-1256"?><a>\xc7</a>', "cp1256"),
        (b'<html><meta charset="iso-8859-6">\xc7', "iso8859-6"),
        (b'<?xml version="1.0" encoding="latin1"?><a>\xe9</a>', "cp1252"),
        (b'<?xml version="1.0" encoding="zork"?><a/>', "utf-8"),
        ('<?xml version="1.0" encoding="latin1"?><a>é</a>'.encode(), "utf-8"),
    ],
)
def test_a_declaration_is_believed_if_the_text_allows(
    head: bytes, detected: str
) -> None:
    assert detect_encoding(head, whole=True) == detected


def test_bytes_that_are_no_text_become_marks() -> None:
    assert b"a\xffb".decode("utf-8", MARKING) == "a\U0010ffffb"
