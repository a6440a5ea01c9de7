"""What a submission may try against the machine: each attempt is refused at its line, and the next one is graded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.core.course import load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import Report, Verdict
from tutor.core.submission import Submission

Check = Callable[[str], Report]

REFUSED = {
    "start_a_shell": "import os; os.execv('/bin/sh', ['sh'])",
    "start_a_program": "import subprocess; subprocess.run(['/bin/true'])",
    "fork": "import os; os.fork()",
    "fork_through_multiprocessing": "import multiprocessing; multiprocessing.get_context('fork').Process().start()",
    "open_a_socket": "import socket; socket.socket()",
    "make_a_pair_of_sockets": "import socket; socket.socketpair()",
    "kill_the_parent": "import os; os.kill(os.getppid(), 9)",
    "kill_everybody": "import os; os.kill(-1, 9)",
    "leave_the_process_group": "import os; os.setpgid(0, 0)",
    "leave_the_session": "import os; os.setsid()",
    "lift_its_own_limits": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))",
    "lift_its_limits_by_prlimit": "import resource; resource.prlimit(0, resource.RLIMIT_DATA, (-1, -1))",
    "rename_a_file": "import os; open('a', 'w').close(); os.rename('a', 'b')",
    "link_a_file": "import os; open('a', 'w').close(); os.link('a', 'b')",
    "make_a_symbolic_link": "import os; os.symlink('/etc/passwd', 'b')",
    "change_a_mode": "import os; open('a', 'w').close(); os.chmod('a', 0o777)",
    "change_times": "import os; open('a', 'w').close(); os.utime('a', (0, 0))",
    "change_the_owner": "import os; open('a', 'w').close(); os.chown('a', 1, 1)",
    "set_an_attribute": "import os; open('a', 'w').close(); os.setxattr('a', 'user.x', b'1')",
    "make_a_device": "import os; os.mknod('null')",
    "leave_the_root": "import os; os.chroot('/')",
    "read_passwords": "open('/etc/passwd').read()",
    "read_another_process": "open('/proc/1/environ').read()",
    "read_its_own_memory_map": "open('/proc/self/maps').read()",
    "list_the_home_folder": "import os; os.listdir(os.path.expanduser('~root'))",
    "write_to_tmp": "open('/tmp/stolen', 'w').write('x')",
    "write_into_the_standard_library": "import os; open(os.__file__, 'a').write('x')",
    "fill_the_disk": "open('big', 'wb').write(b'x' * 100_000_000)",
    "open_many_files": "files = [open('/dev/null') for _ in range(1000)]",
}


@pytest.fixture(scope="module")
def attempt() -> Iterator[Check]:
    course = load_course(Path(__file__).parents[1] / "toy")
    with Grader(course, settings=GradingSettings(cases=5, call_seconds=5)) as grader:

        def check(line: str) -> Report:
            text = f"def total(numbers):\n    {line}\n    return float(sum(numbers))\n"
            digest = hashlib.sha256(text.encode()).hexdigest()
            return grader.grade(Submission("sums/total", "mine.py", text, digest, ()))

        yield check


def test_every_layer_is_active(attempt: Check) -> None:
    layers = {layer.name: layer.active for layer in attempt("pass").layers}
    assert layers == dict.fromkeys(("process", "environment", "rlimits", "landlock", "seccomp"), True)


@pytest.mark.parametrize("name", REFUSED)
def test_it_may_not(attempt: Check, name: str) -> None:
    report = attempt(REFUSED[name])
    assert report.verdict in (Verdict.RAISED, Verdict.CRASHED)
    error = next(each.error for each in report.properties if each.error)
    assert error.lines[-1].text == REFUSED[name]
    if report.verdict == Verdict.RAISED:
        assert error.type in ("PermissionError", "OSError", "ValueError", "FileNotFoundError")
    assert not Path("/tmp/stolen").exists()


def test_the_next_submission_is_graded_as_if_nothing_had_been(attempt: Check) -> None:
    assert attempt("pass").passed


def test_threads_still_work(attempt: Check) -> None:
    line = "import threading; t = threading.Thread(target=len, args=([],)); t.start(); t.join()"
    assert attempt(line).passed


def test_a_thread_left_running_ends_with_its_worker(attempt: Check) -> None:
    line = "import threading, time; threading.Thread(target=time.sleep, args=(600,), daemon=True).start()"
    assert attempt(line).passed
    assert attempt("pass").passed
