"""`rulewright compile`: the Python module that rules become."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..checking import check
from ..dsl.rule_error import RuleError, raise_errors
from ..loading.pipeline import source_of_module
from ..loading.rule_files import read_rules
from .examples import examples
from .output_files import write_output
from .reporting import fail


@click.command("compile", epilog=examples("compile shop.rules -o shop_rules.py"))
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; default: standard output.")
def command(rules: Path, output: Path | None) -> None:
    """Write the Python module that RULES become.

    The module imports only `rulewright.runtime`, so a service that embeds it needs no parser. Run as a program, it maps
    events from standard input. Nothing is written if `rulewright check` finds an error.
    """
    try:
        files = read_rules(rules)
        raise_errors(check(files).findings)
        text = source_of_module(files)
    except RuleError as error:
        fail(error, "nothing was written")
    if output is None:
        sys.stdout.write(text)
    else:
        write_output(output, text, *(source.name for source, _ in files.files))
