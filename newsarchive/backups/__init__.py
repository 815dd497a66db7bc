"""Back an archive up, and bring it back: all of it, or nothing.

A backup is a folder of its own, named by when it was made (``places``). It holds every
row of every table, as one moment saw them; the files of imports; on demand the index;
and ``manifest.json``, which says what all of that is, how many rows and bytes, with the
SHA-256 of every file (``manifest``). There is no secret in it but what the database has.

* ``make`` (``making``) writes one while the archive is in use.
* ``check`` (``checking``) tells whether one is whole.
* ``restore`` (``restoring``) loads one into an empty installation, of this version of
  the archive or of a later one.

The tables are PostgreSQL's own text format of COPY, compressed with Zstandard: any
PostgreSQL since 14 reads them, and ``zstdcat articles_article.copy.zst`` shows them.
"""

from newsarchive.backups.checking import check
from newsarchive.backups.making import Made, make
from newsarchive.backups.manifest import BackupError, Manifest
from newsarchive.backups.places import age_of_newest, find
from newsarchive.backups.restoring import Restored, restore

__all__ = [
    "BackupError",
    "Made",
    "Manifest",
    "Restored",
    "age_of_newest",
    "check",
    "find",
    "make",
    "restore",
]
