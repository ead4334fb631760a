"""`rulewright lineage`: which paths of an event reach which fields, and which personal data can be sent."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from ..checks.analysis_context import analysis_context
from ..checks.plan_files import tracking_plan
from ..compiler import ir
from ..compiler.analysis.findings.filter_paths import filter_path_findings
from ..dsl.rule_error import RuleError
from ..flow.as_html import as_html
from ..flow.as_json import as_json
from ..flow.as_markdown import as_markdown
from ..flow.as_text import as_text, personal_as_text
from ..flow.lineage_of_rules import Lineage, lineage_of
from ..flow.paths import path_node
from ..flow.printable_lineage import printable_flow, printable_lineage
from ..loading.pipeline import SettingsRefused, compile_files
from ..loading.rule_files import RuleFiles, read_rules
from ..printable import printable
from .event_input import event_input
from .examples import examples
from .output_files import write_output
from .reporting import CouldNotRun, fail, painter, quiet_option, show, tell, write_json


@click.command(
    "lineage",
    epilog=examples(
        "lineage shop.rules",
        "lineage shop.rules --personal --events events.jsonl",
        "lineage shop.rules --forbid traits.email",
    ),
)
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown", "html"]), default="text")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; default: standard output.")
@click.option("--events", help="Recorded events, as JSON lines: whole objects are expanded to the keys that occur.")
@click.option("--personal", "only_personal", is_flag=True, help="Show only which personal data can be sent, and how.")
@click.option("--personal-path", "more", multiple=True, help="Another path that holds personal data.")
@click.option(
    "--forbid", multiple=True, help="A path whose values must not reach a request; the exit code is 1 if one can."
)
@quiet_option
def command(
    rules: Path,
    form: str,
    output: Path | None,
    events: str | None,
    only_personal: bool,
    more: tuple[str, ...],
    forbid: tuple[str, ...],
) -> None:
    """Show which paths of an event reach which fields of a request, and which are only read in conditions."""
    try:
        files = read_rules(rules)
        program = compile_files(files)
    except RuleError as error:
        fail(error, "nothing was read")
    for path in (*more, *forbid):
        _require_known(path, files)
    if events is None:
        lineage = lineage_of(files, program, personal=more)
    else:
        with event_input(events, "reading") as lines:
            try:
                lineage = lineage_of(files, program, lines.read(), more)
            except SettingsRefused as error:
                raise CouldNotRun(str(error)) from None
    _write(lineage, form, output, str(rules), only_personal=only_personal)
    sys.exit(1 if _forbidden(lineage, forbid) else 0)


def _require_known(path: str, files: RuleFiles) -> None:
    """Raises UsageError for text that is not a path, and for a path that no event has: it would forbid nothing."""
    if path.strip() == "$":
        return
    try:
        node = path_node(path)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    sought = ir.Filter("strip", None, (node.steps,), (node.span,), node.span)
    unknown = [*filter_path_findings(sought, analysis_context(tracking_plan(files, [])))]
    if unknown:
        show(unknown, sys.stderr)
        raise click.UsageError(f"unknown path `{path}`")


def _write(flows: Lineage, form: str, output: Path | None, title: str, *, only_personal: bool) -> None:
    if form == "json" and output is None:
        write_json(as_json(flows))
        return
    if form == "json":
        import json

        text = json.dumps(as_json(flows), ensure_ascii=False, indent=2) + "\n"
    elif form == "html":
        text = as_html(printable_lineage(flows), printable(title))
    elif form == "markdown":
        text = "".join(f"{line}\n" for line in as_markdown(printable_lineage(flows), printable(title)))
    else:
        paint = painter(sys.stdout) if output is None else _plain
        shown = printable_lineage(flows)
        lines = personal_as_text(shown, paint) if only_personal else as_text(shown, paint)
        text = "".join(f"{line}\n" for line in lines)
    if output is None:
        sys.stdout.write(text)
    else:
        write_output(output, text)


def _plain(text: str, style: str) -> str:
    del style
    return text


def _forbidden(lineage: Lineage, paths: Iterable[str]) -> bool:
    """Says of each forbidden path how it reaches a request, or that it never does."""
    reached = False
    for path in paths:
        flows = lineage.reaching(path)
        for flow in map(printable_flow, flows):
            origin = flow.origin
            sys.stderr.write(
                f'`{printable(path)}` reaches {flow.action}.{flow.field} by "{flow.mapping}": `{flow.source}` '
                f"at {origin.file}:{origin.line}:{origin.column}\n"
            )
        if not flows:
            tell(f"`{path}` reaches no request: proved for every event")
        reached = reached or bool(flows)
    return reached
