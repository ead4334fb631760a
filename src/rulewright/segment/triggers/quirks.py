"""Names the ways in which Segment misreads a trigger, each in a sentence, from the trigger's own tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from ...dsl import ast
from .fql import FUNCTIONS, HEADS, PLAIN_HEADS
from .fql_lexer import LexerError, Token, lex
from .misread_conditions import misread_conditions

_ORDER_SIGNS = ("<", "<=", ">", ">=")
_SIGNS = ("=", "!=", *_ORDER_SIGNS)
_EXTENSIONS = frozenset((
    "in", "length", "lowercase", "uppercase", "snakecase", "kebabcase", "titlecase", "typeof", "bool",
    "string", "number",
))  # fmt: skip
"""What the documentation of FQL has, and Segment's parser has not."""


def misreadings(text: str, condition: ast.Expression) -> list[str]:
    """A sentence for each way in which Segment misreads a trigger."""
    try:
        tokens = lex(text)
    except LexerError as error:
        return [str(error)]
    sentences = [sentence for find in _FINDERS for sentence in find(tokens)]
    return list(dict.fromkeys([*sentences, *misread_conditions(condition)]))


def _negated_group(tokens: list[Token]) -> Iterator[str]:
    for token, following in pairwise(tokens):
        if token.value == "!" and token.type == "operator":
            if following.type == "parenleft":
                yield "`!` before parentheses is ignored"
            elif following.value not in FUNCTIONS:
                yield f"`!` before `{following.value}` is ignored"


def _nested_groups(tokens: list[Token]) -> Iterator[str]:
    depth = 0
    for before, token in pairwise([Token("eos", ""), *tokens]):
        call = before.type == "ident" and before.value in FUNCTIONS
        if token.type == "parenleft":
            if depth:
                yield (
                    f"`{before.value}(…)` inside parentheses closes them too early"
                    if call
                    else "parentheses inside parentheses cannot be read"
                )
            depth += 1
        elif token.type == "parenright":
            depth -= 1


def _mixed_words(tokens: list[Token]) -> Iterator[str]:
    words: list[set[str]] = [set()]
    for token in tokens:
        if token.type == "parenleft":
            words.append(set())
        elif token.type == "parenright" and len(words) > 1:
            words.pop()
        elif token.type == "conditional":
            if words[-1] and token.value not in words[-1]:
                yield f"of `and` beside `or` the last one, here `{_last_word(tokens)}`, is taken for all"
            words[-1].add(token.value)


def _last_word(tokens: list[Token]) -> str:
    return [token.value for token in tokens if token.type == "conditional"][-1]


def _split_signs(tokens: list[Token]) -> Iterator[str]:
    for token, following in pairwise(tokens):
        if token.value in ("<", ">") and following.value == "=" and following.type == "operator":
            yield f"`{token.value}=` wants a blank after it"


def _capital_words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "ident" and token.value.lower() in ("and", "or") and token.value not in ("and", "or"):
            yield f"`{token.value}` in capitals is ignored, which leaves `and`"


def _unknown_paths(tokens: list[Token]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else Token("eos", "")
        if token.type != "ident" or before.type == "dot" or token.value.lower() in ("and", "or", "true", "false"):
            continue
        following = tokens[index + 1]
        if token.value in _EXTENSIONS and (following.type == "parenleft" or token.value == "in"):
            yield f"`{token.value}` is unknown to Segment"
        elif token.value in FUNCTIONS and following.type == "parenleft":
            path = tokens[min(index + 2, len(tokens) - 1)]
            if path.value == "type":
                yield f"`{token.value}(type, …)` is silently dropped"
        elif token.value not in HEADS and before.value not in _SIGNS:
            yield f"a condition on `{token.value}` is silently dropped"


def _quotes(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "string" and token.value.startswith("'"):
            yield "text in single quotes is compared with its quotes, and so never matches"
        elif token.type == "string" and "\\" in token.value:
            yield "a backslash in a text is literal"


def _patterns(tokens: list[Token]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        if token.type == "ident" and token.value == "match":
            pattern = next((each for each in tokens[index:] if each.type == "string"), None)
            if pattern is not None and not _fits_segment(pattern.value[1:-1]):
                yield f"`match` knows one `*`, at one end, and misreads {pattern.value}"


def _fits_segment(pattern: str) -> bool:
    if pattern.startswith("*") == pattern.endswith("*"):
        return False
    return not any(sign in pattern.strip("*") for sign in "*?[\\")


def _values(tokens: list[Token]) -> Iterator[str]:
    for path, sign, value in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if sign.value not in _SIGNS or path.type != "ident":
            continue
        if value.type == "null" and path.value in ("type", "event"):
            yield f"`{path.value}` is compared with the text `null`"
        elif value.type == "number" and path.value in PLAIN_HEADS and sign.value in ("=", "!="):
            yield f"`{path.value}` is compared with the text `{value.value}`"
        elif value.value in ("true", "false") and value.type == "ident":
            if sign.value in _ORDER_SIGNS:
                yield f"`{sign.value}` takes `{value.value}` as a number"
            elif sign.value == "!=":
                yield f"`!= {value.value}` compares with the text `{value.value}`"
            elif path.value in ("type", "event", "name"):
                yield f"`{path.value}` is compared with the text `{value.value}`"
        elif value.type == "string" and sign.value in _ORDER_SIGNS:
            yield f"`{sign.value}` takes {value.value} as a number"


_FINDERS: tuple[Callable[[list[Token]], Iterator[str]], ...] = (
    _negated_group, _nested_groups, _mixed_words, _split_signs, _capital_words,
    _unknown_paths, _quotes, _patterns, _values,
)  # fmt: skip
