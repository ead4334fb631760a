"""Writes values of the program as Python expressions, with statements before them if needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from ...dsl.source import NOWHERE
from .. import ir
from ..plan.read_tree import ReadTree, read_tree, reads_of
from ..value_types import NOTHING, Kinds, kinds, may_be_blank, may_fail
from .conditions import ConditionWriter, may_fail_early
from .python_code import Body, Names, Python, code, join, literal, names_in
from .reads import Reads
from .view_classes import ViewClass

MAX_INDENTATION = 40
"""Python takes 100 levels; what one value adds to it comes on top."""
MAX_NESTING = 20
"""Values in one another within one expression: Python takes 200 parentheses, and a value may have several."""
_MOST_ADDED = 10
"""Pieces of a text that are joined with `+` at most; Python's compiler recurses into each sum."""
_LEAVES = (ir.Constant, ir.Omit, ir.Read)
_ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}


class ValueWriter(ConditionWriter):
    """Writes the values of one function.

    With `null_is_missing` a value that is missing may be given as None, which is one check less for the reader.
    """

    def __init__(
        self,
        body: Body,
        names: Names,
        functions: Mapping[str, Python],
        function: Callable[[str, Body, Python], Python],
        *,
        forgiving: bool = False,
        view: ViewClass | None = None,
    ) -> None:
        self.body = body
        self.names = names
        self.functions = functions
        self._function = function
        """Adds a function to the module, and gives its name."""
        self._nesting = 0
        self.forgiving = forgiving
        """In a trigger, a function that fails gives MISSING; in a field, it fails the mapping."""
        self.view = view
        """What the function gets of an event; None where it gets the event itself."""
        self.roots: dict[int, Reads] = {}
        self.owner: ir.Value | None = None
        """The value that is all of the field which the body's lines set."""

    def value(self, value: ir.Value, *, null_is_missing: bool = False) -> Python:
        """The code of a value; whatever has to be computed before it has been written to the body."""
        if self._is_deep() and not isinstance(value, _LEAVES):
            return self._outlined(lambda: self.value(value, null_is_missing=null_is_missing))
        self._nesting += 1
        try:
            return self._written(value, null_is_missing=null_is_missing)
        finally:
            self._nesting -= 1

    def _written(self, value: ir.Value, *, null_is_missing: bool) -> Python:
        match value:
            case ir.Constant(constant):
                return literal(constant)
            case ir.Omit():
                return Python("None") if null_is_missing else Python("MISSING")
            case ir.Read(root, steps):
                return self.roots[root].get(steps, null_is_missing=null_is_missing)
            case ir.Get(target, steps):
                return code("read({}, {})", self.value(target), literal(steps))
            case ir.Template(parts):
                return self._text(parts)
            case ir.MakeList(items):
                return code("[{}]", join(", ", (self._item(item) for item in items)))
            case ir.Call(function, arguments, fails):
                called = self.functions[function]
                written = [self.value(argument) for argument in arguments]
                if fails and self.forgiving:
                    return code("attempt({})", join(", ", [called, *written]))
                return code("{}({})", called, join(", ", written))
            case ir.Negative(operand):
                return self._called("negative", operand)
            case ir.Arithmetic(operator, left, right):
                return self._called(_ARITHMETIC[operator], left, right)
            case ir.MakeObject() | ir.ForEach() | ir.If() | ir.Coalesce():
                name = self.names.fresh("value")
                self.assign(name, value, null_is_missing=null_is_missing)
                return name
            case _:
                return code("({})", self.condition(value))

    def kinds(self, value: ir.Value) -> Kinds:
        """The kinds that a value can have here, where a view may be sure of more than the rules are."""
        if self.view is not None:
            match value:
                case ir.Read(ir.EVENT, steps):
                    field = self.view.view.field(steps)
                    if field is not None and field.leaf is not None:
                        return frozenset((field.leaf, "null", "missing") if field.or_missing else (field.leaf, "null"))
                case ir.Coalesce(values):
                    *tried, last = map(self.kinds, values)
                    return frozenset().union(*(alternative - NOTHING for alternative in tried)) | last
                case _:
                    pass
        return kinds(value)

    def _called(self, helper: str, *operands: ir.Value) -> Python:
        written = [self.value(operand, null_is_missing=True) for operand in operands]
        if self.forgiving:
            return code("attempt({})", join(", ", [Python(helper), *written]))
        return code("{}({})", Python(helper), join(", ", written))

    def _item(self, item: ir.Value) -> Python:
        """An item of a list, null where it is missing."""
        written = self.value(item, null_is_missing=True)
        if isinstance(item, ir.Read) or "missing" not in kinds(item):
            return written
        return code("null_for_missing({})", written)

    def _text(self, parts: tuple[str | ir.Value, ...]) -> Python:
        pieces = [
            literal(part)
            if isinstance(part, str)
            else self.value(part)
            if kinds(part) == {"string"}
            else code("text({})", self.value(part, null_is_missing=True))
            for part in parts
        ]
        if len(pieces) > _MOST_ADDED:
            return code("''.join(({}))", join(", ", pieces))
        return join(" + ", pieces) if len(pieces) == 1 else code("({})", join(" + ", pieces or [literal("")]))

    # --- code that would nest deeper than Python takes ----------------------------------------------------------------

    def _is_deep(self) -> bool:
        return self._nesting >= MAX_NESTING or self.body.depth > MAX_INDENTATION

    def _outlined(self, write: Callable[[], Python]) -> Python:
        """The call of a function of its own, which computes what `write` writes when its turn comes, and not before."""
        known = {"event", "view", *self.names.given}
        outer, nesting = self.body, self._nesting
        self.body, self._nesting = Body(span=outer.span, field=outer.field), 0
        self.body.add("return {}", write())
        inner, self.body, self._nesting = self.body, outer, nesting
        used = names_in("\n".join([line.text for line in inner.lines]))
        parameters = join(", ", map(Python, sorted(used & known)))
        return code("{}({})", self._function("part", inner, parameters), parameters)

    # --- conditions that must not be asked before their turn ---------------------------------------------------------

    def condition(self, condition: ir.Condition) -> Python:
        """As a condition is written, but that what could fail is not computed where an earlier answer decides."""
        if self._is_deep():
            return self._outlined(lambda: self.condition(condition))
        self._nesting += 1
        try:
            return self._written_condition(condition)
        finally:
            self._nesting -= 1

    def _written_condition(self, condition: ir.Condition) -> Python:
        if isinstance(condition, ir.All | ir.AnyOf) and not self.forgiving:
            first, *rest = condition.conditions or (None,)
            if first is not None and any(may_fail_early(inner) for inner in rest):
                name = self.names.fresh("holds")
                self.body.add("{} = {}", name, self.condition(first))
                for inner in rest:
                    with self.body.block("if {}:" if isinstance(condition, ir.All) else "if not {}:", name):
                        self.body.add("{} = {}", name, self.condition(inner))
                return name
        return super().condition(condition)

    # --- values that take statements -------------------------------------------------------------------------------

    def assign(self, name: Python, value: ir.Value, *, null_is_missing: bool = False) -> None:
        """Writes what gives `name` the value."""
        if self.body.depth > MAX_INDENTATION and not isinstance(value, _LEAVES):
            self.body.add("{} = {}", name, self._outlined(lambda: self.value(value, null_is_missing=null_is_missing)))
            return
        match value:
            case ir.Coalesce(values, visible):
                self._coalesce(name, values, null_is_missing=null_is_missing, visible=visible)
            case ir.If(condition, then, otherwise):
                with self.body.block("if {}:", self.condition(condition)):
                    self.assign(name, then, null_is_missing=null_is_missing)
                with self.body.block("else:"):
                    self.assign(name, otherwise, null_is_missing=null_is_missing)
            case ir.MakeObject():
                self._object(name, value)
            case ir.ForEach():
                self._each(name, value, null_is_missing=null_is_missing)
            case _:
                self.body.add("{} = {}", name, self.value(value, null_is_missing=null_is_missing))

    def _coalesce(self, name: Python, values: tuple[ir.Value, ...], *, null_is_missing: bool, visible: bool) -> None:
        """Each value is tried in turn until there is one, side by side, because nesting would be too deep."""
        first, *rest = values
        self.assign(name, first, null_is_missing=null_is_missing if not rest else True)
        for number, value in enumerate(rest, 1):
            before = values[number - 1]
            blank = code("{} is None or is_blank({})", name, name)
            passed_over = blank if visible and may_be_blank(before) else self.is_nothing(before, name)
            with self.body.block("if {}:", passed_over):
                self.assign(name, value, null_is_missing=null_is_missing if number == len(rest) else True)

    def is_nothing(self, value: ir.Value, name: Python) -> Python:
        """Whether a name that was assigned with `null_is_missing` holds null or missing."""
        if isinstance(value, ir.Read) or "missing" not in kinds(value):
            return code("{} is None", name)
        return code("{} is None or {} is MISSING", name, name)

    @contextmanager
    def _within(self, whole: ir.Value, part: ir.Value, step: str) -> Iterator[None]:
        """Lines that come from a part of a value, which is a part of the field too if the value is all of it."""
        body, owner = self.body, self.owner
        span, field = body.span, body.field
        body.span = span if part.span is NOWHERE else part.span
        if whole is owner and field is not None:
            body.field, self.owner = field + step, part
        yield
        body.span, body.field, self.owner = span, field, owner

    def _object(self, name: Python, value: ir.MakeObject) -> None:
        entries = value.entries
        if not any("missing" in kinds(entry) or may_fail(entry) for _, entry in entries):
            pairs = [code("{}: {}", literal(key), self.value(entry)) for key, entry in entries]
            self.body.add("{} = {{}}", name, join(", ", pairs))
            return
        self.body.add("{} = {{}}", name, Python(""))
        for key, entry in entries:
            with self._within(value, entry, f".{key}"):
                part = self.value(entry)
                if "missing" in kinds(entry):
                    held = self.names.fresh(key)
                    with self.body.block("if ({} := {}) is not MISSING:", held, part):
                        self.body.add("{}[{}] = {}", name, literal(key), held)
                else:
                    self.body.add("{}[{}] = {}", name, literal(key), part)

    def _each(self, name: Python, each: ir.ForEach, *, null_is_missing: bool) -> None:
        self.assign(name, each.iterable, null_is_missing=null_is_missing)
        with self.body.block("if {}.__class__ is dict or {}.__class__ is list:", name, name):
            source = self.names.fresh("items")
            self.body.add("{} = {} if {}.__class__ is list else [{}]", source, name, name, name)
            self.body.add("{} = []", name)
            if each is not self.owner or not may_fail(each.item):
                self._loop(name, each, source)
                return
            with self.body.block("try:"):
                self._loop(name, each, source)
            with self.body.block("except Exception as failure:"):
                self.body.add("at_item(failure, len({}))", name)
                self.body.add("raise")

    def _loop(self, name: Python, each: ir.ForEach, source: Python) -> None:
        variable = self.names.fresh("item")
        with self.body.block("for {} in {}:", variable, source), self._within(each, each.item, "[]"):
            self.enter_item(each, variable)
            if each.condition is not None:
                with self.body.block("if not ({}):", self.condition(each.condition)):
                    self.body.add("continue")
            item = self.value(each.item)
            if "missing" in kinds(each.item):
                held = self.names.fresh("value")
                with self.body.block("if ({} := {}) is not MISSING:", held, item):
                    self.body.add("{}.append({})", name, held)
            else:
                self.body.add("{}.append({})", name, item)

    def enter_item(self, each: ir.ForEach, variable: Python) -> None:
        """Writes what the reads from a loop's item need, at the top of the loop."""
        parts: list[tuple[ir.Value, bool]] = [(each.item, False)]
        if each.condition is not None:
            parts.append((each.condition, True))
        self.enter(each.variable, variable, parts)

    def enter(self, root: int, name: Python, values: Iterable[tuple[ir.Value, bool]]) -> None:
        """Makes a root known, and writes what fetches the objects that the values read from it.

        Each value comes with whether null and missing are the same to its reader.
        """
        self.enter_tree(root, name, read_tree(reads_of(values, root)))

    def enter_tree(self, root: int, name: Python, tree: ReadTree) -> None:
        """The same for what is read from the root."""
        container = name
        if root != ir.EVENT and tree.children:
            container = self.names.fresh("in_item")
            self.body.add("{} = {} if {}.__class__ is dict else readable({})", container, name, name, name)
        self.roots[root] = Reads(container, name, self.view if root == ir.EVENT else None)
        self.roots[root].fetch(tree, self.body, self.names)
