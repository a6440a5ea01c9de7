"""Failing cases as scripts that a learner can run, change and step through.

script  the text for the smallest failing case of a report
write   the same as a file of the workspace
"""

from __future__ import annotations

from pathlib import Path

from tutor.core.atomic import write_atomically
from tutor.core.report import Report, Verdict
from tutor.core.workspace import Workspace

_TEXT = '''\
"""{title}

{sentence}
Run it with `{run}`; `python -m pdb` steps through it. It is written anew by `tutor check {exercise} --repro`.
"""

import importlib
import math
import random
from pathlib import Path

{imports}from tutor import probes
from tutor.probes import Unusable, load
from tutor.worker import finder

FILES = {{
{files}}}
{borrowed}texts = {{name: (Path(file).read_text(encoding="utf-8"), shown) for name, (file, shown) in FILES.items()}}
finder.install(texts)
you = importlib.import_module({main!r})

{body}'''


def script(report: Report, workspace: Workspace, file: Path) -> str:
    """The text for the first property that has a failing case, or '' where no text can be made of any."""
    found = next((each for each in report.properties if each.counterexample and each.counterexample.script), None)
    if found is None or found.counterexample is None or found.verdict is Verdict.PASSED:
        return ""
    body, course = found.counterexample.script, workspace.course
    files = {report.exercise: workspace.file(report.exercise)}
    for need in report.needs:
        files[need.exercise] = (
            course.exercise(need.exercise).solution if need.borrowed else workspace.file(need.exercise)
        )
    borrowed = [need.exercise for need in report.needs if need.borrowed]
    said = f"Borrowed from the solutions, because yours has not passed: {', '.join(borrowed)}."
    return _TEXT.format(
        title=f"A case on which {report.exercise} does not hold.",
        sentence=found.sentence.replace("\\", "\\\\").replace('"""', "'''"),
        run=f"python {file}",
        exercise=report.exercise,
        imports="".join(f"{line}\n" for word, line in _IMPORTS.items() if word in body),
        files="".join(
            f"    {_module(id)!r}: ({str(path.resolve())!r}, {_shown(id, path, body)!r}),\n" 
            for id, path in files.items()
        ),
        borrowed=f"print({said!r})\n" if borrowed else "",
        main=_module(report.exercise),
        body=body,
    )  # fmt: skip


_IMPORTS = {"np.": "import numpy as np", "torch": "import torch"}


def _shown(id: str, path: Path, body: str) -> str:
    """The path that tracebacks and debuggers see; the counter of work knows a learner's files by the short one."""
    return f"exercises/{id}.py" if "BUILTIN['work']" in body else str(path.resolve())


def _module(exercise: str) -> str:
    return f"exercises.{exercise.replace('/', '.')}"


def write(report: Report, workspace: Workspace) -> Path | None:
    """Writes the script into the workspace; None where there is no failing case to write. Raises OSError."""
    file = workspace.notes / "repro" / f"{report.exercise.replace('/', '_')}.py"
    text = script(report, workspace, file)
    if not text:
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, text)
    return file
