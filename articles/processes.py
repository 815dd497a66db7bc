"""Processes that work for another one, and end with it."""

import os
from functools import cache
from multiprocessing import parent_process
from threading import Thread


@cache
def end_with_parent() -> None:
    """See to it that this process ends when the one that started it is killed."""

    def wait_and_end() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    Thread(target=wait_and_end, daemon=True).start()
