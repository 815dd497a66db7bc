"""What whoever imports a file may say about it; all else is found out."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from articles.importing.mapping import Mapping

DateOrder = Literal["dmy", "mdy"]


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a file is to be read, where that is not to be guessed.

    Attributes:
        encoding: of text, by a name that Python knows, such as "windows-1256".
        delimiter: what stands between the cells of a table, such as ";".
        has_header: whether the first row of a table names the columns.
        mapping: which column or key is which field.
        date_order: what 3/4/2020 is; ISO 8601 and what can be only one day stay as
            they are.
        zone: the time zone of times that name none; without it they keep none.
        format: the name of a format; compressions and collections are opened all the same.
    """

    encoding: str | None = None
    delimiter: str | None = None
    has_header: bool | None = None
    mapping: Mapping | None = None
    date_order: DateOrder = "dmy"
    zone: ZoneInfo | None = None
    format: str | None = None
