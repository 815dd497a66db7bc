"""Make of a query tree what the engine looks for, as a reader wants it read.

A ``Reading`` has the reader's choices: how far wanted words climb the match ladder, and
whether all of them are wanted. Each word is looked for in every text field, or in the
one that it is asked for in, and counts by the weight of the field that has it.

Unwanted words do not go beyond their spelling, for nobody knows what else they would
exclude. A stop word alone is no condition where other words are wanted: an article that
has them all is found without it, and counts more with it. Facets and dates are
conditions, and never count.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whoosh import query

from search.analysis import Rung, is_stop_word
from search.engine import Word, WordPhrase, rungs_up_to
from search.query import trees
from search.query.compounds import joined, joints, parts_of, ways
from search.query.fields import (
    DATE_COLUMN,
    DEFAULT_RUNG,
    FIELD_WEIGHTS,
    MAIN_FIELD,
    NAMES,
    STOP_WORD_BOOST,
    TEXT_FIELDS,
    UNWANTED_RUNG,
)
from search.query.nodes import (
    AllOf,
    AnyOf,
    DateRange,
    Excluded,
    Fuzzy,
    InField,
    Near,
    Node,
    OneOf,
    OwnRung,
    Pattern,
    Phrase,
    Prefix,
    Wildcard,
    WordNode,
    Words,
    has_words,
    wanted_leaves,
)
from search.query.trees import Tree, Weights

VARIANTS: frozenset[Rung] = frozenset({"variant"})
"""The rung of the ladder that can be left out."""


def _itself(field: str, text: str) -> Collection[str]:
    """Take the name of a source or section for its slug."""
    del field
    return (text,)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a reader wants a query read.

    Attributes:
        rung: how far wanted words climb the match ladder.
        any_word: whether one of several words is enough.
        names: whether words are looked for as names in the other script too.
        variants: whether the rung of press variants is climbed.
        without: forms that no word is to meet.
        resolve: gives the slugs that a name means, of a facet and the name.
    """

    rung: Rung = DEFAULT_RUNG
    any_word: bool = False
    names: bool = True
    variants: bool = True
    without: frozenset[str] = frozenset()
    resolve: Callable[[str, str], Collection[str]] = _itself

    def rungs(self, own: OwnRung | None = None) -> frozenset[Rung]:
        """Return the rungs that a wanted word climbs, which may have a rung of its own."""
        if own == "written":
            return rungs_up_to(own)
        climbed = rungs_up_to(own or self.rung)
        climbed -= frozenset() if self.variants else VARIANTS
        return climbed | (NAMES if self.names else frozenset())


def query_tree(root: Node | None, reading: Reading | None = None) -> Tree:
    """Return what the engine looks for; everything, if there is no ``root``."""
    if root is None:
        return trees.everything()
    tree = _Builder(reading or Reading()).tree(root, _WANTED)
    return trees.all_of([trees.everything(), tree]) if _is_not(tree) else tree


def wanted_words(root: Node | None, reading: Reading | None = None) -> tuple[Word, ...]:
    """Return the wanted words in order, on the rungs that they climb, each once.

    Of the main field, but for those that are looked for in another. A name that may be
    printed in one word or in two has all of these.
    """
    reading = reading or Reading()
    found: dict[Word, None] = {}
    for words, own, field in _wanted_words(root):
        rungs = reading.rungs(own)
        name = TEXT_FIELDS[field] if field else MAIN_FIELD
        texts = [form for word in words for form in (word, *parts_of(word, rungs))]
        texts += [joined(words, place) for place in joints(words, rungs)]
        for text in texts:
            found[Word(name, text, rungs, without=reading.without)] = None
    return tuple(found)


