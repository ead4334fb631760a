"""Makes the tables of the grammar with Lark.

`python -m rulewright.dsl.syntax.lalr.making_tables` writes those that ship.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import Rule, Terminal

from .grammar import TABLES, digest, grammar


def lark_parser() -> Lark:
    """Lark's parser of the grammar, which takes a third of a second to make."""
    return Lark(
        grammar(),
        parser="lalr",
        lexer="contextual",
        start=["item", "trigger", "expression"],
        propagate_positions=True,
        maybe_placeholders=False,
    )


def make_tables() -> dict[str, Any]:
    """The tables that Lark makes of the grammar, as JSON has them."""
    parser = lark_parser()
    frontend: Any = parser.parser
    table = frontend.parser.parser.parse_table
    order = _in_order(table)
    place = {number: at for at, number in enumerate(order)}
    rules = {rule: number for number, rule in enumerate(parser.rules)}
    lexers: list[list[Any]] = []
    states = []
    for number in order:
        lexer = frontend.lexer.lexers[number]
        names = [terminal.name for terminal in lexer.scanner.terminals if terminal.name not in parser.ignore_tokens]
        words = {
            name: {word.pattern.value: word.name for word in callback.scanner.terminals}
            for name, callback in lexer.callback.items()
        }
        if [names, words] not in lexers:
            lexers.append([names, words])
        actions, after = {}, {}
        for symbol, (action, to) in sorted(table.states[number].items()):
            if action.name == "Reduce":
                actions[symbol] = ~rules[to]
            elif symbol.isupper():
                actions[symbol] = place[to]
            else:
                after[symbol] = place[to]
        states.append([lexers.index([names, words]), actions, after])
    # A tree begins and ends where its first and last symbols do, so these have a place.
    empty = {rule.origin for rule in parser.rules if not rule.expansion}
    ends = {symbol for rule in parser.rules if rule.expansion for symbol in (rule.expansion[0], rule.expansion[-1])}
    assert not empty & ends
    used = {name for names, _ in lexers for name in names}
    patterns = {terminal.name: terminal.pattern.to_regexp() for terminal in parser.terminals}
    return {
        "grammar": digest(),
        "ignored": [patterns[name] for name in sorted(parser.ignore_tokens)],
        "terminals": {name: patterns[name] for name in sorted(used)},
        "starts": {
            name: [place[first], place[table.end_states[name]]] for name, first in sorted(table.start_states.items())
        },
        "lexers": lexers,
        "rules": [_row(rule) for rule in parser.rules],
        "states": states,
    }


def _in_order(table: Any) -> list[int]:
    """The states by the shortest way to them: Lark numbers them anew in each process."""
    order = [first for _, first in sorted(table.start_states.items())]
    seen = set(order)
    for number in order:
        for _, (action, to) in sorted(table.states[number].items()):
            if action.name == "Shift" and to not in seen:
                seen.add(to)
                order.append(to)
    return order


def _row(rule: Rule) -> list[Any]:
    symbols = rule.expansion
    kept = [number for number, symbol in enumerate(symbols) if not (isinstance(symbol, Terminal) and symbol.filter_out)]
    inlined = [number for number in kept if not symbols[number].is_term and symbols[number].name.startswith("_")]
    is_transparent = bool(rule.options.expand1 and not rule.alias)
    is_step = is_transparent and kept == [0] and len(symbols) == 1 and not inlined
    return [rule.origin.name, len(symbols), rule.alias or rule.origin.name, kept, inlined, is_transparent, is_step]


def written(tables: dict[str, Any]) -> str:
    """The text of the file that ships, with a line for each lexer, rule and state."""
    lines = [
        f"{json.dumps(key)}: {_lines(value) if isinstance(value, list) else json.dumps(value)}"
        for key, value in tables.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(rows: list[Any]) -> str:
    return "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]"


if __name__ == "__main__":
    Path(__file__).with_name(TABLES).write_text(written(make_tables()), encoding="utf-8")
