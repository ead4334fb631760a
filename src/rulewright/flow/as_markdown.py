"""Lineage as a Markdown page, for a record of processing activities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .lineage_of_rules import Flow, Lineage


def as_markdown(lineage: Lineage, title: str) -> Iterator[str]:
    """A table of personal data, then a table of fields for each mapping."""
    yield from (f"# Lineage of {_text(title)}", "")
    yield from _personal(lineage)
    for name, trigger in lineage.triggers.items():
        flows = [flow for flow in lineage.flows if flow.mapping == name]
        action = f" → {flows[0].action}" if flows else ""
        yield from (f"## {_text(name)}{action}", "", f"When {_code(trigger)}.", "")
        if carrying := [flow for flow in flows if not flow.decides]:
            yield from ("| field | from the event | made by | if |", "|---|---|---|---|")
            yield from map(_row, carrying)
            yield ""
        if deciding := [flow for flow in flows if flow.decides]:
            yield from (f"Read to decide: {_codes(dict.fromkeys(flow.source for flow in deciding))}.", "")


def _personal(lineage: Lineage) -> Iterator[str]:
    yield from ("## Personal data", "")
    if not lineage.personal:
        yield from ("No personal data that is known reaches a request.", "")
        return
    yield from ("| path | mapping | field | made by |", "|---|---|---|---|")
    for flow in lineage.personal:
        for path in flow.personal:
            yield f"| {_code(path)} | {_text(flow.mapping)} | {_code(flow.field)} | {_codes(flow.functions)} |"
    yield ""


def _row(flow: Flow) -> str:
    source = _code(flow.source)
    if flow.excluded:
        source += f" without {_codes(flow.excluded)}"
    if flow.below:
        source += f": {_codes(flow.below)}"
    return f"| {_code(flow.field)} | {source} | {_codes(flow.functions)} | {_codes(flow.conditions)} |"


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(_code(text) for text in texts)


def _code(text: str) -> str:
    """The text as code in a cell of a table, whatever it holds."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}".replace("|", "\\|").replace("\n", " ")


def _text(text: str) -> str:
    escaped = "".join(f"\\{character}" if character in "\\`*_[]<>|#" else character for character in text)
    return escaped.replace("\n", " ")
