"""Find a Chromium for the tests, or install one.

``python -m tests.browser.chromium --install`` is what ``make test`` runs: the browser
that ``CHROMIUM`` names, one on the PATH, else Debian's package when root, else
Playwright's own download. It never fails: where none can be had, the tests do.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ADVICE = (
    "The browser tests need a Chromium. Install Debian's package 'chromium', or run "
    "'.venv/bin/playwright install --with-deps chromium', or name one in CHROMIUM."
)


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        if path := shutil.which(name):
            return path
    if named:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None  # noqa: PTH110  Playwright's string.


def install() -> None:
    """Install a Chromium by the first way that works."""
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        packages = ["chromium", "fonts-noto-core"]
        ways[:0] = [
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        ]
    for way in ways:
        subprocess.run(
            way, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        )
        if find_chromium():
            return


if __name__ == "__main__":
    if (
        "--install" in sys.argv
        and not os.environ.get("CHROMIUM")
        and not find_chromium()
    ):
        print("Installing a browser for the tests ...")  # noqa: T201
        install()
    print(find_chromium() or ADVICE)  # noqa: T201
