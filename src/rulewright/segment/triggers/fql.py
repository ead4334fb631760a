"""A port of Segment's evaluation of triggers, with its mistakes: it says whether Segment sends an event.

Source: `parseFql` and `validate` of @segment/destination-subscriptions 3.37.0. A test runs both on the same triggers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from ...runtime.semantics.javascript import as_double, number_text, text_to_number
from ...runtime.semantics.missing import MISSING
from ...runtime.semantics.property_access import read
from .fql_lexer import LexerError, Token, lex

HEADS = ("type", "event", "name", "userId", "properties", "traits", "context")
"""The only first steps of a path that Segment knows; a condition on any other is silently dropped."""
PLAIN_HEADS = HEADS[:4]
FUNCTIONS = ("contains", "match")


class SegmentFailure(ValueError):
    """Segment's code throws: on the trigger, which then matches nothing, or on an event."""


@dataclass(frozen=True, slots=True)
class SegmentCondition:
    """One test of one value of the event."""

    head: str
    name: str
    operator: str
    value: str | int | float | bool | None = None


@dataclass(frozen=True, slots=True)
class SegmentGroup:
    """Conditions joined by one operator; None stands for an empty group, on which Segment throws."""

    operator: str
    children: tuple[SegmentCondition | SegmentGroup | None, ...]


SegmentTree: TypeAlias = "SegmentCondition | SegmentGroup | None"


def read_as_segment(text: str) -> SegmentGroup:
    """The trigger as Segment reads it. Raises SegmentFailure if Segment cannot read it, and so never matches."""
    try:
        tokens = _join_names(lex(text))
    except LexerError as error:
        raise SegmentFailure(str(error)) from None
    tree = _parse(tokens)
    if tree is None:
        raise SegmentFailure("it finds no condition")
    return tree if isinstance(tree, SegmentGroup) else SegmentGroup("and", (tree,))


def matches(tree: SegmentTree, event: dict[str, Any]) -> bool:
    """Whether Segment sends the event. Raises SegmentFailure if its code throws on the event."""
    if tree is None:
        raise SegmentFailure("it throws on a pair of parentheses that came to nothing")
    if isinstance(tree, SegmentGroup):
        if tree.operator == "and":
            return all(matches(child, event) for child in tree.children)
        return any(matches(child, event) for child in tree.children)
    return _holds(tree, _actual(tree, event))


# --- reading ---------------------------------------------------------------------------------------------------------


def _join_names(tokens: list[Token]) -> list[Token]:
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if (
            token.type == "dot"
            and joined
            and joined[-1].type == "ident"
            and at + 1 < len(tokens)
            and tokens[at + 1].type == "ident"
        ):
            last, following = joined.pop(), tokens[at + 1]
            joined.append(Token("ident", f"{last.value}.{following.value}", last.start, following.end))
            at += 2
        else:
            joined.append(token)
            at += 1
    return joined


def _parse(tokens: list[Token]) -> SegmentTree:
    nodes: list[SegmentTree] = []
    operator = "and"
    while tokens and (token := tokens.pop(0)).type != "eos":
        if token.type == "ident":
            if token.value.split(".")[0] in HEADS:
                sign, value = _next(tokens), _next(tokens)
                nodes.append(_condition(token.value, sign.value, value))
            if token.value in FUNCTIONS:
                nodes.extend(_call(token.value, tokens, negated=False))
        elif token.type == "operator" and token.value == "!":
            if not tokens:
                raise SegmentFailure("it ends after `!`")
            if tokens[0].type == "ident" and tokens[0].value in FUNCTIONS:
                nodes.extend(_call(tokens.pop(0).value, tokens, negated=True))
        elif token.type == "parenleft":
            group = []
            while (inner := _next(tokens)).type != "parenright":
                group.append(inner)
            nodes.append(_parse([*group, Token("eos", "eos")]))
        elif token.type == "conditional":
            operator = token.value
    if len(nodes) > 1:
        return SegmentGroup(operator, tuple(nodes))
    return nodes[0] if nodes else None


def _next(tokens: list[Token]) -> Token:
    if not tokens:
        raise SegmentFailure("it comes to the end too early")
    return tokens.pop(0)


