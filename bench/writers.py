"""Writers for ``bench.crash``: processes that save articles and say when it is done.

Each writer has articles of its own, which nobody else changes. Before it does something
to one it prints what, and when the database has committed it, that it is done: one JSON
object a line, ``{"key", "act", "version", "done"}``. What was begun and not done may have
happened or not; what was done must be found afterwards. When the database goes away a
writer waits until it is back, and says that its last act is of unknown end by never
saying that it is done.
"""

import json
import os
import random
import sys
import time
from itertools import count
from typing import Literal

Act = Literal["draft", "publish", "edit", "withdraw", "delete"]

ADDRESS = "https://crash.example/"
"""What addresses of articles begin with; the key follows."""

REST = 0.02
"""Seconds between two acts."""

NEW = 0.3
"""Share of the acts that begin a new article."""

_NEXT: dict[str, tuple[Act, ...]] = {
    "": ("draft", "publish"),
    "draft": ("publish", "edit", "delete"),
    "published": ("edit", "edit", "withdraw", "delete"),
    "withdrawn": ("publish", "delete"),
}
"""What may be done to an article in a state."""

STATES: dict[Act, str] = {
    "draft": "draft",
    "publish": "published",
    "withdraw": "withdrawn",
    "delete": "deleted",
}
"""What state an act leaves an article in; an edit leaves it as it is."""


def unique_word(key: str) -> str:
    """Return the word that only the article ``key`` has."""
    return f"crashword{key}"


def version_word(version: int) -> str:
    """Return the word that only this version of the articles has."""
    return f"version{version}"


def write(name: str, seed: int) -> None:
    """Do one thing after the other, until killed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsarchive.settings"
    import django  # noqa: PLC0415

    django.setup()
    chance = random.Random(seed)  # noqa: S311  Nothing secret.
    states: dict[str, str] = {}
    numbers = count()
    for version in count(1):
        key = _pick(chance, states) or f"{name}x{next(numbers)}"
        act = chance.choice(_NEXT[states.get(key, "")])
        _tell(key, act, version, done=False)
        if _do(key, act, version):
            _tell(key, act, version, done=True)
            states[key] = STATES.get(act, states.get(key, ""))
            if states[key] == "deleted":
                del states[key]
        else:
            # Nobody knows what it is now: it is left alone.
            states.pop(key, None)
        time.sleep(REST)


def _pick(chance: random.Random, states: dict[str, str]) -> str | None:
    return None if chance.random() < NEW else chance.choice([*states, None])


def _tell(key: str, act: Act, version: int, *, done: bool) -> None:
    line = {"key": key, "act": act, "version": version, "done": done}
    print(json.dumps(line), flush=True)


def _do(key: str, act: Act, version: int) -> bool:
    """Do it in one transaction; whether it is known to have been committed."""
    from django.db import InterfaceError, OperationalError, connection  # noqa: PLC0415

    try:
        _change(key, act, version)
    except (OperationalError, InterfaceError):
        connection.close()
        time.sleep(0.2)
        return False
    return True


def _change(key: str, act: Act, version: int) -> None:
    from articles.models import Article, Source, Status  # noqa: PLC0415

    address = f"{ADDRESS}{key}"
    body = f"{unique_word(key)} {version_word(version)} harvest of olives in the north."
    if act == "delete":
        Article.objects.filter(url=address).delete()
    elif act == "withdraw":
        Article.objects.filter(url=address).set_status(Status.WITHDRAWN)
    elif act == "edit":
        article = Article.objects.get(url=address)
        article.body = body
        article.save()
    else:
        status = Status.DRAFT if act == "draft" else Status.PUBLISHED
        source = Source.objects.get_or_create(slug="crash", name="Crash")[0]
        values = {"title": f"Article {key}", "body": body, "language": "en"}
        Article.objects.update_or_create(
            url=address, defaults={**values, "source": source, "status": status}
        )


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
