"""Fields of a mapping to Python: what an action can take at once is put in its place, all else goes through `put`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...dsl.ast import Scalar
from .. import ir
from ..plan.mapping_plan import Create, Level, Part, Place, Put, Within, flat, nulls
from ..plan.place_fields import entries
from ..plan.read_planner import Reads
from ..resolve.types import kinds
from .python_code import Python, code, join, literal, literal_object
from .type_guards import is_of_own_class, is_present, is_sure
from .values import ValueWriter

_PUT: dict[Level, Python] = {"top": Python("put"), "inside": Python("put_inside"), "item": Python("put_item")}


@dataclass(frozen=True, slots=True)
class Result:
    """Something that a function which copies gives: the payload (whose path is empty), a steering field, or a value."""

    path: tuple[str, ...]
    fixed: tuple[tuple[str, Scalar], ...] | None
    """What stands in it for every event; None where it is no object that is filled."""
    root: int = ir.EVENT
    """Of a value that is read ahead, the root that stands for it, and `path` is where it is read."""


class FieldWriter:
    """Writes the parts of one mapping's plan."""

    def __init__(self, values: ValueWriter, table: Python, reads: Reads) -> None:
        self.values = values
        self.body = values.body
        self.table = table
        """The name under which the generated module knows the action's fields."""
        self.reads = reads
        self._objects: dict[tuple[str, ...], Python] = {(): Python("payload")}
        """The names of the dicts that values are put into, by path."""
        self._steering: dict[str, Python] = {}

    def write(self, parts: Sequence[Part]) -> None:
        """Writes parts that fill a payload of their own."""
        self.body.add("payload = {}", Python("{}"))
        self.go_on(parts)

    def go_on(self, parts: Sequence[Part]) -> None:
        """Writes parts that fill a payload which is there."""
        self._declare_steering(parts)
        self._parts(parts)

    def return_results(self, results: Iterable[Result]) -> None:
        """Writes the return of what the parts came to."""
        self.body.add("return {}", join(", ", [self._result(one) for one in results]))

    def take_results(self, results: Iterable[Result], copied: Python) -> None:
        """Writes what takes the results of a function that copies."""
        names = []
        for one in results:
            if one.root != ir.EVENT:
                self.values.enter_value(one.root, name := self.values.names.fresh(one.path[-1]))
                names.append(name)
                continue
            if one.path:
                name = self.values.names.fresh(one.path[-1])
                self._steering[one.path[0]] = name
                if one.fixed is not None:
                    self._objects[one.path] = name
            names.append(self._result(one))
        self.body.add("{} = {}", join(", ", names) if len(names) > 1 else code("{},", *names), copied)

    def _result(self, result: Result) -> Python:
        if result.root != ir.EVENT:
            return self.reads.get(result.path, nulls=True)
        return self._steering[result.path[0]] if result.path else self._objects[()]

    def return_requests(self, arguments: Iterable[Result], constants: Mapping[str, Python]) -> None:
        """Writes the call of `build`, with what the parts came to and what is the same for every event."""
        steering = [one.path[0] for one in arguments if one.path]
        given = [self._steering.get(name) or constants.get(name, Python("None")) for name in steering]
        self.body.add("return build({})", join(", ", [Python("payload"), *given]))

    def _declare_steering(self, parts: Sequence[Part]) -> None:
        """A steering field is None where it gets no value."""
        names = [place.path[0] for place in _places(parts) if place.level == "top" and place.use == "steering"]
        self._steering |= {name: self.values.names.fresh(name) for name in names}
        sure = {part.place.path[0] for part in parts if isinstance(part, Create)}
        sure |= {part.places[0].path[0] for part in parts if isinstance(part, Put) and self._is_held_by_field(part)}
        if unsure := [self._steering[name] for name in names if name not in sure]:
            self.body.add("{} = None", join(" = ", unsure))

    def _is_held_by_field(self, part: Put) -> bool:
        """Whether a value is read right into the variable of a steering field, and judged there."""
        place = part.places[0]
        return (
            place.use == "steering"
            and place.level == "top"
            and place.facts is not None
            and _is_read(part.value)
            and not self.values.is_held(part.value)
        )

    def _parts(self, parts: Iterable[Part]) -> None:
        for part in parts:
            match part:
                case Within(path, inner, nulls_):
                    with self.reads.block(path, self.body, nulls=nulls_):
                        self._parts(inner)
                case Create(place, fixed):
                    self._create(place, fixed)
                case Put(value, places):
                    self._at(places, value)
                    if self._is_held_by_field(part):
                        self._steer(value, places[0])
                    else:
                        self._put(value, places)

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
        if place.level == "top" and place.use == "steering":
            name = target
        else:
            name = self.values.names.fresh(place.path[-1])
            target = code("{} = {}", name, target)
        self._objects[place.path] = name
        self.body.add("{} = {}", target, literal_object(fixed))

    def _target(self, place: Place) -> Python:
        if place.level == "top" and place.use == "steering":
            return self._steering[place.path[0]]
        return code("{}[{}]", self._objects[place.path[:-1]], literal(place.path[-1]))

    def _put(self, value: ir.Value, places: Sequence[Place]) -> None:
        facts = places[0].facts
        if facts is None:
            self._keep(value, places[0])
        elif isinstance(value, ir.Each) and isinstance(value.item, ir.MakeObject) and facts.multiple:
            self._list(value, value.item, places[0])
        else:
            held = self._hold(value, places[0].path[-1], nulls=nulls(places[0]))
            self._take(value, held, places)

    def _steer(self, value: ir.Value, place: Place) -> None:
        """Reads a value into the variable of a steering field, which is None where there is no value."""
        held = self._target(place)
        assert place.facts is not None
        possible = self.values.kinds(value)
        self.values.owner = value
        self.values.assign(held, value, nulls=True)
        if place.facts.type == "datetime":
            return
        own = is_of_own_class(place, value, held, possible)
        if own is None:
            self._under(code("{} is not None", held), lambda: self._convert(held, [place]))
        elif not is_sure(place, value, possible):
            self._under(code("{} is not None and not ({})", held, own), lambda: self._convert(held, [place]))
        elif place.facts.type == "string":
            self.body.add("{} = {} or None", held, held)

    def _hold(self, value: ir.Value, hint: str, *, nulls: bool) -> Python:
        """A name that holds the value; one that is read more than once has a name already."""
        if isinstance(value, ir.Read):
            read = self.values.value(value, nulls=nulls)
            if read.isidentifier():
                return read
        held = self.values.names.fresh(hint)
        self.values.owner = value
        self.values.assign(held, value, nulls=nulls)
        return held

    def _take(self, value: ir.Value, held: Python, places: Sequence[Place]) -> None:
        """Puts a held value into places that take it in the same way."""
        place = places[0]
        possible = self.values.kinds(value)
        present = is_present(value, held, possible, nulls=nulls(place))
        own = is_of_own_class(place, value, held, possible)
        is_check = place.use == "checked"
        if own is None:
            self._under(present, lambda: self._convert(held, places))
        elif is_sure(place, value, possible):
            if not is_check:
                self._under(own or None, lambda: self._assign(held, places))
        elif is_check:
            present = code("not ({})", own) if present is None else code("{} and not ({})", present, own)
            self._under(present, lambda: self._convert(held, places))
        else:
            with self.body.block("if {}:", own):
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

    def _list(self, each: ir.Each, shape: ir.MakeObject, place: Place) -> None:
        """One object for each item, built in place; over anything but a list or an object, the value itself."""
        names = self.values.names
        held = self._hold(each.iterable, place.path[-1], nulls=True)
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
                case Put(value, places):
                    self.body.span, self.body.field = places[0].span, _path_of_item(place, places[0])
                    self._put(value, places)
        self.body.span, self.body.field = place.span, ".".join(place.path)


