"""Resolves expressions of the syntax tree to values and conditions of the program."""

from __future__ import annotations

from collections.abc import Iterable

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, Fix, near, respelling
from ...dsl.source import Span
from ...dsl.syntax.strings import unescape, written_at
from .. import ir
from ..catalog import Catalog, FunctionSignature, ParameterSignature
from .foreign_functions import native_call

_LAZY = {"if": (3, 3), "coalesce": (1, None)}
"""Calls that evaluate an argument only when it is needed, with the least and the greatest number of arguments."""

MAX_LOOPS = 15
"""Comprehensions in one another; Python takes twenty loops."""

PLAIN_TEXT_TESTS = ("contains", "match")


class Resolver:
    """Resolves the expressions of one file against a catalog, and collects diagnostics."""

    def __init__(self, catalog: Catalog, diagnostics: list[Diagnostic]) -> None:
        self.catalog = catalog
        self.diagnostics = diagnostics
        self._variables: dict[str, int] = {}
        self.reads: list[ir.Read] = []
        """Every path of an event that was resolved, also those in what is left out because of an error."""

    def report(self, code: str, message: str, span: Span, *help_: str, fix: Fix | None = None) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help=help_, fix=fix))

    # --- values ----------------------------------------------------------------------------------------------------

    def value(self, node: ast.Expression) -> ir.Value:
        """The value of the program for an expression."""
        span = node.span
        match node:
            case ast.Path(steps, rooted):
                return self._path(steps, rooted, span)
            case ast.Literal(value):
                return ir.Constant(value, span=span)
            case ast.Omit():
                return ir.Omit(span=span)
            case ast.Access(target, steps):
                return ir.Get(self.value(target), steps, span=span)
            case ast.Template(parts):
                return ir.Template(
                    tuple(part if isinstance(part, str) else self.operand(part) for part in parts), span=span
                )
            case ast.Object(entries):
                return ir.MakeObject(tuple((entry.key, self.value(entry.value)) for entry in entries), span=span)
            case ast.List(items):
                return ir.MakeList(tuple(self.value(item) for item in items), span=span)
            case ast.Comprehension():
                return self._each(node)
            case ast.Call():
                return self._call(node)
            case ast.Negative(operand):
                return ir.Negative(self.operand(operand), span=span)
            case ast.Arithmetic(operator, left, right):
                return ir.Arithmetic(operator, self.operand(left), self.operand(right), span=span)
            case _:
                return self.condition(node)

    def operand(self, node: ast.Expression) -> ir.Value:
        """The value for an expression in a place where `omit` is an error, which is reported."""
        if isinstance(node, ast.Omit):
            self.report("RW0303", "`omit` leaves out a whole field, and cannot be part of an expression", node.span,
                        "use it as the value of a field, or in a branch of `if` or `coalesce`")  # fmt: skip
        return self.value(node)

    def _path(self, steps: tuple[ast.Step, ...], rooted: bool, span: Span) -> ir.Value:
        if not rooted and steps and isinstance(steps[0], str) and steps[0] in self._variables:
            return ir.Read(self._variables[steps[0]], steps[1:], span=span)
        read = ir.Read(ir.EVENT, steps, span=span)
        self.reads.append(read)
        return read

    def _each(self, node: ast.Comprehension) -> ir.Value:
        iterable = self.operand(node.iterable)
        hidden = self._variables
        number = max(hidden.values(), default=ir.EVENT) + 1
        if number > MAX_LOOPS:
            self.report("RW0104", f"comprehensions are nested more than {MAX_LOOPS} deep", node.span)
        self._variables = {**hidden, node.variable: number}
        condition = self.condition(node.condition) if node.condition is not None else None
        item = self.value(node.item)
        self._variables = hidden
        return ir.ForEach(item, number, iterable, condition, span=node.span)

    # --- calls -----------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> ir.Value:
        name, arguments, span = node.function, node.arguments, node.span
        if name in _LAZY:
            least, most = _LAZY[name]
            if not self._count(node, len(arguments), least, most):
                return ir.Omit(span=span)
            if name == "coalesce":
                return ir.Coalesce(tuple(self.value(argument) for argument in arguments), span=span)
            return ir.If(self.condition(arguments[0]), self.value(arguments[1]), self.value(arguments[2]), span=span)
        function = self.catalog.functions.get(name)
        if function is None:
            return self._unknown(node)
        absence = None if function.absence is None else function.absence()
        if absence is not None:
            self.report("RW0308", absence.message, node.name_span, absence.help)
            return self._left_out(node)
        given = self._arguments(node, function)
        if name in PLAIN_TEXT_TESTS:
            return ir.TextTest(name, given, span=span)
        return ir.Call(name, given, function.fails, function.returns, span=span)

    def _unknown(self, node: ast.Call) -> ir.Value:
        known = [*self.catalog.functions, *_LAZY]
        help_ = near(node.function, known, "run `rulewright functions` to list all functions")
        fix = respelling(node.name_span, node.function, known)
        native = None if node.function.lower() in known else native_call(node)
        if native is not None:
            help_, fix = native.sentence, native
        self.report("RW0204", f"unknown function `{node.function}`", node.name_span, help_, fix=fix)
        return self._left_out(node)

    def _left_out(self, node: ast.Call) -> ir.Value:
        """Nothing, in the place of a call that cannot be made; its arguments are looked at all the same."""
        for argument in node.arguments:
            self.value(argument)
        return ir.Omit(span=node.span)

    def _arguments(self, node: ast.Call, function: FunctionSignature) -> tuple[ir.Value, ...]:
        """The arguments as given, and the default of each parameter that was left out."""
        parameters = function.parameters
        variadic = bool(parameters) and parameters[-1].variadic
        least = sum(parameter.default is None for parameter in parameters)
        values = [self.operand(argument) for argument in node.arguments]
        for parameter, value in zip(parameters, values, strict=False):
            self._check_literal(function, parameter, value)
        if self._count(node, len(values), least, None if variadic else len(parameters)):
            values.extend(
                ir.Constant(_default(parameter.default), span=node.span)
                for parameter in parameters[len(values) :]
                if parameter.default is not None and not parameter.variadic
            )
        return tuple(values)

    def _check_literal(self, function: FunctionSignature, parameter: ParameterSignature, value: ir.Value) -> None:
        """Reports a literal with which the call fails, or never holds, whatever the event."""
        if parameter.fault is None or not isinstance(value, ir.Constant):
            return
        fault = parameter.fault(value.value)
        if fault is None:
            return
        span = value.span
        if isinstance(value.value, str):
            end = len(value.value) if fault.end is None else fault.end
            span = part_of_text(span, value.value, fault.start, end)
        help_ = (fault.help,) if fault.help else ()
        self.report("RW0308" if function.fails else "RW0410", fault.message, span, *help_)

    def _count(self, node: ast.Call, count: int, least: int, most: int | None) -> bool:
        if count >= least and (most is None or count <= most):
            return True
        takes = f"at least {least}" if most is None else str(least) if least == most else f"{least} to {most}"
        noun = "argument" if takes in ("1", "at least 1") else "arguments"
        facts = self.catalog.functions.get(node.function)
        help_ = () if facts is None else (f"write `{signature(facts)}`",)
        self.report("RW0205", f"expected {takes} {noun} for `{node.function}`, found {count}", node.span, *help_)
        return False

    # --- conditions ------------------------------------------------------------------------------------------------

    def condition(self, node: ast.Expression) -> ir.Condition:
        """The condition of the program for an expression: it is true if the value is `true`."""
        span = node.span
        match node:
            case ast.Logical("and", operands):
                return ir.All(self._conditions(operands), span=span)
            case ast.Logical(_, operands):
                return ir.AnyOf(self._conditions(operands), span=span)
            case ast.Not(operand, grouped):
                inner = self.condition(operand)
                if isinstance(inner, ir.TextTest) and isinstance(operand, ast.Call) and not grouped:
                    return ir.TextTest(inner.function, inner.arguments, True, span=span)
                return ir.Not(inner, span=span)
            case ast.Comparison(operator, left, right):
                return ir.Compare(operator, self.operand(left), self.operand(right), span=span)
            case _:
                value = self.operand(node)
                return value if isinstance(value, ir.CONDITIONS) else ir.IsTrue(value, span=span)

    def _conditions(self, nodes: Iterable[ast.Expression]) -> tuple[ir.Condition, ...]:
        return tuple(self.condition(node) for node in nodes)


def part_of_text(span: Span, value: str, start: int, end: int) -> Span:
    """The span of a part of a literal text; the whole span if the part is the whole text, or the quotes are odd."""
    quote, written = span.text[:1], span.text[1:-1]
    if end - start in (0, len(value)) or quote not in ("'", '"') or unescape(written) != value:
        return span
    return span.within(1 + written_at(written, start), 1 + written_at(written, end))


def _default(text: str) -> str | int | float | bool | None:
    """A default as the function's declaration writes it: a literal of the language."""
    words: dict[str, bool | None] = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    if text[:1] in "\"'":
        return text[1:-1]
    return float(text) if "." in text else int(text)


def signature(function: FunctionSignature) -> str:
    """The call of a function as documentation shows it: `replace(value, pattern, replacement = "", …)`."""
    parts = []
    for parameter in function.parameters:
        if parameter.variadic:
            parts.append(f"{parameter.name}, …")
        elif parameter.default is not None:
            parts.append(f"{parameter.name} = {parameter.default}")
        else:
            parts.append(parameter.name)
    return f"{function.name}({', '.join(parts)})"
