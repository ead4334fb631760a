"""The grammar that the tables are made from."""

from __future__ import annotations

from hashlib import sha256
from importlib import resources

from ...lexis import terminals

TABLES = "tables.json"
"""The file of the tables that ship."""


def grammar() -> str:
    """The grammar, with the terminals that it is composed of."""
    path = resources.files(__package__.rpartition(".")[0]).joinpath("grammar.lark")
    return path.read_text(encoding="utf-8") + terminals()


def digest() -> str:
    """The digest of the grammar, by which its tables are known."""
    return sha256(grammar().encode()).hexdigest()
