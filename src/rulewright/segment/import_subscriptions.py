"""Segment subscriptions to a rule file as a person would have written it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..catalog import catalog
from ..compiler.catalog import ActionSchema, DestinationSchema
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import RuleError
from ..dsl.format.printer import item_to_text
from .defaults import lines_of
from .import_mapping import decoded
from .import_trigger import ImportedTrigger, Misreading, import_trigger
from .mapping_reader import Reader
from .payload import EVENT, reach
from .problems import Place, SegmentFormatError
from .rule_text import rule_text
from .segment_reading import reading_of
from .segment_trigger import SegmentFailure, read_as_segment
from .subscriptions import Subscription, read_subscriptions

DESTINATION = "amplitude"
_WIDTH = 100
_NOTES = {
    "on conflict": "`on conflict fold`: Segment sends plain user properties beside `$set`, which Amplitude forbids; "
    "here they move into `$set`.",
    "insert_id": "`insert_id = omit`: Segment sends none. Without that line it is the messageId, and a retry is "
    "never counted twice.",
    "products": "`products`: Segment reads `productId` alone; by default `product_id` is read as well.",
}
"""What a reader may wonder at, said once at the head of the file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should know about one subscription."""

    mapping: str
    sentence: str
    misreading: Misreading | None = None


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A rule file, and what was found on the way."""

    text: str
    findings: tuple[Finding, ...]


def import_subscriptions(document: Any) -> str:
    """The text of a rule file for Segment's subscriptions: decoded JSON, or JSON text.

    The rules give for every event what Segment's own code gives, but for the divergences that are documented.
    Raises SegmentFormatError for what is no list of subscriptions, and for a mapping without a form in the language.
    """
    return import_file(document).text


def import_file(document: Any) -> ImportedFile:
    """The same, with what was found."""
    destination = catalog().destinations[DESTINATION]
    blocks, findings, notes = [], list[Finding](), set[str]()
    for subscription in read_subscriptions(decoded(document)):
        block = _Block(subscription, destination)
        blocks.append(block.text())
        findings.extend(block.findings)
        notes.update(block.notes)
    head = "# Imported from Segment.\n"
    head += "".join(f"{_comment(text)}\n" for key, text in _NOTES.items() if key in notes)
    return ImportedFile("\n\n".join([f"{head}destination {DESTINATION}", *blocks]) + "\n", tuple(findings))


class _Block:
    """One subscription on its way to a mapping, with the comments above it."""

    def __init__(self, subscription: Subscription, destination: DestinationSchema) -> None:
        self.subscription = subscription
        self.destination = destination
        self.comments: list[str] = []
        self.findings: list[Finding] = []
        self.notes: set[str] = set()

    def text(self) -> str:
        subscription = self.subscription
        action = self.destination.actions.get(subscription.action)
        if action is None:
            sentence = f"{self.destination.title} has no action `{subscription.action}`"
            raise SegmentFormatError(sentence, (*subscription.place, "partnerAction"))
        condition = self._condition()
        enabled = subscription.enabled and condition is not None
        when = ast.When(condition if condition is not None else ast.Literal(False))
        body = (when, *self._fields(action), *self._conflict(action))
        mapping = ast.Mapping(subscription.name, subscription.action, body, enabled)
        return "\n".join([*map(_comment, self.comments), item_to_text(mapping)])

    def _find(self, sentence: str, misreading: Misreading | None = None) -> None:
        self.findings.append(Finding(self.subscription.name, sentence, misreading))

    # --- the trigger -----------------------------------------------------------------------------------------------

    def _condition(self) -> ast.Expression | None:
        """What the trigger means; None for one that neither side can read, so that nothing is sent."""
        try:
            imported = import_trigger(self.subscription.trigger)
        except RuleError as error:
            return self._not_fql(error)
        if imported.misreading is not None:
            self._report(imported, imported.misreading)
        return imported.condition

    def _report(self, imported: ImportedTrigger, misreading: Misreading) -> None:
        reasons = "; ".join(misreading.reasons)
        rule = "takes" if misreading.meant else "does not take"
        segment = "does not" if misreading.meant else "sends it"
        event = json.dumps(misreading.event, ensure_ascii=False)
        verb = "cannot read" if misreading.segment is None else "misreads"
        self.comments.append(f"Segment {verb} this trigger: {reasons}.")
        if misreading.segment is not None:
            self.comments.append(f"It reads: {misreading.segment}")
        self.comments.append(f"For example, this rule {rule} {event}, and Segment {segment}.")
        self._find(f"Segment {verb} the trigger: {reasons}", misreading)

    def _not_fql(self, error: RuleError) -> ast.Expression | None:
        trigger = " ".join(self.subscription.trigger.split())
        self.comments.append(f"This trigger is no FQL: {trigger}")
        why = f"the trigger is no FQL: {error.diagnostics[0].message}"
        try:
            tree = read_as_segment(self.subscription.trigger)
        except SegmentFailure:
            self.comments.append("Segment cannot read it either, and sends nothing.")
            self._find(f"{why}; Segment sends nothing, nor does the rule")
            return None
        self.comments.append("What stands below is what Segment makes of it.")
        self._find(f"{why}; the rule says what Segment makes of it")
        return reading_of(tree)

    # --- the fields ------------------------------------------------------------------------------------------------

    def _fields(self, action: ActionSchema) -> Iterator[ast.Statement]:
        given = self._given(action)
        defaults = self.destination.defaults(action.name)
        assigned = [] if defaults is None else [line for line in defaults.body if isinstance(line, ast.Assign)]
        lines = lines_of(given, {line.field: line.value for line in assigned})
        if lines.use_defaults:
            yield ast.UseDefaults()
            self.notes.update(name for name in ("insert_id", "products") if name in lines.fields)
        for name, value in lines.fields.items():
            yield ast.Assign(name, value)

    def _given(self, action: ActionSchema) -> dict[str, ast.Expression]:
        """The mapping's own fields; one that the action does not know is left out, as Segment leaves it out."""
        place: Place = (*self.subscription.place, "mapping")
        whole = Reader(EVENT).whole(self.subscription.mapping, place)
        known = [field.name for field in action.fields]
        if not isinstance(whole, ast.Object):
            return {name: reach(whole, (name,)) for name in known}
        given = {entry.key: entry.value for entry in whole.entries}
        for name, value in given.items():
            if not isinstance(value, ast.Path | ast.Literal):
                rule_text(value, (*place, name))
        for name in [name for name in given if name not in known]:
            del given[name]
            self.comments.append(f"{action.name} has no field `{name}`, so Segment leaves it out.")
            self._find(f"{action.name} has no field `{name}`")
        return given

    def _conflict(self, action: ActionSchema) -> Iterator[ast.Statement]:
        if any(field.name in ("user_properties", "group_properties") for field in action.fields):
            self.notes.add("on conflict")
            yield ast.OnConflict("fold")


def _comment(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False)
