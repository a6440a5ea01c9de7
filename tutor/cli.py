"""The command line: its table of contents, in the order a learner meets the commands.

Stdout is data, stderr is narration. Exit codes: 0 all passed, 1 something did not pass, 2 the command line, the
course or the workspace is wrong, 3 the grader itself failed.
"""

from __future__ import annotations

from pathlib import Path

import click

from tutor import (
    course_commands,
    estimate_commands,
    grade_commands,
    learn_commands,
    picture_commands,
    placing_commands,
    quiz_commands,
    run_commands,
    sample_commands,
    screen_commands,
    train_commands,
)
from tutor.core.session import Session
from tutor.terminal import Program, narrate, settings_file, write_what_can_be_encoded


@click.group(cls=Program, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--course", type=click.Path(path_type=Path), help="A folder with another course.")
@click.option("--workspace", type=click.Path(path_type=Path), envvar="TUTOR_WORKSPACE", help="Your folder.")
@click.version_option(None, "--version", package_name="tutor", message="tutor %(version)s")
@click.pass_context
def main(ctx: click.Context, course: Path | None, workspace: Path | None) -> None:
    """From a slope to a GPT that you wrote, graded, trained and sampled yourself.

    Without a command: the tutor on the whole screen.
    """
    import platformdirs

    write_what_can_be_encoded()
    ctx.obj = Session(course, workspace, memory=platformdirs.user_state_path("tutor"), narrate=narrate)
    if ctx.invoked_subcommand is None:
        from tutor.tui.start import run_tui

        ctx.exit(run_tui(ctx.obj.course, ctx.obj.workspace, settings_file()))


main.add_command(learn_commands.init)
main.add_command(learn_commands.list_)
main.add_command(learn_commands.show)
main.add_command(grade_commands.check)
main.add_command(learn_commands.hint)
main.add_command(learn_commands.solution)
main.add_command(learn_commands.reset)
main.add_command(quiz_commands.quiz_)
main.add_command(placing_commands.place_out)
main.add_command(learn_commands.stats)
main.add_command(picture_commands.picture)
main.add_command(train_commands.train)
main.add_command(sample_commands.sample)
main.add_command(sample_commands.export)
main.add_command(estimate_commands.estimate)
main.add_command(run_commands.runs)
main.add_command(train_commands.data)
main.add_command(screen_commands.keys)
main.add_command(screen_commands.serve)
main.add_command(grade_commands.grade)
main.add_command(course_commands.course)
main.add_command(learn_commands.doctor)
main.add_command(learn_commands.version)