def _path_of_item(list_: Place, place: Place) -> str:
    """The path of a field of the items of a list, as a failure shows it."""
    return f"{'.'.join(list_.path)}[].{'.'.join(place.path[len(list_.path) :])}"


def results_of(parts: Iterable[Part]) -> list[Result]:
    """What parts come to: the payload, and each steering field."""
    created = {part.place.path: part.fixed for part in flat(parts) if isinstance(part, Create)}
    steering = [place.path for place in _places(parts) if place.level == "top" and place.use == "steering"]
    return [Result((), ()), *(Result(path, created.get(path)) for path in dict.fromkeys(steering))]


def arguments_of(parts: Iterable[Part], steering: Iterable[str], constants: Mapping[str, Python]) -> list[Result]:
    """The same in the order of `build`'s parameters, up to the last that has a value."""
    payload, *found = results_of(parts)
    by_name = {one.path[0]: one for one in found}
    given = [by_name.get(name, Result((name,), None)) for name in steering]
    while given and given[-1].path[0] not in by_name and given[-1].path[0] not in constants:
        given.pop()
    return [payload, *given]


def _places(parts: Iterable[Part]) -> Iterable[Place]:
    for part in flat(parts):
        yield from (part.place,) if isinstance(part, Create) else part.places


def _is_read(value: ir.Value) -> bool:
    """Whether a value is what stands at a path, or at the first of some paths."""
    return isinstance(value, ir.Read) or (isinstance(value, ir.Coalesce) and all(map(_is_read, value.values)))
