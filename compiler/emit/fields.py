"""Fields of a mapping to Python: a value that its field accepts is stored at once, every other goes through `put`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...dsl.ast import Scalar
from .. import ir
from ..plan.mapping_plan import Create, Level, Part, Path, Place, Result, Store
from ..plan.place_fields import entries
from ..value_types import kinds
from .python_code import Python, code, join, literal, literal_object
from .reads import Reads
from .type_guards import Always, Coerce, Guard, is_present, type_guard
from .values import ValueWriter

_PUT: dict[Level, Python] = {"top": Python("put"), "inside": Python("put_inside"), "item": Python("put_inside")}


class FieldWriter:
    """Writes the computed parts of one mapping's plan."""

    def __init__(self, values: ValueWriter, table: Python) -> None:
        self.values = values
        self.body = values.body
        self.table = table
        """The name under which the generated module knows the action's fields."""
        self._objects: dict[Path, Python] = {(): Python("payload")}
        """The names of the dicts that values are put into, by path."""
        self._control: dict[str, Python] = {}
        """The variables of the control fields."""

    def take_results(self, results: Sequence[Result], copied: Python) -> None:
        """Writes what takes the results of rows."""
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

    def write(self, parts: Sequence[Part]) -> None:
        """Writes parts that fill a payload."""
        self._declare_control(parts)
        for part in parts:
            match part:
                case Create(place, fixed):
                    self._create(place, fixed)
                case Store(value, places):
                    self._at(places, value)
                    self._put(value, places)

    def return_requests(self, arguments: Iterable[Result]) -> None:
        """Writes the call of `build`, with what the parts came to and what is the same for every event."""
        control = [result for result in arguments if result.path]
        given = [self._control.get(result.path[0]) or literal(result.constant) for result in control]
        self.body.add("return build({})", join(", ", [Python("payload"), *given]))

    def _declare_control(self, parts: Sequence[Part]) -> None:
        """A control field is None where it gets no value."""
        names = [place.path[0] for part in parts for place in _places(part) if place.is_control]
        self._control |= {name: self.values.names.fresh(name) for name in names}
        sure = {part.place.path[0] for part in parts if isinstance(part, Create)}
        if unsure := [self._control[name] for name in names if name not in sure]:
            self.body.add("{} = None", join(" = ", unsure))

    def _at(self, places: Sequence[Place], value: ir.Value) -> None:
        """The rule text that the next lines come from, which a comment quotes."""
        self.body.span = value.span
        self.body.field = ".".join(places[0].path)
        names = ", ".join(".".join(place.path) for place in places)
        self.body.note(f"{names} = {value.span.text}")

    # --- one value -------------------------------------------------------------------------------------------------

    def _create(self, place: Place, fixed: tuple[tuple[str, Scalar], ...]) -> None:
        if place.use == "checked":
            return
        target = self._target(place)
        if place.is_control:
            name = target
        else:
            name = self.values.names.fresh(place.path[-1])
            target = code("{} = {}", name, target)
        self._objects[place.path] = name
        self.body.add("{} = {}", target, literal_object(fixed))

    def _target(self, place: Place) -> Python:
        if place.is_control:
            return self._control[place.path[0]]
        return code("{}[{}]", self._objects[place.path[:-1]], literal(place.path[-1]))

    def _put(self, value: ir.Value, places: Sequence[Place]) -> None:
        facts = places[0].facts
        if facts is None:
            self._keep(value, places[0])
        elif isinstance(value, ir.ForEach) and isinstance(value.item, ir.MakeObject) and facts.multiple:
            self._list(value, value.item, places[0])
        else:
            held = self._hold(value, places[0].path[-1], null_is_missing=places[0].null_is_missing)
            self._take(value, held, places)

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

    def _take(self, value: ir.Value, held: Python, places: Sequence[Place]) -> None:
        """Puts a held value into places that take it in the same way."""
        place = places[0]
        possible = self.values.kinds(value)
        present = is_present(value, held, possible, null_is_missing=place.null_is_missing)
        is_check = place.use == "checked"
        match type_guard(place, value, held, possible):
            case Coerce():
                self._under(present, lambda: self._convert(held, places))
            case Always() | Guard(_, is_sure=True) if is_check:
                pass
            case Always():
                self._assign(held, places)
            case Guard(test, is_sure=True):
                self._under(test, lambda: self._assign(held, places))
            case Guard(test) if is_check:
                failed = code("not ({})", test) if present is None else code("{} and not ({})", present, test)
                self._under(failed, lambda: self._convert(held, places))
            case Guard(test):
                with self.body.block("if {}:", test):
                    self._assign(held, places)
                # What is not of the field's own class: `put` makes it so, or refuses.
                with self.body.block("else:") if present is None else self.body.block("elif {}:", present):
                    self._convert(held, places)

    def _under(self, condition: Python | None, write: Callable[[], None]) -> None:
        if condition is None:
            write()
            return
        with self.body.block("if {}:", condition):
            write()

    def _assign(self, held: Python, places: Sequence[Place]) -> None:
        self.body.add("{} = {}", join(" = ", map(self._target, places)), held)

    def _convert(self, held: Python, places: Sequence[Place]) -> None:
        for place in places:
            known = code("{}[{}]", self.table, literal(".".join(place.path)))
            if place.level != "top" and place.use == "checked":
                self.body.add("{}({}, {}, {})", _PUT[place.level], Python("{}"), known, held)
            elif place.level != "top" or place.use == "sent":
                self.body.add("{}({}, {}, {})", _PUT[place.level], self._objects[place.path[:-1]], known, held)
            elif place.use == "checked":
                self.body.add("take({}, {})", known, held)
            elif place.facts is not None and place.facts.type == "datetime":
                self.body.add("{} = {}", self._target(place), held)
            else:
                self.body.add("{} = take({}, {})", self._target(place), known, held)

    def _keep(self, value: ir.Value, place: Place) -> None:
        """A key that the action does not know, whose value is kept whatever it is."""
        self.values.owner = value
        part = self.values.value(value)
        if "missing" in kinds(value):
            held = self.values.names.fresh(place.path[-1])
            with self.body.block("if ({} := {}) is not MISSING:", held, part):
                self.body.add("{} = {}", self._target(place), held)
        else:
            self.body.add("{} = {}", self._target(place), part)

    # --- lists -----------------------------------------------------------------------------------------------------

    def _list(self, each: ir.ForEach, shape: ir.MakeObject, place: Place) -> None:
        """One object for each item, built in place; over anything but a list or an object, the value itself."""
        names = self.values.names
        held = self._hold(each.iterable, place.path[-1], null_is_missing=True)
        with self.body.block("if {}.__class__ is list or {}.__class__ is dict:", held, held):
            items, item, line = names.fresh(place.path[-1]), names.fresh("item"), names.fresh("line")
            self.body.add("{} = {} = []", items, self._target(place))
            with (
                self.body.block("try:"),
                self.body.block("for {} in {} if {}.__class__ is list else [{}]:", item, held, held, held),
            ):
                self.values.enter_item(each, item)
                if each.condition is not None:
                    with self.body.block("if not ({}):", self.values.condition(each.condition)):
                        self.body.add("continue")
                self._line(shape, place, line)
                self.body.add("{}.append({})", items, line)
            with self.body.block("except Exception as failure:"):
                self.body.add("at_item(failure, len({}))", items)
                self.body.add("raise")
        with self.body.block("elif {} is not None and {} is not MISSING:", held, held):
            self._convert(held, [place])

    def _line(self, shape: ir.MakeObject, place: Place, line: Python) -> None:
        assert place.facts is not None
        self._objects[place.path] = line
        self.body.add("{} = {}", line, Python("{}"))
        of_item = Place(place.path, place.facts, "item", "sent", place.span)
        for part in entries(shape, place.facts, of_item):
            match part:
                case Create(inner, fixed):
                    self._create(inner, fixed)
                case Store(value, places):
                    self.body.span, self.body.field = places[0].span, _path_of_item(place, places[0])
                    self._put(value, places)
        self.body.span, self.body.field = place.span, ".".join(place.path)


def _path_of_item(list_: Place, place: Place) -> str:
    """The path of a field of the items of a list, as a failure shows it."""
    return f"{'.'.join(list_.path)}[].{'.'.join(place.path[len(list_.path) :])}"


def _places(part: Part) -> tuple[Place, ...]:
    return (part.place,) if isinstance(part, Create) else part.places
