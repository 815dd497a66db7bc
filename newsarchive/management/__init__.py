"""Commands that join the applications: running the archive, loading articles."""
