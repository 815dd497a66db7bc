"""What the archive is made of, and under which licences.

    python -m tests.licences

prints the packages of requirements.lock with their versions and licences, and ends with
status 1 if one of them is under the GPL, which the archive's own licence (MIT) could not
be kept beside. With ``--write`` the list in README is made anew; a test compares them.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from packaging.markers import Marker

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- licences -->", "<!-- end of licences -->"

REFUSED = re.compile(r"(?<!L)(?<!Lesser )A?GPL|(?<!Lesser )General Public License")
"""The GPL and the AGPL; the LGPL lets a program use a library."""


def locked() -> dict[str, str]:
    """Return package -> version of what is installed to run the archive here."""
    found = {}
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name, version, marker in re.findall(
        r"^([\w.-]+)==([\w.+!]+)(?: ; ([^\\\n]+))?", text, re.MULTILINE
    ):
        found[name] = version
        if marker and not Marker(marker.strip()).evaluate():
            found.pop(name)
    return found


def licence(name: str) -> str:
    """Return the licence that a package says it is under."""
    told: Any = metadata(name)
    if expression := told.get("License-Expression"):
        return str(expression)
    classes = [
        line.rsplit(" :: ", 1)[-1]
        for line in told.get_all("Classifier", [])
        if line.startswith("License :: OSI Approved ::")
    ]
    if classes:
        return ", ".join(classes)
    written = str(told.get("License") or "")
    return written if written and "\n" not in written else "unknown"


def rows() -> list[tuple[str, str]]:
    """Return every package that runs here, with its licence."""
    return [(name, licence(name)) for name in sorted(locked())]


def table() -> str:
    """Return the list as README has it."""
    lines = [f"| {name} | {said} |" for name, said in rows()]
    return "\n".join(["| package | licence |", "|---|---|", *lines])


def refused() -> list[str]:
    """Name the packages whose licence the archive cannot be under, or that say none."""
    return [
        f"{name}: {said}"
        for name, said in rows()
        if said == "unknown" or all(map(REFUSED.search, said.split(" OR ")))
    ]


def main() -> int:
    """Print the list, or write it; return the exit status."""
    try:
        shown, wrong = table(), refused()
    except PackageNotFoundError as error:
        sys.stderr.write(f"{error.name} is not installed: run make dev first.\n")
        return 1
    if "--write" in sys.argv:
        text = README.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        _old, after = rest.split(END)
        README.write_text(f"{before}{BEGIN}\n{shown}\n{END}{after}", encoding="utf-8")
    else:
        sys.stdout.write(f"{shown}\n")
    if wrong:
        sys.stderr.write(f"Not to be used: {'; '.join(wrong)}\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
