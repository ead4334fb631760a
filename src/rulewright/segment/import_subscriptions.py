"""Converts Segment's subscriptions to a rule file as a person would write it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..compiler.catalog import ActionSchema, DestinationSchema
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.format.printer import item_to_text
from ..dsl.rule_error import RuleError
from ..loading.catalog import catalog
from ..loading.pipeline import check_files
from ..loading.rule_files import read_rules_text
from ..printable import printable
from .defaults import lines_of
from .import_settings import import_settings
from .mappings.import_mapping import decoded
from .mappings.mapping_reader import MappingReader
from .mappings.payload import EVENT, reach
from .problems import JsonPath, SegmentFormatError, raise_problems
from .rule_text import rule_text
from .subscriptions import Subscription, read_export
from .triggers.import_trigger import ImportedTrigger, Misreading, as_segment_reads, import_trigger

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
    """Something that a person should know about one subscription, or about the settings."""

    mapping: str | None
    sentence: str
    misreading: Misreading | None = None


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A rule file, and what was found on the way."""

    text: str
    findings: tuple[Finding, ...]


def import_subscriptions(document: Any) -> str:
    """Convert Segment's subscriptions, as decoded JSON or JSON text, to the text of a rule file.

    Except for the documented divergences, the rules give the same result as Segment's own code for every event. A
    subscription with a problem does not affect the others: a comment names the problem, and its mapping is disabled.

    Raises SegmentFormatError with all problems if there are no subscriptions or none can be written.
    Source: @segment/actions-core (mapping-kit) and @segment/destination-subscriptions.
    """
    return import_file(decoded(document)).text


def import_file(document: Any) -> ImportedFile:
    """The same for decoded JSON, with what was found."""
    destination = catalog().destinations[DESTINATION]
    export = read_export(document)
    blocks = [_Block(subscription, destination) for subscription in export.subscriptions]
    texts = [block.text() for block in blocks]
    if not any(block.written for block in blocks):
        raise_problems([problem for block in blocks for problem in block.problems])
    notes = {note for block in blocks for note in block.notes}
    head = "# Imported from Segment.\n"
    head += "".join(f"{_comment(text)}\n" for key, text in _NOTES.items() if key in notes)
    settings, sentences = import_settings(export.settings, export.settings_place, destination)
    findings = [Finding(None, sentence) for sentence in sentences]
    findings += [finding for block in blocks for finding in block.findings]
    parts = [f"{head}destination {DESTINATION}", *map(item_to_text, filter(None, [settings])), *texts]
    return ImportedFile("\n\n".join(parts) + "\n", tuple(findings))


class _Block:
    """One subscription on its way to a mapping, with the comments above it."""

    def __init__(self, subscription: Subscription, destination: DestinationSchema) -> None:
        self.subscription = subscription
        self.destination = destination
        self.comments: list[str] = []
        self.findings: list[Finding] = []
        self.notes: set[str] = set()
        self.problems = list(subscription.problems)
        """What keeps the mapping from being what Segment has."""
        self.whole = True
        """Whether the mapping was read without a problem; one that was not is switched off, as Segment refuses it."""
        self.written = False
        """Whether there is a mapping, on or off."""

    def text(self) -> str:
        subscription = self.subscription
        action = self.destination.actions.get(subscription.action)
        if action is None:
            if subscription.action:
                reason = f"{self.destination.title} has no action `{subscription.action}`"
                self.problems.append(SegmentFormatError(reason, (*subscription.place, "partnerAction")))
            self._tell_problems()
            return "\n".join(map(_comment, [f'"{subscription.name}" could not be imported.', *self.comments]))
        condition = self._condition() if subscription.trigger else None
        body = (ast.When(condition or ast.Literal(False)), *self._fields(action), *self._conflict(action))
        self._tell_problems()
        enabled = subscription.enabled and condition is not None and self.whole
        self.written = True
        mapping = item_to_text(ast.Mapping(subscription.name, subscription.action, body, enabled))
        if errors := _errors(mapping):
            # One mapping with an error would keep the whole file from being loaded.
            mapping = textwrap.indent(mapping, "# ", predicate=lambda _: True)
            for error in errors:
                self.comments.append(f"An error in these rules: {error.message}.")
                self._find(f"the mapping is commented out: {error.message}")
        return "\n".join([*map(_comment, self.comments), mapping])

    def _tell_problems(self) -> None:
        for problem in self.problems:
            self.comments.append(f"{problem}.")
            self._find(str(problem))

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
        verb = "cannot read" if misreading.segment is None else "misreads"
        self.comments.append(f"Segment {verb} this trigger: {reasons}.")
        if misreading.segment is not None:
            self.comments.append(f"It reads: {misreading.segment}")
        if misreading.event is None:
            self.comments.append("No event was found that only one of the two takes, nor a proof that there is none.")
        else:
            rule = "takes" if misreading.meant else "does not take"
            segment = "does not" if misreading.meant else "sends it"
            event = json.dumps(misreading.event, ensure_ascii=False)
            self.comments.append(f"For example, this rule {rule} {event}, and Segment {segment}.")
        self._find(f"Segment {verb} the trigger: {reasons}", misreading)

    def _not_fql(self, error: RuleError) -> ast.Expression | None:
        trigger = " ".join(self.subscription.trigger.split())
        self.comments.append(f"This trigger is not FQL: {trigger}")
        why = f"the trigger is not FQL: {error.diagnostics[0].message}"
        reading = as_segment_reads(self.subscription.trigger)
        if reading is None or reading == ast.Literal(False):
            self.comments.append("Segment sends nothing for it.")
            self._find(f"{why}; Segment sends nothing, nor does the rule")
            return None
        self.comments.append("The condition below is what Segment makes of it.")
        self._find(f"{why}; the rule says what Segment makes of it")
        return reading

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
        place: JsonPath = (*self.subscription.place, "mapping")
        reader = MappingReader(EVENT)
        whole = reader.whole(self.subscription.mapping, place)
        known = [field.name for field in action.fields]
        given = (
            {entry.key: entry.value for entry in whole.entries}
            if isinstance(whole, ast.Object)
            else {name: reach(whole, (name,)) for name in known}
        )
        unwritten = [name for name, value in given.items() if not self._can_be_written(value, (*place, name), reader)]
        # Segment leaves out a field that is an empty text, whatever its type.
        given = {name: value for name, value in given.items() if name not in unwritten and value != ast.Literal("")}
        for name in [name for name in given if name not in known]:
            del given[name]
            sentence = f"{action.name} has no field `{printable(name)}`"
            self.comments.append(f"{sentence}, so Segment leaves it out.")
            self._find(sentence)
        self.whole = not reader.problems
        self.problems += [*reader.problems, *reader.notes]
        return given

    @staticmethod
    def _can_be_written(value: ast.Expression, place: JsonPath, reader: MappingReader) -> bool:
        try:
            rule_text(value, place)
        except SegmentFormatError as problem:
            reader.problems.append(problem)
            return False
        return True

    def _conflict(self, action: ActionSchema) -> Iterator[ast.Statement]:
        if any(field.name in ("user_properties", "group_properties") for field in action.fields):
            self.notes.add("on conflict")
            yield ast.OnConflict("fold")


def _errors(mapping: str) -> list[Diagnostic]:
    _, diagnostics = check_files(read_rules_text(f"destination {DESTINATION}\n\n{mapping}\n"))
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]


def _comment(text: str) -> str:
    return textwrap.fill(printable(text), _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False)
