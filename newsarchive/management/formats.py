"""What commands that import say of the files that they take."""

FORMATS_HELP = (
    "Files are known by their content: plain text, CSV, TSV, XLSX, JSON, JSON Lines, "
    "JSON-LD, HTML, RSS, Atom, NITF, NewsML-G2, WARC and DOCX; also compressed (.gz, "
    ".xz, .zst, .bz2), or many in a ZIP or TAR."
)
