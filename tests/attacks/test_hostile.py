"""Hostile submissions, one idea a file: none passes, none breaks the grader, none leaves a trace.

In a submission `@COURSE@` stands for the folder of the course, `@PID@` for the process id of the front end and `@NOW@`
for the time, all of which an attacker would find out, and `@ESCAPES@` for characters that an editor would not keep.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tutor.core.course import Course, default_course_root, load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import Report, Verdict, to_json
from tutor.core.submission import make_submission

SUBMISSIONS = Path(__file__).parent / "submissions"
TOY = Path(__file__).parents[1] / "toy"
SETTINGS = GradingSettings(cases=10, call_seconds=0.3, cpu_seconds=2, shrink_seconds=0.1)
MARK = "TUTOR_ATTACKED_BY"
"""Environment variable by which the graders of this module, and all that they start, are told from others."""

WEIGHTS, HEAD, WRITE = "attention/scaled_scores", "attention/single_head", "gpt/generate"
NORM, TOTAL, MEANS = "diagnostics/batchnorm_layer", "sums/total", "sums/running_mean"

ATTACKS: dict[str, tuple[str, set[str]]] = {
    # frames and events of its own
    "forge_answers_on_every_descriptor": (WEIGHTS, {"failed"}),
    "forge_a_report": (TOTAL, {"crashed", "failed"}),
    "answer_before_being_asked": (TOTAL, {"failed", "crashed"}),
    "forge_an_answer_to_loading": (TOTAL, {"failed", "crashed"}),
    "forge_layers": (TOTAL, {"failed", "crashed"}),
    "forge_an_error_of_no_shape": (TOTAL, {"crashed"}),
    "forge_a_traceback": (TOTAL, {"crashed"}),
    "forge_a_confession": (WEIGHTS, {"failed"}),
    "forge_what_the_line_knew": (TOTAL, {"raised", "crashed"}),
    "forge_last_words": (TOTAL, {"crashed"}),
    "announce_a_frame_without_end": (TOTAL, {"crashed"}),
    "send_garbage_for_a_header": (TOTAL, {"crashed"}),
    "send_descriptors": (TOTAL, {"failed"}),
    "hang_up": (TOTAL, {"crashed"}),
    "read_the_questions_ahead": (TOTAL, {"timeout", "failed", "crashed"}),
    "replace_the_encoder": (WEIGHTS, {"failed"}),
    "rewrite_the_loop": (TOTAL, {"failed"}),
    "walk_up_the_frames": (TOTAL, {"failed"}),
    "change_the_arguments_through_frames": (TOTAL, {"raised", "failed", "crashed", "flaky"}),
    "lie_in_the_probes": (WEIGHTS, {"failed"}),
    "patch_the_comparisons": (WEIGHTS, {"failed"}),
    "trace_everything": (TOTAL, {"crashed", "raised"}),
    "replace_builtins": (TOTAL, {"crashed"}),
    "codec_of_its_own": (TOTAL, {"crashed"}),
    # the answers
    "steal_from_memory": (WEIGHTS, {"raised", "timeout"}),
    "import_the_reference": (WEIGHTS, {"raised"}),
    "read_by_every_way": (WEIGHTS, {"raised"}),
    "read_other_processes": (TOTAL, {"raised"}),
    "search_the_heap": (TOTAL, {"raised"}),
    "link_to_the_solution": (TOTAL, {"raised"}),
    "reads_the_model_it_is_given": (WRITE, {"failed", "timeout"}),
    # the kernel
    "call_the_kernel_directly": (TOTAL, {"raised"}),
    "signal_through_a_pipe": (TOTAL, {"raised"}),
    "outlive_its_parents": (TOTAL, {"raised"}),
    "count_in_the_kernel": (TOTAL, {"raised"}),
    "fork_without_end": (TOTAL, {"raised"}),
    # tensors
    "tensor_that_agrees_with_everything": (WEIGHTS, {"failed"}),
    "tensor_with_another_shape": (WEIGHTS, {"crashed"}),
    "tensor_with_bytes_of_its_own": (WEIGHTS, {"crashed"}),
    "tensor_with_a_dtype_of_its_own": (WEIGHTS, {"crashed"}),
    "tensor_that_raises_whatever_is_asked": (WEIGHTS, {"raised", "crashed"}),
    "nothing_but_nan": (WEIGHTS, {"failed"}),
    "nothing_but_infinity": (WEIGHTS, {"failed"}),
    "right_but_for_nan_in_hidden_places": (WEIGHTS, {"failed"}),
    "complex_numbers": (WEIGHTS, {"failed", "raised"}),
    "a_sparse_tensor": (WEIGHTS, {"failed", "raised"}),
    "a_tensor_without_numbers": (WEIGHTS, {"failed", "raised"}),
    "quantised_numbers": (WEIGHTS, {"failed", "raised"}),
    "single_precision": (WEIGHTS, {"failed"}),
    "single_precision_in_disguise": (WEIGHTS, {"failed"}),
    "one_row_to_be_stretched": (WEIGHTS, {"failed"}),
    "an_empty_tensor": (WEIGHTS, {"failed"}),
    "one_number_as_a_trillion": (WEIGHTS, {"failed", "raised"}),
    "a_tensor_beyond_memory": (WEIGHTS, {"raised"}),
    "a_view_of_the_input": (WEIGHTS, {"failed"}),
    # objects
    "number_equal_to_everything": (TOTAL, {"failed"}),
    "list_equal_to_everything": (MEANS, {"failed"}),
    "sum_of_the_wrong_kind": (TOTAL, {"failed"}),
    "class_named_with_escapes": (MEANS, {"failed", "raised"}),
    "attribute_named_with_escapes": (NORM, {"raised", "failed"}),
    "class_whose_name_raises": (TOTAL, {"crashed"}),
    "module_that_lies_about_its_weights": (HEAD, {"failed"}),
    "module_that_is_none": (HEAD, {"failed"}),
    "module_that_answers_for_itself": (TOTAL, {"failed"}),
    "defined_where_nobody_looks": (TOTAL, {"failed"}),
    "list_that_holds_itself": (MEANS, {"failed"}),
    "list_ten_thousand_deep": (MEANS, {"failed"}),
    "list_as_long_as_may_cross": (MEANS, {"failed"}),
    "dictionary_of_a_million": (MEANS, {"failed", "timeout"}),
    "number_of_a_million_digits": (TOTAL, {"failed"}),
    "text_of_a_hundred_megabytes": (TOTAL, {"failed", "timeout"}),
    "generator_instead_of_a_list": (MEANS, {"failed"}),
    "coroutine_instead_of_a_function": (TOTAL, {"failed"}),
    "destructor_that_never_ends": (MEANS, {"timeout"}),
    "destructor_that_ends_the_process": (MEANS, {"crashed"}),
    "pickle_that_runs_a_program": (MEANS, {"failed"}),
    # texts
    "exception_whose_text_never_ends": (TOTAL, {"timeout"}),
    "exception_of_ten_megabytes": (TOTAL, {"raised"}),
    "exception_with_what_a_terminal_obeys": (TOTAL, {"raised"}),
    "exception_that_is_no_text": (TOTAL, {"raised"}),
    "exception_with_a_line_of_its_own": (TOTAL, {"crashed"}),
    "exception_group_of_many": (TOTAL, {"raised"}),
    "lines_of_its_own": (TOTAL, {"raised"}),
    "print_what_a_terminal_obeys": (TOTAL, {"failed"}),
    "print_half_characters": (TOTAL, {"failed"}),
    "print_without_end": (TOTAL, {"failed", "timeout"}),
    "print_something_else_than_text": (TOTAL, {"failed"}),
    "escapes_in_a_forbidden_line": (WEIGHTS, {"forbidden"}),
    "source_in_another_alphabet": (TOTAL, {"crashed"}),
    # state, time and chance
    "right_five_times": (TOTAL, {"flaky"}),
    "right_five_times_by_a_file": (TOTAL, {"flaky"}),
    "counts_in_hidden_places": (WEIGHTS, {"flaky"}),
    "right_every_fourth_microsecond": (TOTAL, {"failed", "flaky"}),
    "right_by_chance": (TOTAL, {"failed", "flaky"}),
    "right_until_a_thread_wakes": (TOTAL, {"failed", "flaky"}),
    "remembers_by_the_shape": (WEIGHTS, {"flaky", "failed"}),
    "remembers_in_a_buffer": (HEAD, {"failed", "flaky"}),
    "poisons_torch_for_later": (WEIGHTS, {"failed", "flaky"}),
    "notice_the_grader": (TOTAL, {"crashed"}),
    "import_once": (TOTAL, {"raised", "crashed"}),
    # ways out
    "exit_when_imported": (TOTAL, {"raised"}),
    "end_the_process_when_imported": (TOTAL, {"crashed"}),
    "exit_with_a_result": (TOTAL, {"raised"}),
    "interrupt_as_the_keyboard_does": (TOTAL, {"raised"}),
    "exit_from_a_thread": (TOTAL, {"crashed"}),
    "say_goodbye_at_the_end": (TOTAL, {"raised"}),
    "fail_four_times_and_exit": (TOTAL, {"failed"}),
    "second_answer_of_a_case_ends_the_process": (WEIGHTS, {"crashed"}),
    "second_answer_of_a_case_never_comes": (WEIGHTS, {"timeout"}),
    "abort": (TOTAL, {"crashed"}),
    "read_from_nowhere": (TOTAL, {"crashed"}),
    "overwrite_an_integer": (TOTAL, {"crashed", "timeout", "failed", "raised"}),
    "overwrite_the_comparison_of_floats": (TOTAL, {"failed", "crashed", "timeout"}),
    "set_an_alarm": (TOTAL, {"crashed"}),
    "recursion_into_the_ground": (TOTAL, {"crashed"}),
    # time, memory, disk
    "ignore_every_signal": (TOTAL, {"timeout"}),
    "block_every_signal": (TOTAL, {"timeout"}),
    "match_without_end": (TOTAL, {"timeout"}),
    "slow_by_a_little": (TOTAL, {"timeout"}),
    "threads_without_end": (TOTAL, {"timeout", "raised", "crashed"}),
    "threads_that_compute": (TOTAL, {"failed", "timeout"}),
    "memory_by_doubling": (TOTAL, {"timeout"}),
    "memory_that_is_shared": (TOTAL, {"raised"}),
    "memory_that_grows_down": (TOTAL, {"raised"}),
    "memory_as_a_file": (TOTAL, {"raised"}),
    "bomb_of_zeros": (TOTAL, {"timeout", "raised"}),
    "files_without_end": (TOTAL, {"timeout", "failed"}),
    "folders_without_end": (TOTAL, {"timeout", "failed", "raised"}),
    "folder_that_cannot_be_listed": (TOTAL, {"failed", "raised"}),
    "files_with_names_of_their_own": (TOTAL, {"failed"}),
    "disk_filled_by_small_files": (TOTAL, {"timeout", "raised"}),
    "endless_device": (TOTAL, {"timeout", "raised", "crashed"}),
}
"""Name of the file → the exercise that it claims to answer, and the verdicts that are right for it."""

OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal would obey, reorder by, or refuse to print."""
REPORT_LIMIT = 200_000
"""Characters of a report's JSON form, at most."""

