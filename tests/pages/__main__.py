"""`python -m tests.pages --write [PAGE…]`: puts what the commands of the pages write now into them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from tests.paths import ROOT

from .blocks import PAGES
from .repetition import repeated


@click.command()
@click.argument("pages", nargs=-1)
@click.option("--write", is_flag=True, required=True, help="Change the pages.")
def main(pages: tuple[str, ...], write: bool) -> None:
    """Runs the blocks of each page (all without one), and writes the output of its commands into it."""
    del write
    for page in pages or PAGES:
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            now = repeated(page, text, Path(folder))
        if now != text:
            path.write_text(now, encoding="utf-8")
            click.echo(f"wrote {page}")


if __name__ == "__main__":
    main()
