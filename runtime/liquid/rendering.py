"""Parses and renders a Liquid template within Segment's limits.

Source: `evaluateLiquid` of @segment/actions-core. Its time limit of half a second is a limit on work here, so that an
event gives the same result on every machine: no text may grow beyond a million characters. Known to differ from
liquidjs: `empty` and `blank` as an argument of a filter are refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache, partial
from io import StringIO
from typing import Any, Never, TextIO

from liquid import Environment
from liquid.ast import Node
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.context import RenderContext
from liquid.exceptions import LiquidError, LiquidSyntaxError, OutputStreamLimitError
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.template import BoundTemplate
from liquid.undefined import is_undefined

from ..semantics.failure import ValueFailure
from . import number_filters, text_filters, value_filters
from .conditions import JavaScriptIf, JavaScriptUnless
from .conversions import stringify
from .members import member

LONGEST_TEMPLATE = 1000
_LONGEST_TEXT = 1_000_000
_TAGS = "content output illegal # comment if unless assign capture cycle increment decrement echo liquid break continue"
_DISABLED_TAGS = "case for include layout render tablerow"
DISABLED_FILTERS = tuple("""
array_to_sentence_string concat find find_exp find_index find_index_exp group_by group_by_exp has has_exp map
newline_to_br reject reject_exp reverse sort sort_natural uniq where_exp type
""".split())  # fmt: skip
_NO_CLOCK = {"now": None, "today": None}
"""The library would answer these with the time; an event that has them still has its own."""


class _JavaScriptOutput(OutputNode):
    """`{{ … }}`, written as JavaScript writes a value."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(stringify(self.expression.evaluate(context)))


class _JavaScriptEcho(EchoNode):
    """`{% echo … %}`, the same as a tag."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(stringify(self.expression.evaluate(context)))


class _OutputTag(Output):
    node_class = _JavaScriptOutput


class _EchoTag(EchoTag):
    node_class = _JavaScriptEcho


class _Disabled(Tag):
    """A tag that Segment does not allow."""

    block = False

    def parse(self, stream: TokenStream) -> Node:
        raise LiquidSyntaxError(f"the tag `{self.name}` is disabled", token=stream.current)


class _Text(StringIO):
    """The text of a template, up to a limit; its line ends and halves of surrogate pairs stay as they are."""

    def __init__(self, limit: int) -> None:
        super().__init__(newline="")
        self.room = limit

    def write(self, text: str) -> int:
        self.room -= len(text)
        if self.room < 0:
            raise OutputStreamLimitError(f"a text grew beyond {_LONGEST_TEXT} characters", token=None)
        return super().write(text)


class _Context(RenderContext):
    """Reads members as liquidjs does: of null, it is null, which is not nothing to a comparison."""

    def get_item(self, obj: Any, key: Any) -> Any:
        if obj is None:
            return None
        return member(obj, key) if isinstance(obj, dict | list | str) else super().get_item(obj, key)

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        return _Text(buf.room if isinstance(buf, _Text) else _LONGEST_TEXT)


class _Template(BoundTemplate):
    """A template whose text is as it is written, where the library would write every line end as a newline."""

    context_class = _Context

    def _get_buffer(self) -> StringIO:
        return _Text(_LONGEST_TEXT)


class _SegmentEnvironment(Environment):
    """Liquid with the tags and filters that Segment allows, and no other."""

    template_class = _Template
    logical_not_operator = True
    shorthand_indexes = True
    suppress_blank_control_flow_blocks = False

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for tag in (_OutputTag, _EchoTag, JavaScriptIf, JavaScriptUnless):
            self.add_tag(tag)
        self.filters = {}
        self.tags = {name: self.tags[name] for name in _TAGS.split()}
        for name in _DISABLED_TAGS.split():
            self.add_tag(type("Disabled", (_Disabled,), {"name": name}))
        for filters in (text_filters.FILTERS, number_filters.FILTERS, value_filters.FILTERS):
            self.filters |= {name: _bounded(name, function) for name, function in filters.items()}
        for name in DISABLED_FILTERS:
            self.filters[name] = partial(_refuse, name)


def _refuse(name: str, *_: Any, **__: Any) -> Never:
    raise ValueFailure(f"the filter `{name}` is disabled")


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter as a template calls it: what it has no use for is passed over, and its text has an end."""
    defaults = [parameter.default for parameter in inspect.signature(function).parameters.values()]
    most, least = len(defaults), defaults.count(inspect.Parameter.empty)

    def filtered(*values: Any, **options: Any) -> Any:
        if len(values) < least:
            raise ValueFailure(f"the filter `{name}` needs a value after a colon")
        allow_false = {"allow_false": options["allow_false"]} if "allow_false" in options else {}
        given = [*values[:least], *map(_given, values[least:most], defaults[least:])]
        result = function(*given, **(allow_false if function is value_filters.default else {}))
        if isinstance(result, str) and len(result) > _LONGEST_TEXT:
            raise ValueFailure(f"a text grew beyond {_LONGEST_TEXT} characters")
        return result

    return filtered


def _given(value: Any, default: Any) -> Any:
    """An argument of a filter; one that leads nowhere is one that is not given."""
    return default if is_undefined(value) else value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return _SegmentEnvironment(strict_filters=False)


@lru_cache(maxsize=512)
def parsed(template: str) -> BoundTemplate:
    """The template, parsed. Raises LiquidError."""
    return _environment().from_string(template)


def render(template: str, data: dict[str, Any]) -> str:
    """The template's text with the data's keys as its variables. Raises ValueFailure, whatever goes wrong."""
    try:
        return parsed(template).render(_NO_CLOCK | data)
    except ValueFailure:
        raise
    except LiquidError as error:
        cause = error.__cause__
        reason = cause if isinstance(cause, ValueFailure) else error.message
        raise ValueFailure(f"the Liquid template fails: {reason}") from None
    except Exception as error:
        # A filter may meet any value, and the library's own conversions raise what Python raises.
        raise ValueFailure(f"the Liquid template fails: {error}") from None
