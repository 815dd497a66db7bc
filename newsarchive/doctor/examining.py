"""Ask every probe, whatever happens to the others, and say what they found."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from newsarchive.doctor import databases, machine
from newsarchive.doctor.findings import Finding, Probe

_OF_MACHINE: tuple[Probe, ...] = (
    machine.folder,
    machine.disk,
    machine.memory,
    machine.open_files,
    machine.embedded_database,
)
_OF_DATABASE: tuple[Probe, ...] = (
    databases.privileges,
    databases.writable,
    databases.connections_left,
    databases.clock,
)


def examine(cannot_start: BaseException | None = None) -> list[tuple[str, Finding]]:
    """Return what is wrong, each with the name of the probe that found it.

    Args:
        cannot_start: why the settings cannot be read or the database does not start,
            if they cannot; then only what needs neither is looked at.
    """
    found = _ask(_OF_MACHINE)
    if cannot_start:
        problem = Finding("error", str(cannot_start))
        return [("start", problem), *found, *_ask([machine.embedded_log])]
    down = _ask([databases.answers])
    found += down
    if not down:
        found += _ask(_OF_DATABASE)
    # Imported here: it reads the settings, which may be what is wrong.
    from newsarchive.doctor import archive  # noqa: PLC0415

    found += _ask(
        [
            archive.mistakes,
            archive.index_lock,
            archive.left_building,
            archive.dictionaries,
            archive.static_files,
            archive.morphology,
            archive.backups,
            archive.broken_off,
        ]
    )
    # One cause would show in all of them.
    behind = [] if down else _ask([archive.schema])
    found += behind
    if not (down or behind):
        found += _ask(
            [archive.mistakes_of_database, archive.index, archive.import_files]
        )
    return found


def is_well(found: Sequence[tuple[str, Finding]]) -> bool:
    """Whether nothing was found that keeps something from working."""
    return not any(finding.level == "error" for _name, finding in found)


def report(found: Sequence[tuple[str, Finding]], *, as_json: bool) -> str:
    """Return what was found, in words or for programs."""
    if as_json:
        told = [{"probe": name, **asdict(finding)} for name, finding in found]
        return json.dumps(
            {"well": is_well(found), "findings": told}, ensure_ascii=False, indent=2
        )
    if not found:
        return "All is well."
    lines = []
    # What keeps the archive from working is read first.
    for name, finding in sorted(found, key=lambda each: each[1].level):
        known = f" ({finding.id})" if finding.id else ""
        lines.append(f"{finding.level}: {name}: {finding.problem}{known}")
        lines += [f"  {line}" for line in finding.cure.splitlines()]
    errors = sum(finding.level == "error" for _name, finding in found)
    lines.append(f"{errors} errors, {len(found) - errors} warnings.")
    return "\n".join(lines)


def _ask(probes: Sequence[Probe]) -> list[tuple[str, Finding]]:
    return [
        (probe.__name__.replace("_", " "), finding)
        for probe in probes
        for finding in _asked(probe)
    ]


def _asked(probe: Probe) -> Iterator[Finding]:
    try:
        yield from probe()
    except Exception as error:  # noqa: BLE001  Whatever it is, it is what was found.
        yield Finding("error", f"{type(error).__name__}: {str(error).strip()}")
