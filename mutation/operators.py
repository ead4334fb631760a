"""The small faults: what can be changed in the syntax tree of a module, one change at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
TYPES_ALONE = {"cast", "TypeVar", "NewType", "assert_never", "AssertionError"}
"""Calls that only a type checker reads, or that no correct program reaches."""
LONGEST_TEXT = 90


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module."""

    file: str
    line: int
    text: str
    """The text of the line."""
    before: str
    after: str
    node: int
    """The place of the changed node among all nodes of the module."""
    choice: int
    at_import: bool
    """Whether the node runs when the module is imported, and not when a function is called."""

    @property
    def name(self) -> str:
        """Holds no line number, so that edits elsewhere in the file do not rename a mutant."""
        return f"{self.file}: {self.text}: {self.before} -> {self.after}"


def find_mutants(file: str, source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its text.

    :param file: the path that names the mutants
    """
    module, lines = ast.parse(source), source.split("\n")
    passed_over = set(map(id, _not_mutated(module)))
    conditions = set(map(id, _conditions(module)))
    called = set(map(id, _bodies(module)))
    return [
        Mutant(
            file,
            node.lineno,
            lines[node.lineno - 1].strip(),
            _shown(node),
            _shown(replacement),
            number,
            choice,
            id(node) not in called,
        )
        for number, node in enumerate(ast.walk(module))
        if id(node) not in passed_over and isinstance(node, ast.stmt | ast.expr)
        for choice, replacement in enumerate(_replacements(node, id(node) in conditions))
    ]


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The module of a mutant, as a tree that can be compiled."""
    module = ast.parse(source)
    conditions = set(map(id, _conditions(module)))
    node = list(ast.walk(module))[mutant.node]
    assert isinstance(node, ast.stmt | ast.expr)
    replacement = list(_replacements(node, id(node) in conditions))[mutant.choice]
    _Replacing(node, ast.copy_location(replacement, node)).visit(module)
    return ast.fix_missing_locations(module)


class _Replacing(ast.NodeTransformer):
    def __init__(self, node: ast.AST, replacement: ast.AST) -> None:
        self.node = node
        self.replacement = replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self.replacement if node is self.node else self.generic_visit(node)


def _replacements(node: ast.stmt | ast.expr, is_condition: bool) -> Iterator[ast.stmt | ast.expr]:
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                changed = copy.copy(node)
                changed.ops = [*node.ops[:place], COMPARISONS[type(operator)](), *node.ops[place + 1 :]]
                yield changed
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        case ast.AugAssign() if type(node.op) in ARITHMETIC:
            yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() | float() as number):
            yield ast.Constant(number + 1 if number + 1 != number else number / 2)
        case ast.Constant(value=str() as text):
            yield ast.Constant(text + "XX")
        case ast.Return(value=ast.expr() as value) if not _is_none_or_truth(value):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
    if is_condition and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), node)  # type: ignore[arg-type]


def _conditions(module: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(module):
        match node:
            case ast.If() | ast.While() | ast.IfExp():
                yield node.test
            case ast.comprehension():
                yield from node.ifs


def _bodies(module: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for statement in node.body:
                yield from ast.walk(statement)
        elif isinstance(node, ast.Lambda):
            yield from ast.walk(node.body)


def _not_mutated(module: ast.Module) -> Iterator[ast.AST]:
    """What no test can notice: docstrings, annotations, decorators, assertions, and what only a type checker reads."""
    for node in ast.walk(module):
        skipped: list[ast.AST | None] = []
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.AnnAssign(value=None):
                skipped = [node]
            case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
                skipped = [node]
            case ast.AnnAssign():
                skipped = [node.annotation]
            case ast.arg():
                skipped = [node.annotation]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                skipped = [node.returns, *node.decorator_list]
            case ast.ClassDef():
                skipped = [*node.decorator_list, *node.bases]
            case ast.FormattedValue():
                skipped = [node.format_spec]
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                skipped = [node]
            case ast.Raise() if "AssertionError" in ast.unparse(node):
                skipped = [node]
            case ast.Call(func=ast.Name(id=name)) if name in TYPES_ALONE:
                skipped = list(node.args)
            case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")]):
                skipped = [node]
        for whole in skipped:
            if whole is not None:
                yield from ast.walk(whole)


def _is_none_or_truth(node: ast.expr) -> bool:
    """None stays None, and False would be as false; the truth itself is changed as a constant."""
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
