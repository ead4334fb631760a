"""The command line: a command is a file here, and is imported only when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from ..files.file_access import ROOT
from ..files.project import Project, find_project, project
from ..printable import printable
from ..runtime.standard_streams import discard_output, open_streams, reason, say
from ..version import VERSION
from .faults import FAULT, report_fault, threads_watched

_COMMANDS = {
    "check": "say what is wrong with rules, before anything runs",
    "fmt": "write rule files in canonical form",
    "compile": "write the Python module that rules become",
    "init": "write a first rule file, from recorded events or for an action",
    "profile": "count what recorded events contain",
    "test": "run the tests of rules, and show what they do not test",
    "explain": "show what rules do with one event, and why",
    "export": "convert rules to Segment's subscriptions",
    "import": "convert Segment's subscriptions to rules",
    "run": "map events to requests; nothing is sent",
    "lineage": "show which paths of an event reach which fields, and which personal data",
    "diff": "show what an edit to rules changes, also in requests of recorded events",
    "presets": "list, show or copy the rule files that ship",
    "functions": "list the functions of the language, and the fields of each action",
    "send": "map events and deliver them through a queue on disk",
    "serve": "accept events over Segment's HTTP API, map and deliver them",
    "status": "show the counts of a queue",
    "events": "show the fate of one event, by its message ID",
    "dead-letters": "list, retry, forget or export what could not be delivered",
    "completion": "write the completion script for a shell",
    "lsp": "run the language server for editors",
    "studio": "edit rules in the browser, and see what they do with recorded events",
    "doctor": "show what is installed, missing or wrong",
    "amplitude": "check keys, delete users, and run a fake Amplitude server",
}
"""Names and sentences of all commands, so that `--help` imports none of them."""

_MODULES = {"import": "import_"}
"""Commands whose name is a word of Python."""


TROUBLE = 2
"""The exit code of a command that could not do its work, so that nothing is known of what it was asked for."""


PROJECT_PROBLEM = "rulewright.project"
"""What is wrong with the project file, in click's `meta`, for a command that does not need one."""
_NEED_NO_PROJECT = ("doctor", "completion")


class _ReaderLeft(Exception):
    """Nobody reads standard output any more. Click would end with 1 for that, as if there were findings."""


class _Commands(click.Group):
    """Finds a command by the file of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"{__name__}.{_MODULES.get(cmd_name, cmd_name).replace('-', '_')}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _ReaderLeft from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="rulewright")
@click.option(
    "--root",
    envvar=ROOT,
    type=click.Path(exists=True, file_okay=False),
    help="Rules may refer to files anywhere in this folder, not only in the folder of the first rule file.",
)
@click.option(
    "--project",
    "project_file",
    envvar="RULEWRIGHT_PROJECT",
    metavar="FILE",
    help="The project file; `off` reads none. Default: the nearest rulewright.toml in the folder or above it.",
)
@click.pass_context
def group(context: click.Context, root: str | None, project_file: str | None) -> None:
    """Rules for customer events: read, test, prove and run them.

    Exit codes: 0 all is well, 1 there are findings, 2 the command was not understood or could not do its work, 70 a
    fault of Rulewright.
    """
    if root is not None:
        os.environ[ROOT] = root  # worker processes read it as well
    path = find_project(Path.cwd()) if project_file is None else None if project_file == "off" else Path(project_file)
    project.set(Project() if path is None else _read(path, context))
    context.call_on_close(lambda: project.set(Project()))
    context.default_map = _defaults(project.get())


def _read(path: Path, context: click.Context) -> Project:
    from ..files.project_file import ProjectFileProblem, read_project  # reads with pydantic, a large import

    try:
        return read_project(path)
    except ProjectFileProblem as problem:
        sentence = printable(str(problem))
        if context.invoked_subcommand not in _NEED_NO_PROJECT:
            raise click.UsageError(sentence) from None
        context.meta[PROJECT_PROBLEM] = sentence
        return Project()


def _defaults(own: Project) -> dict[str, dict[str, object]]:
    """What the project says for options that the command line leaves out, by command."""
    defaults: dict[str, dict[str, object]] = {
        **{command: {"events": own.events} for command in ("check", "diff", "lineage", "lsp")},
        "test": {"fail_under": own.fail_under},
    }
    defaults["check"]["fail_on"] = own.fail_on
    return {
        command: {name: value for name, value in options.items() if value is not None}
        for command, options in defaults.items()
    }


def main() -> None:
    """The program `rulewright`."""
    closed = open_streams()
    with threads_watched() as faults:
        code = _exit_code(closed)
    sys.exit(code or (FAULT if faults else 0))


def _exit_code(closed: list[str]) -> int:
    """Runs the command and returns its exit code; output that cannot be written is not a success."""
    try:
        code = _run()
        sys.stdout.flush()
        return code
    except click.ClickException as error:
        vars(error)["message"] = printable(error.message)  # it may quote a path or an event
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("\nstopped")
        return 130
    except (_ReaderLeft, BrokenPipeError):
        discard_output()
        return 141
    except MemoryError:
        say("rulewright: there is not enough memory")
    except OSError as error:
        say(f"rulewright: {printable(reason(error, closed))}")
    except Exception as error:
        code = report_fault(error)
        discard_output()
        return code
    discard_output()
    return TROUBLE


def _run() -> int:
    if "_RULEWRIGHT_COMPLETE" in os.environ:
        from .completion import add_shells  # a script of a shell asks, and no one else

        add_shells()
    try:
        group.main(prog_name="rulewright", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0
