"""Tell whether a backup is whole, without a database."""

from pathlib import Path

from newsarchive.backups import manifest as manifests
from newsarchive.backups.files import unpacked, verified
from newsarchive.backups.manifest import BackupError, Manifest


def check(folder: Path) -> Manifest:
    """Read a backup to its last byte.

    Raises:
        BackupError: something is missing, damaged, or not what the manifest says; the
            message names the file.
    """
    manifest = manifests.read(folder)
    for file in manifest.files:
        verified(folder, file)
    for table in manifest.tables:
        path = folder / table.path
        found = sum(piece.count(b"\n") for piece in unpacked(path))
        if found != table.rows:
            raise BackupError(
                f"{path} is damaged: it has {found} rows and had {table.rows}. "
                "Use another backup."
            )
    return manifest
