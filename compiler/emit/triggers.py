"""Writes all triggers: a table by the texts that they compare with, and a short decision for each text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from .. import ir
from ..optimize.assume import Atom, Residual, assume, atoms
from ..optimize.trigger_index import Bounds, Index, Sorted
from .python_code import Body, Names, Python, code, join, literal
from .values import ValueWriter

Undecided = list[tuple[int, Residual]]
"""Numbers of triggers, in the order of the file, and what is left of each."""

Tables = list[tuple[Python, list[tuple[Python, Python]]]]
"""Dicts of the module: the name of each, and its keys and values."""

MOST_ASKED = 3
"""The most texts with an open question that are compared one by one; with more, a table is looked up."""

_ALWAYS_THERE = ("type",)
"""The path that every event has, so that a look without a fallback is the faster one (Segment, Spec: Common Fields)."""

MOST_QUESTIONS = 3
"""With at most this many different questions, each combination of answers leads to a tuple that is written out; with
more, each trigger is evaluated by itself."""


@dataclass(slots=True)
class MatchWriter:
    """Writes the function that says which triggers hold, and the tables and functions that it needs."""

    names: Names
    values: Callable[[Body], ValueWriter]
    """A writer of conditions into a body."""
    function: Callable[[str, Body, Python], Python]
    """Adds a function to the module, and gives its name."""
    event: Python

    def write(self, sorted_triggers: Sorted) -> tuple[Python, Tables]:
        """The name of the function, and the tables that it looks into."""
        tables: Tables = []
        body = Body()
        writer = self.values(body)
        writer.enter(ir.EVENT, self.event, [(path, True) for path in sorted_triggers.paths()])
        if len(sorted_triggers.indexes) == 1 and not sorted_triggers.bounds and not sorted_triggers.others:
            self._by_one_index(writer, sorted_triggers.indexes[0], tables)
            return self.function("matching", body, self.event), tables
        parts = [self._by_index(writer, index, tables) for index in sorted_triggers.indexes]
        if sorted_triggers.others:
            others = self._decision("match_others", sorted_triggers.others)
            parts.append(self._named(writer, code("{}({})", others, self.event)))
        taken, *more = parts or [self._named(writer, Python("()"))]
        for part in more:
            with body.block("if {}:", part):
                self._join(body, taken, part)
        for bounds in sorted_triggers.bounds:
            self._within_bounds(writer, bounds, taken, tables)
        body.add("return {}", taken)
        return self.function("matching", body, self.event), tables

    @staticmethod
    def _named(writer: ValueWriter, value: Python) -> Python:
        taken = writer.names.fresh("taken")
        writer.body.add("{} = {}", taken, value)
        return taken

    @staticmethod
    def _join(body: Body, taken: Python, more: Python) -> None:
        """Writes that more triggers hold; the order is that of the file."""
        body.add("{} = tuple(sorted((*{}, *{})))", taken, taken, more)

    def _by_one_index(self, writer: ValueWriter, index: Index, tables: Tables) -> None:
        """Writes how the one index there is answers; the few texts that leave a question are asked for at once."""
        body = writer.body
        text = writer.names.fresh(str(index.path.steps[-1]))
        if index.path.steps == _ALWAYS_THERE and writer.view is None:
            with body.block("try:"):
                body.add("{} = {}[{}]", text, self.event, literal(_ALWAYS_THERE[0]))
            with body.block("except KeyError:"):
                body.add("return ()")
        else:
            body.add("{} = {}", text, writer.value(index.path, null_is_missing=True))
        asking = {
            bucket: left for bucket, left in index.buckets.items() if any(residual is not True for _, residual in left)
        }
        if len(asking) > MOST_ASKED:
            body.add("return {}", self._looked_up(writer, index, text, tables))
            return
        for bucket, left in asking.items():
            with body.block("if {} == {}:", text, literal(bucket)):
                writer.enter(ir.EVENT, self.event, _conditions(left))
                self._decide(writer, left)
        rest = {bucket: left for bucket, left in index.buckets.items() if bucket not in asking}
        if not rest:
            body.add("return ()")
            return
        table = self._table(Index(index.path, rest), tables)
        if "list" in writer.kinds(index.path):
            body.add("return {}.get({}, ()) if {}.__class__ is str else ()", table, text, text)
        else:
            body.add("return {}.get({}, ())", table, text)

    def _by_index(self, writer: ValueWriter, index: Index, tables: Tables) -> Python:
        """Writes what finds the triggers of an index, and gives the name they are found under."""
        text = writer.names.fresh(str(index.path.steps[-1]))
        writer.body.add("{} = {}", text, writer.value(index.path, null_is_missing=True))
        return self._looked_up(writer, index, text, tables)

    def _looked_up(self, writer: ValueWriter, index: Index, text: Python, tables: Tables) -> Python:
        table = self._table(index, tables)
        taken = writer.names.fresh("taken")
        writer.body.add("{} = {}.get({}, ()) if {}.__class__ is str else ()", taken, table, text, text)
        with writer.body.block("if {}.__class__ is not tuple:", taken):
            writer.body.add("{} = {}({})", taken, taken, self.event)
        return taken

    def _table(self, index: Index, tables: Tables) -> Python:
        table = self.names.fresh(f"by_{index.path.steps[-1]}")
        tables.append((table, self._entries(index)))
        return table

    def _within_bounds(self, writer: ValueWriter, bounds: Bounds, taken: Python, tables: Tables) -> None:
        """Writes what finds the triggers whose bound a number is beyond, and adds them to those that were taken."""
        table = self.names.fresh(f"bounds_of_{bounds.path.steps[-1]}")
        shared: dict[ir.Condition, Python] = {}
        entries = [
            code("({}, {})", literal(number), Python("None") if residual is True else self._shared(residual, shared))
            for _, number, residual in bounds.entries
        ]
        limits = [limit for limit, _, _ in bounds.entries]
        triggers = code("({},)", join(", ", entries))
        tables.append((table, [(literal("limits"), literal(tuple(limits))), (literal("triggers"), triggers)]))
        is_above = bounds.operator in (">", ">=")
        helper = Python("taken_above" if is_above else "taken_below")
        reached = literal(bounds.operator in (">=", "<="))
        number = writer.names.fresh(str(bounds.path.steps[-1]))
        writer.body.add("{} = {}", number, writer.value(bounds.path, null_is_missing=True))
        # Most numbers are beyond none of the bounds, which a look at the nearest says.
        nearest, beyond = literal(limits[0] if is_above else limits[-1]), Python(bounds.operator)
        with writer.body.block("if {}.__class__ in NUMBERS and {} {} {}:", number, number, beyond, nearest):
            self._join(writer.body, taken, code("{}({}, {}, {}, {})", helper, table, number, reached, self.event))

    def _shared(self, residual: Residual, shared: dict[ir.Condition, Python]) -> Python:
        assert not isinstance(residual, bool)
        if residual not in shared:
            shared[residual] = self._test(residual)
        return shared[residual]

    def _entries(self, index: Index) -> list[tuple[Python, Python]]:
        """The entry of a table for each text: the triggers that hold, or a function that returns them."""
        shared: dict[ir.Condition, Python] = {}
        return [(literal(text), self._entry(index, text, left, shared)) for text, left in index.buckets.items()]

    def _entry(self, index: Index, text: str, left: Undecided, shared: dict[ir.Condition, Python]) -> Python:
        if all(residual is True for _, residual in left):
            return literal(tuple(number for number, _ in left))
        first = left[0][1]
        if not isinstance(first, bool) and all(residual == first for _, residual in left):
            # Thousands of triggers may ask the same thing beside their own text: one function asks it.
            numbers = literal(tuple(number for number, _ in left))
            return code("only_if({}, {})", self._shared(first, shared), numbers)
        return self._decision(f"match_{index.path.steps[-1]}_{text}", left)

    def _test(self, condition: ir.Condition) -> Python:
        body = Body(span=condition.span)
        writer = self.values(body)
        writer.enter(ir.EVENT, self.event, [(condition, True)])
        body.add("return {}", writer.condition(condition))
        return self.function("holds", body, self.event)

    def _decision(self, name: str, left: Undecided) -> Python:
        """A function that says which of some triggers hold."""
        body = Body()
        writer = self.values(body)
        writer.enter(ir.EVENT, self.event, _conditions(left))
        self._decide(writer, left)
        return self.function(name, body, self.event)

    def _decide(self, writer: ValueWriter, left: Undecided) -> None:
        if len({atom for _, residual in left for atom in atoms(residual)}) <= MOST_QUESTIONS:
            self._questions(writer, left)
        else:
            self._one_by_one(writer, left)

    def _questions(self, writer: ValueWriter, left: Undecided) -> None:
        """Asks the condition that most triggers share, and continues with their remaining conditions."""
        atom_counts = Counter(atom for _, residual in left for atom in atoms(residual))
        if not atom_counts:
            writer.body.add("return {}", literal(tuple(number for number, residual in left if residual is True)))
            return
        atom = max(atom_counts, key=lambda atom_: atom_counts[atom_])
        writer.body.span = atom.span
        with writer.body.block("if {}:", writer.condition(atom)):
            self._questions(writer, _assumed(left, atom, True))
        self._questions(writer, _assumed(left, atom, False))

    @staticmethod
    def _one_by_one(writer: ValueWriter, left: Undecided) -> None:
        body = writer.body
        body.add("matched = []")
        for number, residual in left:
            if isinstance(residual, bool):
                body.add("matched.append({})", literal(number))
                continue
            body.span = residual.span
            body.note(residual.span.text)
            with body.block("if {}:", writer.condition(residual)):
                body.add("matched.append({})", literal(number))
        body.add("return tuple(matched)")


def _conditions(left: Undecided) -> list[tuple[ir.Value, bool]]:
    """The remaining condition, as reads are planned for it."""
    return [(residual, True) for _, residual in left if not isinstance(residual, bool)]


def _assumed(left: Undecided, atom: Atom, outcome: bool) -> Undecided:
    rest = [(number, assume(residual, atom, outcome)) for number, residual in left]
    return [(number, residual) for number, residual in rest if residual is not False]
