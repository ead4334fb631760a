"""The paths that a view needs to notice an event that opts out (see `runtime/opt_outs.py`).

A view is text that was decoded with expectations, and an event with anything else has no view and is read as a whole.
So the view has to be asked only for the keys that may be `false` in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...dsl.ast import Step
from .. import ir
from .view import ViewPlan


def opt_out_reads(own: Sequence[str], reads: Sequence[tuple[Step, ...]]) -> Iterator[tuple[Step, ...]]:
    """The paths that a view needs besides those that rules read; `own` are the destination's keys in `integrations`."""
    known = {steps[:2] for steps in reads}
    return (path for path in _paths(own) if path not in known)


def opt_out_test(own: Sequence[str], view: ViewPlan) -> ir.Condition | None:
    """A condition that is true for each event with a view that opts out; None if no such event can."""
    tested = [path for path in _paths(own) if _may_be_false(view, path)]
    if not tested:
        return None
    return ir.AnyOf(tuple(ir.Compare("=", ir.Read(ir.EVENT, path), ir.Constant(False)) for path in tested))


def _paths(own: Sequence[str]) -> list[tuple[Step, ...]]:
    return [("integrations", key) for key in ("All", *own)] if own else []


def _may_be_false(view: ViewPlan, path: tuple[Step, ...]) -> bool:
    """Whether there is a view of an event that has `false` at the path."""
    field = view.field(path)
    return field is None or (field.inside is None and field.leaf is None)
