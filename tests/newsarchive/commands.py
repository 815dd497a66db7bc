"""Commands run as from a shell, on files written for them."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command


def write(path: Path, *values: dict[str, Any] | str) -> Path:
    """Write JSON lines; a text stands as it is."""
    lines = [v if isinstance(v, str) else json.dumps(v) for v in values]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(name: str, *paths: Path, **options: Any) -> tuple[str, str, int]:
    """Return what was printed, what was complained of, and the exit status."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *map(str, paths), stdout=out, stderr=err, **options)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), int(end.code or 0)
    return out.getvalue(), err.getvalue(), 0
