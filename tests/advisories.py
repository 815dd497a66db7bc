"""Known weaknesses of what the archive is made of.

    python -m tests.advisories

asks the index of Python's packages, by way of pip-audit, for what is known against the
packages of requirements.lock. It ends with status 1 where something is, and with 2 where
it could not be asked: no answer is no good news.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SHOWN_MOST = 5

COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--requirement", "requirements.lock"),
    *("--require-hashes", "--disable-pip", "--progress-spinner", "off"),
    *("--format", "json"),
)


def report(answer: str, complaint: str) -> tuple[int, str]:
    """Return the exit status, and what is to be said, of an answer of pip-audit's."""
    try:
        asked: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        why = complaint.strip().splitlines()[-1:] or ["it gave no answer"]
        return 2, f"The advisories cannot be reached: {why[0]}"
    weak = [
        f"{package['name']} {package['version']}: {known['id']}, mended in "
        f"{', '.join(known['fix_versions']) or 'no version yet'}"
        for package in asked
        for known in package.get("vulns", [])
    ]
    left = [package["name"] for package in asked if "skip_reason" in package]
    if weak:
        return 1, "\n".join(weak)
    if left:
        shown = ", ".join(left[:SHOWN_MOST]) + (
            " ..." if len(left) > SHOWN_MOST else ""
        )
        return 2, (
            f"Nothing is known of {len(left)} of {len(asked)} packages ({shown}): the "
            "index of advisories is not reached from here. Run it where it is."
        )
    return 0, f"Nothing is known against {len(asked)} packages."


def main() -> int:
    """Ask, and say what is known."""
    done = subprocess.run(
        COMMAND, cwd=ROOT, capture_output=True, text=True, check=False
    )
    status, said = report(done.stdout, done.stderr)
    sys.stdout.write(f"{said}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