def wanted_patterns(root: Node | None) -> tuple[Tree, ...]:
    """Return the engine's patterns of wanted beginnings, wildcards and fuzzy words.

    Of the main field, but for those that are looked for in another.
    """
    found: dict[Tree, None] = {}
    for leaf, field in wanted_leaves(root) if root else ():
        if isinstance(leaf, Prefix | Wildcard | Fuzzy):
            tree = _pattern(leaf, {TEXT_FIELDS[field] if field else MAIN_FIELD: 1.0})
            found |= dict.fromkeys(tree.leaves())
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a tree a node stands: the fields, and whether it is wanted there."""

    weights: Mapping[str, float]
    is_wanted: bool = True


_WANTED = _Place(FIELD_WEIGHTS)


class _Builder:
    """Makes the trees of nodes, by one reading."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def tree(self, node: Node, place: _Place) -> Tree:
        """Return the tree of ``node``."""
        match node:
            case Words():
                return self._words(node.nodes, place)
            case AllOf():
                return _conditions([self._part(child, place) for child in node.nodes])
            case AnyOf():
                return trees.any_of(self.tree(child, place) for child in node.nodes)
            case Excluded():
                inner = _Place(place.weights, not place.is_wanted)
                return trees.but_not(self.tree(node.node, inner))
            case InField():
                name = TEXT_FIELDS[node.field]
                weights = {name: FIELD_WEIGHTS[name]}
                return self.tree(node.node, _Place(weights, place.is_wanted))
        return self._leaf(node, place)

    def _part(self, node: Node, place: _Place) -> "_Part":
        return _Part(self.tree(node, place), is_condition=not has_words(node))

    def _leaf(self, node: Node, place: _Place) -> Tree:
        match node:
            case WordNode():
                return self._word(node, place)
            case Phrase():
                rungs = self._rungs(node.rung, place)
                return trees.any_of(
                    self._phrase(words, rungs, place)
                    for words in ways(node.words, rungs)
                )
            case Near():
                rungs = self._rungs(node.rung, place)
                return self._phrase(
                    node.words, rungs, place, slop=node.distance, ordered=False
                )
            case Prefix() | Wildcard() | Fuzzy():
                return query.ConstantScoreQuery(_pattern(node, place.weights))
        return self._condition(node)

    def _condition(self, node: Node) -> Tree:
        match node:
            case OneOf():
                return self._one_of(node)
            case DateRange():
                low, high = (
                    day.toordinal() if day else None for day in (node.first, node.last)
                )
                return trees.between(DATE_COLUMN, low, high)
        return trees.nothing()

    # What stands side by side

    def _words(self, nodes: Sequence[Node], place: _Place) -> Tree:
        scored = [node for node in nodes if has_words(node)]
        optional = [n for n in scored if place.is_wanted and _is_optional(n)]
        telling = [node for node in scored if node not in optional]
        if not telling:
            telling, optional = optional, []
        parts = self._neighbours(nodes, telling, place)
        if self._is_any(place) and parts:
            parts = [trees.any_of(parts)]
        conditions = [_Part(tree, is_condition=False) for tree in parts]
        if optional:
            extra = trees.any_of(
                self._word(node, place, STOP_WORD_BOOST)
                for node in optional
                if isinstance(node, WordNode)
            )
            preferring = trees.preferring(trees.all_of(parts), extra)
            conditions = [_Part(preferring, is_condition=False)]
        conditions += [self._part(node, place) for node in nodes if not has_words(node)]
        return _conditions(conditions)

    def _neighbours(
        self, nodes: Sequence[Node], telling: Sequence[Node], place: _Place
    ) -> list[Tree]:
        """Return the trees of ``telling`` nodes; a name in two may be printed in one."""
        found: list[Tree] = []
        words = [_plain_word(node) if node in telling else "" for node in nodes]
        firsts = set(joints(words, self._rungs(None, place)))
        for number, node in enumerate(nodes):
            if node not in telling:
                continue
            tree = self.tree(node, place)
            if number - 1 in firsts:
                join = trees.any_of if self._is_any(place) else trees.all_of
                both = join([found.pop(), tree])
                one = WordNode(joined(words, number - 1))
                tree = trees.any_of([both, self._word(one, place, in_parts=False)])
            found.append(tree)
        return found

    def _is_any(self, place: _Place) -> bool:
        return self._reading.any_word and place.is_wanted

    # Words

    def _rungs(self, own: OwnRung | None, place: _Place) -> frozenset[Rung]:
        if place.is_wanted:
            return self._reading.rungs(own)
        return rungs_up_to(own or UNWANTED_RUNG)

    def _engine_word(
        self, field: str, text: str, rungs: frozenset[Rung], place: _Place
    ) -> Word:
        without = self._reading.without if place.is_wanted else frozenset()
        return Word(field, text, rungs, without=without)

    def _word(
        self,
        node: WordNode,
        place: _Place,
        boost: float = 1.0,
        *,
        in_parts: bool = True,
    ) -> Tree:
        """Look for a word in every field; a name in one word may be printed in two."""
        rungs = self._rungs(node.rung, place)
        parts = parts_of(node.text, rungs) if in_parts else ()

        def in_field(name: str, weight: float) -> Tree:
            word = self._engine_word(name, node.text, rungs, place)
            word = word.with_boost(weight * boost)
            if not parts:
                return word
            phrase = [self._engine_word(name, part, rungs, place) for part in parts]
            return query.Or([word, WordPhrase(phrase, boost=weight)])

        return _in_fields(place.weights, in_field)

    def _phrase(
        self,
        words: Sequence[str],
        rungs: frozenset[Rung],
        place: _Place,
        *,
        slop: int = 1,
        ordered: bool = True,
    ) -> Tree:
        if len(words) == 1:
            return self._quoted_word(words[0], rungs, place)

        def in_field(name: str, weight: float) -> Tree:
            phrase = [self._engine_word(name, word, rungs, place) for word in words]
            return WordPhrase(phrase, slop=slop, ordered=ordered, boost=weight)

        return _in_fields(place.weights, in_field)

    def _quoted_word(self, word: str, rungs: frozenset[Rung], place: _Place) -> Tree:
        def in_field(name: str, weight: float) -> Tree:
            return self._engine_word(name, word, rungs, place).with_boost(weight)

        return _in_fields(place.weights, in_field)

    def _one_of(self, node: OneOf) -> Tree:
        slugs: dict[str, None] = {}
        for value in node.values:
            is_code = node.field == "language"
            found = [value] if is_code else self._reading.resolve(node.field, value)
            slugs |= dict.fromkeys(found)
        return trees.any_of(trees.value(node.field, slug) for slug in slugs)