Check = Callable[[str, str], Report]


@pytest.fixture(scope="module")
def courses() -> dict[str, Course]:
    """The course that each exercise is of."""
    both = [load_course(TOY), load_course(default_course_root())]
    return {exercise.id: course for course in both for exercise in course.exercises}


@pytest.fixture(scope="module")
def check(courses: dict[str, Course], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Check]:
    """Grades a text; when all are graded, everything must be as it was before the first."""
    home, mark = tmp_path_factory.mktemp("home"), secrets.token_hex(8)
    (home / "mine.txt").write_text("as it was")
    folders = [home, *(c.root / name for c in courses.values() for name in ("exercises", "reference", "solutions"))]
    before, temporary = fingerprint(folders), tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv(MARK, mark)
        patch.setenv("TMPDIR", str(temporary))
        patch.chdir(home)
        graders = {course.root: Grader(course, settings=SETTINGS) for course in courses.values()}

        def grade(exercise: str, text: str) -> Report:
            course = courses[exercise]
            digest = hashlib.sha256(text.encode()).hexdigest()
            submission = make_submission(course, course.exercise(exercise), "mine.py", text, digest, lambda _: None)
            return graders[course.root].grade(submission, wall_seconds=60)

        for exercise in (*sorted({exercise for exercise, _ in ATTACKS.values()}), HEAD, WEIGHTS, HEAD):
            # An attack comes late: solutions have passed through the grader, and cases are sent ahead.
            assert grade(exercise, solution(courses, exercise)).passed
        yield grade
        for grader in graders.values():
            grader.close()
    assert psutil.wait_procs(marked(mark), timeout=10)[1] == []
    assert list(temporary.glob("tutor-*")) == []
    assert fingerprint(folders) == before