def _value(token: Token) -> str | int | float | bool:
    if token.type == "string":
        return token.value.removeprefix('"').removesuffix('"')
    if token.type == "number":
        return text_to_number(token.value)
    if token.type == "ident" and token.value in ("true", "false"):
        return token.value == "true"
    return token.value


def literal_text(value: str | int | float | bool | None) -> str:
    """`String(value)` of a value in a trigger."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(as_double(value)) if isinstance(value, int | float) else str(value)


def _condition(path: str, sign: str, token: Token) -> SegmentCondition:
    head = path.split(".")[0]
    name = "" if head in PLAIN_HEADS else path.removeprefix(f"{head}.")
    word, value = token.value, _value(token)
    if head in ("event", "type"):
        return SegmentCondition(head, name, sign, literal_text(value))
    if word == "null" and sign in ("=", "!="):
        return SegmentCondition(head, name, "exists" if sign == "!=" else "not_exists")
    if head == "name":
        return SegmentCondition(head, name, sign, literal_text(value))
    if word in ("true", "false") and sign == "=":
        return SegmentCondition(head, name, f"is_{word}")
    if head == "userId":
        return SegmentCondition(head, name, sign, literal_text(value))
    if token.type == "number" and sign in ("=", "!="):
        return SegmentCondition(head, name, "number_equals" if sign == "=" else "number_not_equals", value)
    return SegmentCondition(head, name, sign, value)


def _call(function: str, tokens: list[Token], *, negated: bool) -> list[SegmentCondition]:
    """The condition of `contains` or `match`: none for a path that Segment does not know."""
    del tokens[:1]
    path = _next(tokens).value
    del tokens[:1]
    token = _next(tokens)
    del tokens[:1]
    value = literal_text(_value(token))
    if function == "contains":
        operator = "contains"
    elif token.value.endswith('*"'):
        operator, value = "starts_with", value[:-1]
    else:
        operator, value = "ends_with", value[1:]
    operator = f"not_{operator}" if negated else operator
    if path in PLAIN_HEADS[1:]:
        return [SegmentCondition(path, "", operator, value)]
    match = re.match("properties|traits|context", path)
    return [SegmentCondition(match[0], path.removeprefix(f"{match[0]}."), operator, value)] if match else []


# --- matching --------------------------------------------------------------------------------------------------------

_ORDER: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": str.__contains__,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def steps_of(condition: SegmentCondition) -> list[str]:
    """The steps of a condition's path below its head."""
    return re.findall(r"[^\[.\]]+", condition.name)


def always_throws(condition: SegmentCondition) -> bool:
    """Whether Segment throws on the condition, whatever the event: its path has a name, but no steps."""
    return bool(condition.name) and not steps_of(condition)


def _actual(condition: SegmentCondition, event: dict[str, Any]) -> Any:
    value = event.get(condition.head, MISSING)
    if condition.head in PLAIN_HEADS:
        return value
    if not condition.name:
        return MISSING
    if always_throws(condition):
        raise SegmentFailure("it throws on a path without a name")
    return read(value, steps_of(condition))


def _holds(condition: SegmentCondition, actual: Any) -> bool:
    operator, expected = condition.operator, condition.value
    negated = operator.startswith("not_")
    is_number = isinstance(actual, int | float) and not isinstance(actual, bool)
    if test := _TEXT_TESTS.get(operator.removeprefix("not_")):
        return isinstance(actual, str) and test(actual, literal_text(expected)) is not negated
    if operator in ("exists", "not_exists"):
        return (actual is None or actual is MISSING) is negated
    if operator in ("is_true", "is_false"):
        return actual is (operator == "is_true")
    if operator in ("=", "!="):
        return (isinstance(actual, str) and actual == literal_text(expected)) is (operator == "=")
    if not is_number:
        return False
    given, wanted = as_double(actual), literal_number(expected)
    if operator == "number_equals":
        return given == wanted
    if operator == "number_not_equals":
        return given != wanted
    return _ORDER[operator](given, wanted) if operator in _ORDER else False


def literal_number(value: str | int | float | bool | None) -> float:
    """`Number(value)` of a value in a trigger."""
    if isinstance(value, str):
        return as_double(text_to_number(value))
    return nan if value is None else as_double(value)