@dataclass(frozen=True, slots=True)
class _Part:
    """A tree among others, all of which must match; a condition does not count."""

    tree: Tree
    is_condition: bool


def _conditions(parts: Sequence[_Part]) -> Tree:
    """Find what all of ``parts`` find, scored by those that count."""
    unwanted = [part.tree for part in parts if _is_not(part.tree)]
    wanted = [part for part in parts if not _is_not(part.tree)]
    counting = [part.tree for part in wanted if not part.is_condition]
    conditions = [part.tree for part in wanted if part.is_condition]
    if counting and conditions:
        tree = trees.among(trees.all_of(counting), trees.all_of(conditions))
        return trees.all_of([tree, *unwanted])
    return trees.all_of([*counting, *conditions, *unwanted])


def _is_not(tree: Tree) -> bool:
    return isinstance(tree, query.Not)


def _in_fields(weights: Weights, in_field: Callable[[str, float], Tree]) -> Tree:
    return trees.any_of(in_field(name, weight) for name, weight in weights.items())


def _pattern(node: Pattern, weights: Weights) -> Tree:
    match node:
        case Prefix():
            return trees.words_matching(f"{node.text}*", weights)
        case Wildcard():
            return trees.words_matching(node.text, weights)
    # As many letters must be right before any may be wrong, or too many words would
    # have to be compared.
    return trees.words_spelled_like(
        node.text, weights, edits=node.edits, prefix=node.edits
    )


def _is_optional(node: Node) -> bool:
    """Whether it is a stop word that stands alone."""
    return isinstance(node, WordNode) and not node.rung and is_stop_word(node.text)


def _plain_word(node: Node) -> str:
    return node.text if isinstance(node, WordNode) and not node.rung else ""


def _wanted_words(
    root: Node | None,
) -> Iterator[tuple[tuple[str, ...], OwnRung | None, str | None]]:
    """Yield the wanted words, those that stand side by side together."""
    run: list[str] = []
    run_field: str | None = None
    for leaf, field in wanted_leaves(root) if root else ():
        is_plain = isinstance(leaf, WordNode) and not leaf.rung
        if run and (not is_plain or field != run_field):
            yield tuple(run), None, run_field
            run = []
        if isinstance(leaf, WordNode) and is_plain:
            run.append(leaf.text)
            run_field = field
        elif isinstance(leaf, WordNode):
            yield (leaf.text,), leaf.rung, field
        elif isinstance(leaf, Phrase | Near):
            yield leaf.words, leaf.rung, field
    if run:
        yield tuple(run), None, run_field
