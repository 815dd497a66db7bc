"""Names across scripts: Hammouchi, Hamouchi, Hammushi and حموشي are one name.

``sounds`` reads a spelling as sounds; ``keys`` makes of them the *name key*, which the
spellings of a name share; ``alignment`` says how well two spellings agree; ``compounds``
knows names that are written in one word or in two; ``translations`` has what no sound
tells (القاهرة, Cairo, Le Caire); ``index`` finds with all of these the words of a
vocabulary that a name may be written with.
"""

from search.analysis.names.alignment import likeness
from search.analysis.names.compounds import joined, name_parts
from search.analysis.names.index import Candidate, NameIndex, is_spelt_like
from search.analysis.names.keys import name_key, name_keys
from search.analysis.names.translations import exonyms

__all__ = [
    "Candidate",
    "NameIndex",
    "exonyms",
    "is_spelt_like",
    "joined",
    "likeness",
    "name_key",
    "name_keys",
    "name_parts",
]
