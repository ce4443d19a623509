"""A night needs no network: it calls nobody, looks up no name, listens nowhere, and runs where there is no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from locked import FIRST, Homes, key_file

ROOT = Path(__file__).parents[2]
# a namespace of its own has no interface but a loopback that is down
_CUT_OFF = ["unshare", "--user", "--map-root-user", "--net"]
# the process ends at once when it uses a socket or asks for a name; a library may ask the kernel whether there is IPv6
_NO_SOCKET = """
import os, sys
def watch(event, given):
    probe = event == "socket.__new__" or (event == "socket.bind" and given[1][0] == "::1")
    if event.startswith("socket.") and not probe:
        os.write(2, ("asked for the network: " + event).encode())
        os._exit(99)
sys.addaudithook(watch)
from monitor.cli import main
main()
"""


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "PREFECT_"))}
    return {**kept, "HOME": str(tmp_path), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **more}


def needs_namespaces() -> None:
    program = shutil.which("unshare")
    if not program or subprocess.run([*_CUT_OFF, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network namespace (unshare --user --net)")


def run(command: list[str], given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "use", ["socket.create_connection(('127.0.0.1', 9))", "socket.gethostbyname('a.b')", "socket.socket().bind(('', 0))"]
)
def test_the_watch_sees_a_socket_in_use(tmp_path: Path, use: str) -> None:
    program = _NO_SOCKET.replace("from monitor.cli import main\nmain()", f"import socket; {use}")
    assert run([sys.executable, "-c", program], environment(tmp_path)).returncode == 99


@pytest.mark.parametrize("with_key", [False, True], ids=["clear", "key"])
def test_a_night_uses_no_socket_and_runs_where_there_is_no_network(homes: Homes, tmp_path: Path, with_key: bool) -> None:
    """The watch sees Python's sockets, the empty namespace those of every library."""
    key = {"MONITOR_ENCRYPTION_KEY_FILE": str(key_file(tmp_path / "key"))} if with_key else {}
    if with_key:
        needs_namespaces()
    words = [
        "run",
        "--as-of",
        FIRST.isoformat(),
        "--home",
        str(tmp_path / "home"),
        "--inbox",
        str(homes.inbox),
        "--threads",
        "1",
    ]
    command = [*(_CUT_OFF if with_key else []), sys.executable, "-c", _NO_SOCKET, *words]
    done = run(command, environment(tmp_path, **key))
    assert done.returncode == 0, done.stderr[-1500:]
    assert (tmp_path / "home/runs" / FIRST.isoformat() / "manifest.json").is_file()
    magic = (tmp_path / "home/runs" / FIRST.isoformat() / "cases.parquet").read_bytes()[:4]
    assert magic == (b"PARE" if with_key else b"PAR1")


def test_the_flow_runs_with_a_key_where_there_is_nothing_but_loopback(homes: Homes, tmp_path: Path) -> None:
    """Prefect's embedded server listens on loopback; it needs nothing else, and asks for nothing else."""
    needs_namespaces()
    if not shutil.which("ip"):
        pytest.skip("ip (iproute2) brings loopback up")
    given = environment(
        tmp_path, MONITOR_ENCRYPTION_KEY_FILE=str(key_file(tmp_path / "key")), PREFECT_HOME=str(tmp_path / "prefect")
    )
    flow = [sys.executable, "-m", "flows.nightly", "--as-of", FIRST.isoformat(), "--home", str(tmp_path / "home")]
    up = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    done = run([*_CUT_OFF, *up, *flow, "--inbox", str(homes.inbox)], given)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "home/runs" / FIRST.isoformat() / "cases.parquet").read_bytes()[:4] == b"PARE"
