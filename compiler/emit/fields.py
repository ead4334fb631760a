"""Writes the fields of a mapping: an accepted value is stored directly, every other value goes through `put`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...dsl.ast import Scalar
from .. import ir
from ..plan.mapping_plan import CopyResult, Create, Instruction, KeyPath, Store, Target, TargetLevel
from ..plan.place_fields import entries
from ..value_types import kinds
from .python_code import Python, code, join, literal, literal_object
from .reads import Reads
from .type_guards import Always, Coerce, Guard, is_present, type_guard
from .values import ValueWriter

_PUT: dict[TargetLevel, Python] = {"top": Python("put"), "inside": Python("put_inside"), "item": Python("put_inside")}


class FieldWriter:
    """Writes the computed instructions of one mapping's plan."""

    def __init__(self, values: ValueWriter, table: Python) -> None:
        self.values = values
        self.body = values.body
        self.table = table
        """The name under which the generated module knows the action's fields."""
        self._objects: dict[KeyPath, Python] = {(): Python("payload")}
        """The names of the dicts that values are put into, by path."""
        self._control: dict[str, Python] = {}
        """The variables of the control fields."""

    def take_results(self, results: Sequence[CopyResult], copied: Python) -> None:
        """Writes the assignment of the results of the rows, which the code `copied` gives."""
        names = []
        for result in results:
            if result.root != ir.EVENT:
                name = self.values.names.fresh(result.path[-1])
                self.values.roots[result.root] = Reads(name, name)
            elif result.path:
                name = self._control[result.path[0]] = self.values.names.fresh(result.path[-1])
                if result.fixed is not None:
                    self._objects[result.path] = name
            else:
                name = self._objects[()]
            names.append(name)
        self.body.add("{} = {}", join(", ", names) if len(names) > 1 else code("{},", *names), copied)

    def write(self, instructions: Sequence[Instruction]) -> None:
        """Writes instructions that fill a payload."""
        self._declare_control(instructions)
        for instruction in instructions:
            match instruction:
                case Create(target, fixed):
                    self._create(target, fixed)
                case Store(value, targets):
                    self._at(targets, value)
                    self._put(value, targets)

    def require(self, keys: Iterable[str], arguments: Iterable[str]) -> None:
        """Writes the refusal of a payload without one of the keys, and of an argument without a value."""
        tests = [(name, code("{} not in payload", literal(name))) for name in keys]
        tests += [(name, code("{} is None", self._control.get(name, Python("None")))) for name in arguments]
        for name, test in tests:
            with self.body.block("if {}:", test):
                self.body.add("refuse_required({})", literal(name))

    def return_requests(self, arguments: Iterable[CopyResult]) -> None:
        """Writes the call of `build` with the payload, and with control fields that are computed or constant."""
        control = [result for result in arguments if result.path]
        control_values = [self._control.get(result.path[0]) or literal(result.constant) for result in control]
        self.body.add("return build({})", join(", ", [Python("payload"), *control_values]))

    def _declare_control(self, instructions: Sequence[Instruction]) -> None:
        """A control field is None where it gets no value."""
        names = [
            target.path[0] for instruction in instructions for target in _targets(instruction) if target.is_control
        ]
        self._control |= {name: self.values.names.fresh(name) for name in names}
        sure = {instruction.target.path[0] for instruction in instructions if isinstance(instruction, Create)}
        if unsure := [self._control[name] for name in names if name not in sure]:
            self.body.add("{} = None", join(" = ", unsure))

    def _at(self, targets: Sequence[Target], value: ir.Value) -> None:
        """The rule text that the next lines come from, which a comment quotes."""
        self.body.span = value.span
        self.body.field = ".".join(targets[0].path)
        names = ", ".join(".".join(target.path) for target in targets)
        self.body.note(f"{names} = {value.span.text}")

    # --- one value -------------------------------------------------------------------------------------------------

    def _create(self, target: Target, fixed: tuple[tuple[str, Scalar], ...]) -> None:
        if target.use == "checked":
            return
        assigned = self._target(target)
        if target.is_control:
            name = assigned
        else:
            name = self.values.names.fresh(target.path[-1])
            assigned = code("{} = {}", name, assigned)
        self._objects[target.path] = name
        self.body.add("{} = {}", assigned, literal_object(fixed))

    def _target(self, target: Target) -> Python:
        if target.is_control:
            return self._control[target.path[0]]
        return code("{}[{}]", self._objects[target.path[:-1]], literal(target.path[-1]))

    def _put(self, value: ir.Value, targets: Sequence[Target]) -> None:
        facts = targets[0].facts
        if facts is None:
            self._keep(value, targets[0])
        elif isinstance(value, ir.ForEach) and isinstance(value.item, ir.MakeObject) and facts.multiple:
            self._list(value, value.item, targets[0])
        else:
            held = self._hold(value, targets[0].path[-1], null_is_missing=targets[0].null_is_missing)
            self._take(value, held, targets)

    def _hold(self, value: ir.Value, hint: str, *, null_is_missing: bool) -> Python:
        """A name that holds the value; one that is read more than once has a name already."""
        if isinstance(value, ir.Read):
            read = self.values.value(value, null_is_missing=null_is_missing)
            if read.isidentifier():
                return read
        held = self.values.names.fresh(hint)
        self.values.owner = value
        self.values.assign(held, value, null_is_missing=null_is_missing)
        return held

    def _take(self, value: ir.Value, held: Python, targets: Sequence[Target]) -> None:
        """Puts a held value into targets that take it in the same way."""
        target = targets[0]
        possible = self.values.kinds(value)
        present = is_present(value, held, possible, null_is_missing=target.null_is_missing)
        is_check = target.use == "checked"
        match type_guard(target, value, held, possible):
            case Coerce():
                self._under(present, lambda: self._convert(held, targets))
            case Always() | Guard(_, is_sure=True) if is_check:
                pass
            case Always():
                self._assign(held, targets)
            case Guard(test, is_sure=True):
                self._under(test, lambda: self._assign(held, targets))
            case Guard(test) if is_check:
                failed = code("not ({})", test) if present is None else code("{} and not ({})", present, test)
                self._under(failed, lambda: self._convert(held, targets))
            case Guard(test):
                with self.body.block("if {}:", test):
                    self._assign(held, targets)
                # A value of another class: `put` converts or refuses it.
                with self.body.block("else:") if present is None else self.body.block("elif {}:", present):
                    self._convert(held, targets)

    def _under(self, condition: Python | None, write: Callable[[], None]) -> None:
        if condition is None:
            write()
            return
        with self.body.block("if {}:", condition):
            write()

    def _assign(self, held: Python, targets: Sequence[Target]) -> None:
        self.body.add("{} = {}", join(" = ", map(self._target, targets)), held)

    def _convert(self, held: Python, targets: Sequence[Target]) -> None:
        for target in targets:
            known = code("{}[{}]", self.table, literal(".".join(target.path)))
            if target.level != "top" and target.use == "checked":
                self.body.add("{}({}, {}, {})", _PUT[target.level], Python("{}"), known, held)
            elif target.level != "top" or target.use == "sent":
                self.body.add("{}({}, {}, {})", _PUT[target.level], self._objects[target.path[:-1]], known, held)
            elif target.use == "checked":
                self.body.add("take({}, {})", known, held)
            elif target.facts is not None and target.facts.type == "datetime":
                self.body.add("{} = {}", self._target(target), held)
            else:
                self.body.add("{} = take({}, {})", self._target(target), known, held)

    def _keep(self, value: ir.Value, target: Target) -> None:
        """A key that the action does not know, whose value is kept whatever it is."""
        self.values.owner = value
        part = self.values.value(value)
        if "missing" in kinds(value):
            held = self.values.names.fresh(target.path[-1])
            with self.body.block("if ({} := {}) is not MISSING:", held, part):
                self.body.add("{} = {}", self._target(target), held)
        else:
            self.body.add("{} = {}", self._target(target), part)

    # --- lists -----------------------------------------------------------------------------------------------------

    def _list(self, each: ir.ForEach, shape: ir.MakeObject, target: Target) -> None:
        """One object for each item, built in place; over anything but a list or an object, the value itself."""
        names = self.values.names
        held = self._hold(each.iterable, target.path[-1], null_is_missing=True)
        with self.body.block("if {}.__class__ is list or {}.__class__ is dict:", held, held):
            items, item, line = names.fresh(target.path[-1]), names.fresh("item"), names.fresh("line")
            self.body.add("{} = {} = []", items, self._target(target))
            with (
                self.body.block("try:"),
                self.body.block("for {} in {} if {}.__class__ is list else [{}]:", item, held, held, held),
            ):
                self.values.enter_item(each, item)
                if each.condition is not None:
                    with self.body.block("if not ({}):", self.values.condition(each.condition)):
                        self.body.add("continue")
                self._line(shape, target, line)
                self.body.add("{}.append({})", items, line)
            with self.body.block("except Exception as failure:"):
                self.body.add("at_item(failure, len({}))", items)
                self.body.add("raise")
        with self.body.block("elif {} is not None and {} is not MISSING:", held, held):
            self._convert(held, [target])

    def _line(self, shape: ir.MakeObject, target: Target, line: Python) -> None:
        assert target.facts is not None
        self._objects[target.path] = line
        self.body.add("{} = {}", line, Python("{}"))
        of_item = Target(target.path, target.facts, "item", "sent", target.span)
        for instruction in entries(shape, target.facts, of_item):
            match instruction:
                case Create(inner, fixed):
                    self._create(inner, fixed)
                case Store(value, targets):
                    self.body.span, self.body.field = targets[0].span, _path_of_item(target, targets[0])
                    self._put(value, targets)
        self.body.span, self.body.field = target.span, ".".join(target.path)


def _path_of_item(list_: Target, target: Target) -> str:
    """The path of a field of the items of a list, as a failure shows it."""
    return f"{'.'.join(list_.path)}[].{'.'.join(target.path[len(list_.path) :])}"


def _targets(instruction: Instruction) -> tuple[Target, ...]:
    return (instruction.target,) if isinstance(instruction, Create) else instruction.targets