def solution(courses: dict[str, Course], exercise: str) -> str:
    """What an honest submission says."""
    return courses[exercise].exercise(exercise).solution.read_text(encoding="utf-8")


def fingerprint(folders: list[Path]) -> dict[Path, str]:
    """Every file below the folders with the hash of its content; what Python compiles on the way does not count."""
    files = [each for folder in folders for each in folder.rglob("*") if "__pycache__" not in each.parts]
    return {each: hashlib.sha256(each.read_bytes()).hexdigest() if each.is_file() else "" for each in files}


def marked(mark: str) -> list[psutil.Process]:
    """The processes that were started by this module's graders, wherever they hang in the tree by now."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            found += [process] if process.environ().get(MARK) == mark and process.pid != os.getpid() else []
    return found


def texts_of(part: object) -> Iterator[str]:
    """Every text in the JSON form of a report."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from texts_of([*part.keys(), *part.values()])
    elif isinstance(part, list | tuple):
        for each in part:
            yield from texts_of(each)


@pytest.mark.parametrize("name", ATTACKS)
def test_it_gets_its_verdict_and_changes_nothing_for_the_next(
    check: Check, courses: dict[str, Course], name: str
) -> None:
    exercise, verdicts = ATTACKS[name]
    text = (SUBMISSIONS / f"{name}.py").read_text(encoding="utf-8")
    known = {
        "@COURSE@": str(courses[exercise].root),
        "@PID@": str(os.getpid()),
        "@NOW@": str(time.time()),
        "@ESCAPES@": "\x1b]0;x\x07\x1b[2J\u202e",
    }
    for mark, value in known.items():
        text = text.replace(mark, value)
    report = check(exercise, text)
    assert report.verdict in verdicts, (report.message, [(each.verdict, each.message) for each in report.properties])
    assert not {each.verdict for each in report.properties} & {Verdict.ERROR, Verdict.UNWRITTEN}
    assert [each for each in texts_of(to_json(report)) if OBEYED.search(each)] == []
    assert len(json.dumps(to_json(report))) < REPORT_LIMIT
    honest = check(exercise, solution(courses, exercise))
    assert honest.passed, (honest.message, [each.message for each in honest.properties])


def test_every_submission_is_in_the_table_and_none_may_pass() -> None:
    assert {each.stem for each in SUBMISSIONS.glob("*.py")} == set(ATTACKS)
    assert not set().union(*(verdicts for _, verdicts in ATTACKS.values())) & {Verdict.PASSED, Verdict.ERROR}
