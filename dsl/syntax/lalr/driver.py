"""Runs the tables that Lark makes of the grammar; it builds the tree that Lark builds, in a third of the time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Start: TypeAlias = Literal["item", "trigger", "expression"]
_END = "$END"


class Terminal:
    """A terminal of the grammar; its pattern is compiled when it is first tried, since most texts try few of them."""

    def __init__(self, name: str, pattern: str) -> None:
        self.name = name
        self._pattern = pattern

    @cached_property
    def match(self) -> Callable[[str, int], re.Match[str] | None]:
        """The terminal at an offset of a text."""
        return re.compile(self._pattern).match


class Token(str):
    """A piece of text that is one terminal of the grammar."""

    __slots__ = ("end_pos", "start_pos", "type")
    type: str
    start_pos: int
    end_pos: int

    @classmethod
    def of(cls, text: str, type_: str, start_pos: int, end_pos: int) -> Token:
        token = cls(text)
        token.type = type_
        token.start_pos = start_pos
        token.end_pos = end_pos
        return token


class Tree:
    """What a rule of the grammar was read to; words and brackets of the language are not among its children."""

    __slots__ = ("children", "data", "end_pos", "outer_end", "outer_start", "start_pos")

    def __init__(self, data: str, children: list[Any], start_pos: int, end_pos: int) -> None:
        self.data = data
        self.children = children
        self.start_pos = start_pos
        self.end_pos = end_pos
        self.outer_start = start_pos
        """With the parentheses around it, from which a tree above this one begins."""
        self.outer_end = end_pos


class Rule(NamedTuple):
    """One way to read a rule of the grammar."""

    origin: str
    size: int
    """The symbols that it consists of."""
    data: str
    """The name of its tree."""
    kept: list[int]
    """The symbols that become children."""
    inlined: list[int]
    """Those among them whose own children take their place."""
    is_transparent: bool
    """Whether a single child stands for the tree."""
    is_step: bool
    """Whether it is one symbol, which stands for the tree: a step of precedence."""


class Lexer(NamedTuple):
    """The terminals that may come next."""

    terminals: Sequence[Terminal]
    """In the order in which they are tried."""
    words: Mapping[str, Mapping[str, str]]
    """Of a terminal, the texts that are another terminal here, as `use` is not the path that it could be."""

    def next(self, text: str, position: int) -> Token | None:
        """The token at an offset; None for a text that is not one here."""
        if position == len(text):
            return Token.of("", _END, position, position)
        for terminal in self.terminals:
            match = terminal.match(text, position)
            if match is not None:
                found, name = match[0], terminal.name
                words = self.words.get(name)
                return Token.of(found, name if words is None else words.get(found, name), position, match.end())
        return None


class State(NamedTuple):
    """What may come next, and what that leads to."""

    lexer: Lexer
    actions: Mapping[str, int]
    """By terminal: the next state, or ~ the number of the rule that ends before it."""
    after: Mapping[str, int]
    """By the origin of a rule that was read: the next state."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A grammar, ready to read text."""

    ignored: re.Pattern[str]
    states: Sequence[State]
    rules: Sequence[Rule]
    starts: Mapping[str, tuple[int, int]]
    """The first and the last state, by what is read."""

    def end_of_ignored(self, text: str, offset: int) -> int:
        """The offset at which blanks and comments end."""
        match = self.ignored.match(text, offset)
        return offset if match is None else match.end()


def tree_of(tables: Tables, text: str, start: Start) -> Tree | None:
    """The syntax tree of a text, as Lark builds it; None for a text that the grammar does not accept."""
    end_of_ignored, states, rules = tables.end_of_ignored, tables.states, tables.rules
    first, last = tables.starts[start]
    stack = [first]
    values: list[Any] = []
    position = end_of_ignored(text, 0)
    while True:
        state = states[stack[-1]]
        token = state.lexer.next(text, position)
        if token is None:
            return None
        terminal = token.type
        while True:
            action = state.actions.get(terminal)
            if action is None:
                return None
            if action >= 0:
                stack.append(action)
                values.append(token)
                position = end_of_ignored(text, token.end_pos)
                break
            rule = rules[~action]
            begin = len(stack) - rule.size
            del stack[begin:]
            if not rule.is_step:
                # There is no value of the first state.
                values[begin - 1 :] = [_value(rule, values[begin - 1 :], position)]
            following = states[stack[-1]].after[rule.origin]
            if terminal == _END and following == last:
                tree: Tree = values[-1]
                return tree
            stack.append(following)
            state = states[following]


def _value(rule: Rule, parts: list[Any], position: int) -> Any:
    """The tree of a rule that was read, or the only child that stands for it; a tree of nothing is at the position."""
    if not parts:
        return Tree(rule.data, [], position, position)
    children: list[Any] = []
    for number in rule.kept:
        part = parts[number]
        if number not in rule.inlined:
            children.append(part)
        elif children:
            children += part.children
        else:
            # Rows of statements grow one by one, and to copy all before each would take quadratic time.
            children = part.children
    is_child = rule.is_transparent and len(children) == 1
    if is_child and not isinstance(children[0], Tree):
        return children[0]
    begin, end = parts[0], parts[-1]
    start = begin.outer_start if isinstance(begin, Tree) else begin.start_pos
    stop = end.outer_end if isinstance(end, Tree) else end.end_pos
    if not is_child:
        return Tree(rule.data, children, start, stop)
    tree: Tree = children[0]
    tree.outer_start, tree.outer_end = start, stop
    return tree
