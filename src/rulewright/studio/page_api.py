"""The questions that the page asks, by name, and their answers as plain data from the analysis in `authoring`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..authoring.evaluation.evaluator import Evaluator, evaluation
from ..authoring.evaluation.event_choice import Choice, chosen
from ..authoring.evaluation.recorded_events import RecordedEvents
from ..authoring.evaluation.survey import Survey
from ..authoring.knowledge import Knowledge
from ..authoring.recorded_examples import RecordedExamples
from ..authoring.suggested_changes import suggested_changes
from ..dsl.render.json import diagnostic_data
from ..dsl.rule_error import RuleError
from ..loading.loader import load_by
from ..loading.pipeline import SettingsRefused
from ..profile.profile import profile
from ..runtime.delivery.store.problems import QueueProblem
from ..runtime.destination import PLACEHOLDER
from ..runtime.mapping.event_text import read_event
from ..runtime.semantics.event import Event, JsonObject
from ..segment.problems import SegmentFormatError
from ..testing.acceptance import NotAcceptable
from ..trace.traced_rules import TracedRules
from . import page_commands
from .documents import Documents, NotWritten
from .queue_contents import NotRetried, delivery, fate, retry

Question = Mapping[str, Any]
STEP_SECONDS = 0.15
"""Seconds that one part of a survey works: the page asks for the next part, so a page that is closed ends the work."""
MOST_PROFILED = 5_000
"""The most recorded events from which paths and values are completed."""


class Unanswerable(ValueError):
    """A question that cannot be answered, with one sentence for the person."""


class NotAnEvent(Unanswerable):
    """A text that is not an event, and why."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"this is not an event: {reason}")
        self.text = text


