"""The crash benchmark, with few kills: nothing saved is lost, nothing gone is shown."""

import json
import subprocess
import sys

from newsarchive.environment import ROOT


def test_after_a_kill_of_each_kind_nothing_is_lost_or_shown() -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "bench.crash", "--json"),
            *("--kills", "6", "--writers", "1", "--readers", "1"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    told = json.loads(run.stdout)
    assert told["wrong"] == []
    assert len(told["kills"]) == 6
    assert told["counts"]["saves that were told"] > 10
    assert told["counts"]["searches for what is gone"] > 0
