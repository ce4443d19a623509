"""The Spark peer of the benchmark gives the project's own answers on a small, dirty county."""

import sys
from pathlib import Path

from monitor.synth import Plan, synthesise

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers"
sys.path.insert(0, str(PEERS))

import job  # noqa: E402
from compare import CELL_DIRT, differences, run  # noqa: E402


def test_the_spark_peer_gives_the_same_hits_counts_and_lists(tmp_path: Path) -> None:
    synthesise(Plan(2000, as_of=job.AS_OF, dirt=CELL_DIRT), tmp_path / "inbox")
    for peer in ("ours", "spark"):
        run(peer, tmp_path / "inbox", tmp_path / peer, sys.executable)
    assert differences(tmp_path / "ours", tmp_path / "spark") == []
