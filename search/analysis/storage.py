"""Arrays that are made once and mapped into the memory of every process.

What takes seconds to make from a dictionary is kept in a folder of ``.npy`` files, named
by a digest of everything that it was made of: a new version of a dictionary or of our
rules makes a new folder, and nothing has to be told. Mapped files are shared: ten
workers hold one copy. Where no folder can be written the arrays are made in memory.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def kept_arrays(
    name: str, made_of: Iterable[Path | str], make: Callable[[], Arrays]
) -> Arrays:
    """Return the arrays ``name``, mapped from disk; make and keep them if need be.

    Args:
        name: the beginning of the folder's name.
        made_of: files whose content decides what is made, and versions.
        make: gives the arrays; called once for each state of ``made_of``.
    """
    folder = kept_folder() / f"{name}-{_digest(made_of)}"
    if not folder.is_dir():
        arrays = make()
        if not _keep(arrays, folder):
            return arrays
        _remove_older(folder, name)
    return {
        file.stem: np.load(file, mmap_mode="r") for file in sorted(folder.glob("*.npy"))
    }


def kept_folder() -> Path:
    """Return where this installation keeps what analysis makes."""
    kept = os.environ.get("NEWSARCHIVE_VAR")
    checkout = Path(__file__).resolve().parent.parent.parent
    return (Path(kept) if kept else checkout / "var") / "analysis"


def _digest(made_of: Iterable[Path | str]) -> str:
    digest = hashlib.sha256()
    for part in made_of:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def _keep(arrays: Arrays, folder: Path) -> bool:
    """Write the arrays so that ``folder`` is complete or is not; say if it is."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    except OSError:
        return False
    try:
        for key, array in arrays.items():
            np.save(made / f"{key}.npy", array)
        made.chmod(0o755)
        # Another process may have been faster: its folder holds the same.
        with suppress(OSError):
            made.rename(folder)
        return folder.is_dir()
    except OSError:
        return False
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _remove_older(folder: Path, name: str) -> None:
    """Remove what older versions kept; who has it mapped keeps it until the end."""
    for older in folder.parent.glob(f"{name}-*"):
        if older != folder:
            shutil.rmtree(older, ignore_errors=True)
