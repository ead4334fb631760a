"""The tables of the grammar: those that ship, or where the grammar was changed since, those that Lark makes of it."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

from .driver import Lexer, Rule, State, Tables, Terminal
from .grammar import TABLES, digest


@cache
def grammar_tables() -> Tables:
    """The tables to read text with."""
    tables = json.loads(resources.files(__package__).joinpath(TABLES).read_text(encoding="utf-8"))
    if tables["grammar"] != digest():
        from .making_tables import make_tables  # imports Lark

        tables = make_tables()
    patterns = {name: Terminal(name, pattern) for name, pattern in tables["terminals"].items()}
    lexers = [Lexer([patterns[name] for name in names], words) for names, words in tables["lexers"]]
    return Tables(
        re.compile(f"(?:{'|'.join(tables['ignored'])})*+"),
        [State(lexers[lexer], actions, after) for lexer, actions, after in tables["states"]],
        [Rule(*rule) for rule in tables["rules"]],
        {start: (first, last) for start, (first, last) in tables["starts"].items()},
    )
