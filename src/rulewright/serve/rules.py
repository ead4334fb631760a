"""The rules of a server: loaded at the start, and again when a file changes or SIGHUP comes, if they check clean."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from ..dsl.rule_error import RuleError
from ..files.file_access import FileRefused
from ..loading.loader import access_to, load_by
from ..runtime.destination import PLACEHOLDER
from ..runtime.mapper import Mapper

log = logging.getLogger("rulewright.delivery")

LOOK_MILLISECONDS = 1_000
"""How often a thread that watches looks for SIGHUP and for its end."""


class RulesFile:
    """A rule file with what it includes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folders: list[Path] = [path.parent]
        self._read: list[tuple[str, str]] = []

    def load(self) -> tuple[Mapper, str]:
        """The mapper, and the version: a hash of all files that were read. Raises RuleError and ValueError."""
        access = access_to(self.path)
        try:
            mapper = load_by(access, self.path, placeholder=PLACEHOLDER)
        finally:
            self._read = access.digests(sorted(access.asked))
        self.folders = sorted({path.parent.resolve() for path in access.asked if path.parent.is_dir()})
        return mapper, access.fingerprint()

    def has_changed(self) -> bool:
        """Whether a file has another content than at the last load, or is there now and was not, or the reverse.

        Other files in the folders, such as a queue or a log, change all the time.
        """
        try:
            return access_to(self.path).digests(Path(path) for path, _ in self._read) != self._read
        except (FileRefused, OSError):
            return True


class Reloader:
    """Watches the files of rules on a thread of its own, and has the server use new versions."""

    def __init__(
        self,
        rules: RulesFile,
        current: tuple[Mapper, str],
        use: Callable[[Mapper, str], None],
        problem: Callable[[str | None], None],
    ) -> None:
        """`use` is given new rules and their version, and may refuse them with a ValueError.

        `problem` is given the reason why newer ones are not used, or None.
        """
        self._rules = rules
        self._mapper, self._version = current
        self._use = use
        self._problem = problem
        self._asked = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rulewright-rules", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def ask(self) -> None:
        """Reload the files soon, even without a visible change; also from a signal handler."""
        self._asked.set()

    def stop(self) -> None:
        """Stop watching."""
        self._stopping.set()
        self._thread.join()

    def reload(self, *, asked: bool = False) -> bool:
        """Use the current rules if they are new and have no errors, and return whether that is so."""
        try:
            mapper, version = self._rules.load()
            self._require_same(mapper)
            changed = version != self._version
            if changed:
                self._use(mapper, version)
        except RuleError as error:
            first = error.diagnostics[0]
            self._refuse(f"{first.code} {first.message}" if len(error.diagnostics) == 1 else str(error))
            return False
        except (ValueError, OSError) as error:
            self._refuse(str(error))
            return False
        self._problem(None)
        if not changed:
            if asked:
                log.warning("the rules have not changed: version %s stays in use", version)
            return False
        self._mapper, self._version = mapper, version
        log.warning("new rules are used: `%s`, version %s", self._rules.path, version)
        return True

    def _refuse(self, why: str) -> None:
        self._problem(why)
        log.error("the new rules are not used; version %s stays in use: %s", self._version, why)

    def _require_same(self, mapper: Mapper) -> None:
        """Raises ValueError for rules that this server, which is bound to a queue and its keys, cannot use."""
        before, after = self._mapper.program.destination, mapper.program.destination
        if before != after:
            raise ValueError(f"the queue is for `{before}`, not for `{after}`; start a server with another queue")
        if mapper.settings != self._mapper.settings:
            raise ValueError("the settings have changed; start the server again to use them")

    def _run(self) -> None:
        from watchfiles import watch

        while not self._stopping.is_set():
            watched = self._rules.folders
            # What changed between the last reading and the beginning of the watch is told by nobody.
            begins = True
            for changes in watch(
                *watched,
                stop_event=self._stopping,
                rust_timeout=LOOK_MILLISECONDS,
                yield_on_timeout=True,
                recursive=False,
                raise_interrupt=False,
            ):
                asked = self._asked.is_set()
                self._asked.clear()
                if asked or ((changes or begins) and self._rules.has_changed()):
                    self.reload(asked=asked)
                begins = False
                if self._rules.folders != watched:
                    break
