"""Runs the blocks of a page in their order, in a folder of its own, as a reader would who follows the page."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import rulewright
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.loading.catalog import catalog
from rulewright.loading.pipeline import check_files
from rulewright.loading.rule_files import read_rules_text
from tests.cli.running import rulewright as command
from tests.paths import ROOT

from .blocks import Block

_SECONDS = re.compile(r"\d+\.\d s\)")
_LEFT_OUT = re.compile(r"^…\n", re.MULTILINE)
_TOOLS = ("grep",)
"""Commands other than ours that a page may use to make a file."""
_OPTION = re.compile(r"--[a-z][a-z-]*")


EVENT: dict[str, Any] = {"type": "track", "event": "Seen", "userId": "user-42", "properties": {}}
"""What Python on a page that shows no event of its own maps."""


class PageError(AssertionError):
    """A block that is not what its page says."""


class Execution:
    """The state of a page: its files in a folder, and what its blocks have shown so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("examples", "rules"):
            (folder / name).symlink_to(ROOT / name)
        self.mapper: rulewright.Mapper | None = None
        self.names: dict[str, Any] = {"event": EVENT, "line": json.dumps(EVENT).encode()}
        """What the Python of the page knows: the first event that it shows, and all that its blocks have named."""
        self.printed = ""
        """What its last block has printed."""
        self.has_event = False
        self.with_errors: dict[str, Block] = {}
        """Files with an error that no command of the page has shown yet."""
        self.made: set[str] = set()
        """Files that commands of the page have written; a block of that name shows what they wrote."""

    def run(self, block: Block) -> str:
        """The text of the block as it is now. Raises PageError."""
        if block.reason is not None:
            return block.text
        if block.name in self.made:
            block = replace(block, text=(self.folder / block.name).read_text(encoding="utf-8"))
        runner = _RUNNERS.get(block.language)
        if runner is None:
            raise PageError(f"{block}: a block of `{block.language}` cannot be run; say `<!-- not run: … -->` above it")
        return runner(self, block)

    def end(self) -> None:
        """Raises PageError for rules with an error that the page does not show."""
        for name, block in self.with_errors.items():
            raise PageError(f"{block}: `{name}` has errors, and no command of the page shows them")

    def _file(self, block: Block) -> None:
        if block.name is not None:
            (self.folder / block.name).write_text(block.text, encoding="utf-8")

    def _rules(self, block: Block) -> str:
        self._file(block)
        texts = _whole_files(block.text)
        with contextlib.chdir(self.folder):
            errors = [_errors(text) for text in texts]
            sound = next((text for text, of_text in zip(texts, errors, strict=True) if not of_text), None)
            if sound is not None and "mapping " in sound:
                self.mapper = rulewright.load(sound, checks=False)
        if sound is None and block.name is None:
            raise PageError(f"{block}: {errors[0][0].message}")
        if sound is None:
            self.with_errors[str(block.name)] = block
        return block.text

    def _events(self, block: Block) -> str:
        self._file(block)
        texts = block.text.splitlines() if block.language == "jsonl" else [block.text]
        if block.language == "json" and block.name is not None and block.text.startswith("["):
            texts = [json.dumps(event) for event in json.loads(block.text)]  # a file that is an array of events
        for line in texts:
            event = json.loads(line)
            if not isinstance(event, dict):
                raise PageError(f"{block}: expected an event, found {line}")
            # An event of a page reaches the rules of the page, whatever they make of it.
            (self.mapper or _presets())(event)
            if not self.has_event:
                self.names |= {"event": event, "line": line.encode()}
                self.has_event = True
        return block.text

    def _written(self, block: Block) -> str:
        self._file(block)
        return block.text

    def _console(self, block: Block) -> str:
        out = []
        shown = re.split(r"^(?=\$ )", block.text, flags=re.MULTILINE)
        if shown[0]:
            raise PageError(f"{block}: expected a command after `$ `")
        for each in shown[1:]:
            line, before = each.split("\n", 1)
            out.append(f"{line}\n{self._command(block, line.removeprefix('$ '), before)}")
        return "".join(out)

    def _command(self, block: Block, line: str, before: str) -> str:
        """What the command writes now, or what was written before where `…` in it stands for lines left out."""
        name, *arguments = shlex.split(line)
        if name in _TOOLS:
            shell = subprocess.run(
                ["sh", "-c", line], cwd=self.folder, check=True, capture_output=True, encoding="utf-8"
            )
            return shell.stdout + shell.stderr
        if name != "rulewright":
            raise PageError(f"{block}: expected a command of rulewright, found `{line}`")
        target = arguments[-1] if arguments[-2:-1] == [">"] else None
        done = command(*(arguments if target is None else arguments[:-2]), folder=self.folder)
        output = done.stderr
        if target is not None:
            (self.folder / target).write_text(done.stdout, encoding="utf-8")
            self.made.add(target)
        else:
            output = done.stdout + output
        for shown in arguments:
            if "error[" in output:
                self.with_errors.pop(shown, None)
        # How long it took is another every time.
        times = iter(_SECONDS.findall(before))
        output = _SECONDS.sub(lambda now: next(times, now[0]), output)
        shown = "(?:.*\n)*".join(map(re.escape, _LEFT_OUT.split(before)))
        return before if re.fullmatch(shown, output) else output

    def _python(self, block: Block) -> str:
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(compile(block.text, str(block), "exec"), self.names)  # noqa: S102 -- our own page
        self.printed = printed.getvalue()
        return block.text

    def _output(self, block: Block) -> str:
        """What the Python above prints."""
        del block
        return self.printed

    def _usage(self, block: Block) -> str:
        """The synopsis of a command: every option in it is one that the command has."""
        name, subcommand, *_ = block.text.split()
        if name != "rulewright":
            raise PageError(f"{block}: expected a command of rulewright, found `{name}`")
        known = set(_OPTION.findall(command(subcommand, "--help").stdout))
        if unknown := set(_OPTION.findall(block.text)) - known:
            raise PageError(f"{block}: `rulewright {subcommand}` has no {', '.join(sorted(unknown))}")
        return block.text


def _whole_files(text: str) -> list[str]:
    """The file that a block is, or the files that it may be a part of: items, or lines of a mapping."""
    if re.search(r"^destination ", text, re.MULTILINE):
        return [text]
    if not re.match(r"[\w.]+ *= ", text):
        return [f"destination amplitude\n{text}"]
    return [
        f'destination amplitude\nmapping "Page" -> {action} {{\n  when type = "track"\n  use defaults\n{text}\n}}\n'
        for action in catalog().destinations["amplitude"].actions
    ]


def _errors(text: str) -> list[Diagnostic]:
    """The errors of rules, but for that of a file of tests, which has no mapping."""
    _, diagnostics = check_files(read_rules_text(text))
    return [each for each in diagnostics if each.severity == "error" and each.code != "RW0005"]


def _presets() -> rulewright.Mapper:
    return rulewright.load(ROOT / "rules" / "amplitude" / "presets.rules", checks=False)


_RUNNERS: dict[str, Callable[[Execution, Block], str]] = {
    "rules": Execution._rules,
    "json": Execution._events,
    "jsonl": Execution._events,
    "console": Execution._console,
    "csv": Execution._written,
    "toml": Execution._written,
    "python": Execution._python,
    "output": Execution._output,
    "usage": Execution._usage,
}
