"""Fields: the words of the house, as Whoosh asks for them."""

from search.engine.fields import WordAnalyzer, build_schema
from tests.search.engine.documents import FIELDS


def test_the_analyzer_gives_positions_and_characters_when_asked() -> None:
    analyzer = WordAnalyzer()
    given = [
        (token.text, token.pos, token.startchar, token.endchar)
        for token in analyzer(
            "كِتاب جديد", positions=True, chars=True, start_pos=5, start_char=100
        )
    ]
    assert given == [("كتاب", 5, 100, 105), ("جديد", 6, 106, 110)]


def test_the_analyzer_gives_words_alone_when_nothing_is_asked() -> None:
    assert [token.text for token in WordAnalyzer()("A b")] == ["A", "b"]


def test_every_document_has_a_key() -> None:
    schema = build_schema(FIELDS)
    assert schema["id"].unique
    assert set(schema.names()) == {"id", *(field.name for field in FIELDS)}
