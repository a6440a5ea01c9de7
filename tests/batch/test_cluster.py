"""The same class on a Dask cluster: a scheduler and two workers on this machine, one of which is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

TOY = Path(__file__).parents[1] / "toy"
OPTIONS = ("--cases", "5", "--format", "json")


class Cluster:
    """A scheduler and its workers, as processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes = [self._start("scheduler", "--port", "0", "--scheduler-file", str(self.file), "--no-dashboard")]
        deadline = time.monotonic() + 30
        while not self.file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder))
        process = self._start("worker", self.address, *options, **environment)
        self.processes.append(process)
        return process

    def _start(self, what: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdout=quiet, stderr=quiet, env={**os.environ, **environment})

    def close(self) -> None:
        for each in self.processes:
            for one in (*psutil.Process(each.pid).children(recursive=True), each) if each.poll() is None else ():
                one.kill()
        for each in self.processes:
            each.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def school(hand_in, right, tmp_path: Path) -> Path:
    for number in range(24):
        text = right("sums/total") if number % 3 else "def total(numbers):\n    return float(sum(numbers[1:]))\n"
        slow = "import time\ntime.sleep(0.2)\n" + right("lines/slope")
        hand_in(
            f"student {number:02}",
            {"sums/total.py": text, "lines/slope.py": slow, "lines/line.py": right("lines/line")},
        )
    return tmp_path / "class"


def told(document: str) -> list[tuple[str, str, str, int]]:
    results = json.loads(document)["results"]
    return [(each["student"], each["exercise"], each["report"]["verdict"], each["report"]["seed"]) for each in results]


def test_a_killed_worker_loses_nothing_and_nothing_is_there_twice(
    tutor, cluster: Cluster, school: Path, tmp_path: Path
) -> None:
    first, _ = cluster.worker(), cluster.worker()
    journal = tmp_path / "journal"
    words = ("--course", TOY, "grade", school, *OPTIONS, "--dask", cluster.address, "--journal", journal)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tutor", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > 6):
        time.sleep(0.02)
    assert process.poll() is None, process.communicate()
    first.send_signal(signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert told(out) == told(tutor("grade", school, *OPTIONS).stdout)
    assert len(told(out)) == 72 == journal.read_bytes().count(b"\n") - 1


def test_another_course_on_a_worker_is_refused(tutor, cluster: Cluster, toy_root: Path, school: Path) -> None:
    """The worker reads the course's files in the moment at which it is asked."""
    cluster.worker()
    reference = toy_root / "reference/lines/slope.py"
    fake = school / "student 00/lines/slope.py"
    reference.rename(reference.with_suffix(".away"))
    reference.symlink_to("/proc/self/cmdline")  # the same path has another content in each process
    done = tutor("grade", fake, *OPTIONS, "--dask", cluster.address, course=toy_root)
    assert done.returncode == 3 and "another version of the course" in done.stderr


@pytest.mark.parametrize(
    ("address", "sentence"), [("tcp://127.0.0.1:{port}", "No Dask scheduler answers"), ("nonsense://x", "No Dask")]
)
def test_no_scheduler_is_a_sentence(tutor, school: Path, address: str, sentence: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = tutor("grade", school, *OPTIONS, "--dask", address.format(port=port))
    assert done.returncode == 3 and sentence in done.stderr and "Traceback" not in done.stderr


def test_no_workers_is_a_sentence(tutor, school: Path, cluster: Cluster) -> None:
    done = tutor("grade", school, *OPTIONS, "--dask", cluster.address)
    assert done.returncode == 3 and "has no workers" in done.stderr
