"""What can be wrong with a folder or an address, in words."""

from typing import Any


class WatchError(Exception):
    """It could not be looked at.

    Attributes:
        text: why and what to do, to be translated; ``values`` is put into it.
        gone: whether it will never come back.
        wait: how many seconds the other side asked to be left alone.
    """

    def __init__(
        self,
        text: str,
        *,
        gone: bool = False,
        wait: int = 0,
        **values: Any,
    ) -> None:
        super().__init__(text % values)
        self.text = text
        self.values = values
        self.gone = gone
        self.wait = wait
