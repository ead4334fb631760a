"""The open files of an editor, and the publication of their findings."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError, JsonRpcInvalidParams
from pygls.uris import to_fs_path

from ..authoring.evaluation.event_runs import Chosen, EventRuns, Look
from ..authoring.evaluation.test_runs import TestRun
from ..authoring.knowledge import Knowledge
from ..authoring.recorded_examples import RecordedExamples
from ..authoring.workspace import Stale, Workspace
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.rule_error import RuleError
from ..dsl.source import Source
from ..loading.pipeline import SettingsRefused
from ..profile.profile import profile
from ..version import VERSION
from . import conversions
from .faults import FaultShowingServer, Protocol

Result = TypeVar("Result")

DELAY = 0.04
"""Seconds of silence after a keystroke before a file is checked."""
EVENTS_DELAY = 0.9
"""Seconds of silence after a check before the rules are held against all recorded events."""


class RulesServer(FaultShowingServer):
    """The open files, and what is known of events."""

    def __init__(self, events: Sequence[bytes] | None = None, events_name: str = "", delay: float = DELAY) -> None:
        incremental = types.TextDocumentSyncKind.Incremental
        super().__init__("rulewright", VERSION, text_document_sync_kind=incremental, protocol_cls=Protocol)
        self.files = Workspace(events, events_name)
        if events is not None:
            self.files.knowledge = Knowledge(None, profile(events), RecordedExamples.of(events))
        self.delay = delay
        self.published: dict[str, list[Diagnostic]] = {}
        """The findings of each file that was checked, by its address."""
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._unchecked: set[str] = set()
        self.background = ThreadPoolExecutor(max_workers=1)
        """For work of seconds, one piece after the other."""
        self.ran: dict[tuple[str, str], TestRun] = {}
        """The result of each test since the last edit, by file and name."""
        self.changes = 0
        """How often a text has changed."""
        self.runs = EventRuns(events, events_name) if events else None
        self.chosen: Chosen | None = None
        """The event whose values are shown."""
        self.looks: dict[Path, Look] = {}
        """What rules do to the recorded events, by rule file."""

    def open_file(self, given: Any, wanted: str) -> str:
        """The URI of an open file in the arguments of a command. Raises JsonRpcInvalidParams for any other file."""
        uri = given.get("uri") if isinstance(given, dict) else None
        if not isinstance(uri, str) or uri not in self.workspace.text_documents:
            raise JsonRpcInvalidParams(f"expected {wanted}")
        return uri

    def source(self, uri: str) -> Source:
        """The text of an open file, with `\\n` for every line end: positions do not depend on line ends."""
        text = self.workspace.get_text_document(uri).source
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return Source(str(path_of(uri)), text)

    def tree(self, uri: str) -> ast.File:
        """The items of a file; their spans are valid until its text changes."""
        return self.files.tree(path_of(uri))

    def changed(self, uri: str) -> None:
        """Note that the text of a file changed; it is checked after a pause without changes."""
        self.files.put(path_of(uri), self.source(uri).text)
        self._unchecked.add(uri)
        self.changes += 1
        self.ran.clear()
        self._forget_waiting(uri)
        task = asyncio.get_running_loop().create_task(self._check_soon(uri))
        task.add_done_callback(self._checked)
        self._waiting[uri] = task

    def closed(self, uri: str) -> None:
        """Note that a file is closed; its findings are no longer published."""
        self._forget_waiting(uri)
        self._unchecked.discard(uri)
        self.files.close(path_of(uri))
        self.published.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def findings(self, uri: str) -> list[Diagnostic]:
        """The findings of a file with its current text, which is checked now if it was not yet."""
        if uri in self._unchecked:
            self.check(uri)
        return self.published.get(uri, [])

    def check(self, uri: str) -> None:
        """Publishes the findings of a file, and of those that it includes, without recorded events."""
        self._unchecked.discard(uri)
        self._publish(uri, self.files.check(path_of(uri)))

    def _forget_waiting(self, uri: str) -> None:
        before = self._waiting.pop(uri, None)
        if before is not None:
            before.cancel()

    def _checked(self, task: asyncio.Task[None]) -> None:
        fault = None if task.cancelled() else task.exception()
        if isinstance(fault, Exception):
            self.report_server_error(fault, JsonRpcInternalError)

    async def _check_soon(self, uri: str) -> None:
        await asyncio.sleep(self.delay)
        self.findings(uri)
        if self.files.has_events:
            await asyncio.sleep(EVENTS_DELAY)
            await self._hold_against_events(uri)

    async def _hold_against_events(self, uri: str) -> None:
        """In a thread, because it may take seconds; the next keystroke cancels it."""
        is_stale = threading.Event()
        try:
            await self.look(uri, is_stale.is_set)
            self._publish(uri, await self.aside(self.files.check_on_events, path_of(uri), is_stale.is_set))
        except Stale:
            return
        except asyncio.CancelledError:
            is_stale.set()
            raise

    async def look(self, uri: str, is_stale: Callable[[], bool] = lambda: False) -> None:
        """Runs the rules on recorded events, and has the editor show the results. Raises Stale."""
        runs = self.runs
        if runs is None:
            return
        root = self.files.root_of(path_of(uri))
        try:
            self.looks[root] = await self.aside(runs.look, root, self.files.texts(), self.chosen, is_stale)
        except (RuleError, SettingsRefused):
            return
        self.refresh()

    def runs_on_events(self) -> EventRuns:
        """Runs of the rules on events; without recorded events, on those that somebody gives as text."""
        if self.runs is None:
            self.runs = EventRuns((), "-")
        return self.runs

    async def aside(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Runs a call that takes seconds in a thread, one call after the other, and returns its result."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self.background, context.run, work, *arguments)

    def refresh(self) -> None:
        """Have the editor ask for lenses and hints again, if it supports that."""
        able = self.client_capabilities.workspace
        if able is not None and able.code_lens is not None and able.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)
        if able is not None and able.inlay_hint is not None and able.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def _publish(self, uri: str, findings_by_file: Mapping[Path, list[Diagnostic]]) -> None:
        for name, findings in findings_by_file.items():
            address = uri if name == path_of(uri) else name.absolute().as_uri()
            if findings or address in self.published or address == uri:
                self.published[address] = findings
                shown = [conversions.diagnostic(finding) for finding in findings]
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(address, shown))


def path_of(uri: str) -> Path:
    """The path of a URI; a name for a text without a file."""
    return Path(to_fs_path(uri) or uri.rpartition(":")[2])