class PageApi:
    """Everything that one studio knows; questions are answered one at a time."""

    def __init__(
        self, documents: Documents, events: Sequence[bytes] = (), events_name: str = "", queue: Path | None = None
    ) -> None:
        self.documents = documents
        self.events = RecordedEvents(events)
        self.events_name = events_name
        self.queue = queue
        self._evaluator = Evaluator(documents.rules)
        self._trials = Evaluator(documents.rules)
        """Of suggested changes."""
        self._survey: Survey | None = None
        self.questions: dict[str, Callable[[Question], JsonObject]] = {
            "session": self.session,
            "evaluate": self.evaluate,
            "survey": self.survey,
            "events": self.list_events,
            "suggest": self.suggest,
            "tests": lambda question: page_commands.run_tests(self.rules(question), documents),
            "accept": self.accept,
            "coverage": lambda question: page_commands.coverage(self.rules(question), documents),
            "event_as_test": self.event_as_test,
            "flow": lambda question: page_commands.flow(self.surveyed(question)),
            "missing_tests": lambda question: page_commands.written_tests(self.rules(question), documents),
            "delivery": lambda question: delivery(self.own_queue(), with_letters=question.get("with_letters") is True),
            "retry": self.retry,
            "fate": lambda question: fate(self.own_queue(), str(question.get("id") or "").strip()),
            "lineage": lambda question: page_commands.lineage(self.rules(question)),
            "import": lambda question: page_commands.imported(str(question.get("document") or "")),
            "save": self.save,
        }

    @cached_property
    def knowledge(self) -> Knowledge:
        """What completion and hover know of the recorded events."""
        lines = self.events.lines[:MOST_PROFILED]
        return Knowledge(None, profile(lines), RecordedExamples.of(lines))

    def answer(self, name: str, question: Question) -> JsonObject:
        """The answer to a question by its name. Raises KeyError for an unknown name, and Unanswerable.

        Rules with errors are an answer as well: `{"findings": [...]}`.
        """
        asked = self.questions[name]
        try:
            return asked(question)
        except RuleError as error:
            return {"findings": [diagnostic_data(diagnostic) for diagnostic in error.diagnostics]}
        except (SettingsRefused, NotAcceptable, NotWritten, SegmentFormatError, QueueProblem, NotRetried) as error:
            raise Unanswerable(str(error)) from None

    def session(self, question: Question) -> JsonObject:
        """What the page begins with."""
        del question
        return {
            "files": self.documents.data(),
            "may_write": self.documents.write,
            "events": {"path": self.events_name, "count": len(self.events)},
            "has_queue": self.queue is not None,
        }

    def rules(self, question: Question) -> TracedRules:
        """The rules as the page has them. Raises RuleError, SettingsRefused and Unanswerable."""
        return self._evaluator.rules(self.documents.paths(_texts(question)))

    def rules_for(self, question: Question, event: Event) -> TracedRules:
        """The same, compiled for one event."""
        return self._evaluator.rules_for(self.documents.paths(_texts(question)), event)

    def evaluate(self, question: Question) -> JsonObject:
        """What the rules make of one event, by its number or as JSON text, or why the text is not an event."""
        try:
            text, event = self.event(question)
        except NotAnEvent as error:
            return {"text": error.text, "problem": str(error)}
        return {"text": text, **evaluation(self.rules_for(question, event), event)}

    def event(self, question: Question) -> tuple[str, Event]:
        """The event that a question is about, and its text. Raises Unanswerable, of a text NotAnEvent."""
        given = question.get("event")
        if isinstance(given, str):
            text = given
        elif type(given) is int and 0 <= given < len(self.events):
            text = self.events.text(given)
        elif type(given) is int:
            raise Unanswerable(f"there are {len(self.events):,} events")
        else:
            raise Unanswerable("expected an event")
        try:
            return text, read_event(given) if isinstance(given, str) else self.events.event(given)
        except ValueError as error:
            raise NotAnEvent(text, str(error)) from None

    def surveyed(self, question: Question) -> Survey:
        """The survey of the rules as the page has them, as far as it is."""
        rules = self.rules(question)
        if self._survey is None or self._survey.rules is not rules:
            self._survey = Survey(rules, self.events)
        return self._survey

    def survey(self, question: Question) -> JsonObject:
        """One more part of the survey, and what is known so far."""
        survey = self.surveyed(question)
        survey.advance(STEP_SECONDS)
        return survey.counts()

    def list_events(self, question: Question) -> JsonObject:
        """The recorded events that fit what is asked."""
        asked = {name: str(question.get(name) or "") for name in ("text", "start", "mapping", "end")}
        offset = question.get("offset")
        return chosen(self.events, self._survey, Choice(**asked), offset if type(offset) is int else 0)

    def suggest(self, question: Question) -> JsonObject:
        """Changes of the rules after which a mapping sends an event."""
        name = str(question.get("mapping") or "")
        _, event = self.event(question)
        texts = self.documents.paths(_texts(question))

        def compiled(changed: dict[str, str]) -> TracedRules:
            return self._trials.rules_for({**texts, **{Path(name): changed[name] for name in changed}}, event)

        changes = suggested_changes(self.rules_for(question, event), event, name, compiled)
        return {"suggestions": [change.data() for change in changes]}

    def own_queue(self) -> Path:
        """The queue that the studio was started with."""
        if self.queue is None:
            raise Unanswerable("the studio was started without --queue")
        return self.queue

    def retry(self, question: Question) -> JsonObject:
        """Dead letters of one code, mapped again by the rules as the page has them."""
        queue = self.own_queue()
        if not self.documents.write:
            raise Unanswerable("the studio was started without --write, so that it changes no queue")
        mapper = load_by(self.documents.access(_texts(question)), self.documents.rules, placeholder=PLACEHOLDER)
        return retry(queue, mapper, str(question.get("code") or ""))

    def event_as_test(self, question: Question) -> JsonObject:
        """The event as a test of what the rules do with it now."""
        _, event = self.event(question)
        return page_commands.saved_as_test(
            self.rules_for(question, event), self.documents, event, str(question.get("name") or "")
        )

    def accept(self, question: Question) -> JsonObject:
        """The edits after which a failing test expects the actual result."""
        texts = self.documents.paths(_texts(question))

        def compiled(changed: Mapping[str, str]) -> TracedRules:
            return self._trials.rules({**texts, **{Path(name): text for name, text in changed.items()}})

        return page_commands.accepted(self.rules(question), self.documents, str(question.get("test") or ""), compiled)

    def save(self, question: Question) -> JsonObject:
        """Writes a given file."""
        name, text, version = (str(question.get(key) or "") for key in ("name", "text", "version"))
        return {"version": self.documents.save(name, text, version)}


def _texts(question: Question) -> dict[str, str]:
    texts = question.get("texts")
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise Unanswerable("expected the texts of the rules")
    return texts


def studio(
    rules: Path,
    events: Sequence[bytes] = (),
    events_name: str = "",
    *,
    write: bool = False,
    queue: Path | None = None,
) -> PageApi:
    """A studio for a rule file and its tests."""
    return PageApi(Documents(rules, write=write), events, events_name, queue)
