"""Settings of all tests: how many examples each law tries, and no cache of the person who runs them."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import ssl
from collections.abc import Iterator
from functools import cache

import hypothesis
import pytest
from hypothesis.internal.conjecture import providers

from .law_examples import limit_examples
from .paths import ROOT

# Before a test module is imported, because some load rules then.
os.environ["RULEWRIGHT_CACHE"] = "off"

# A deadline would make a slow machine fail a test. `--hypothesis-profile` selects a profile: in `quick`, a law tries a
# quarter of the examples that it declares, 25 at most, and tests marked `long` do not run. In `deep`, the default, all
# tests run, and each law tries as many examples as it declares.
for profile in ("deep", "quick"):
    hypothesis.settings.register_profile(profile, deadline=None)
hypothesis.settings.load_profile("deep")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--hypothesis-profile") == "quick":
        # To draw constants of the sources too, each process would read all of them, for seconds.
        # Hypothesis has no setting for it.
        providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture(autouse=True, scope="session")
def one_tls_context() -> Iterator[None]:
    """All clients share one context: to read the certificates of the machine takes longer than most tests send."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


def pytest_collection(session: pytest.Session) -> None:
    """Of several workers, each imports a part of its own first, so that each file is compiled by one of them alone."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    folders = [ROOT / argument for argument in session.config.args]
    files = sorted(file for folder in folders for file in folder.rglob("test_*.py") if "node_modules" not in file.parts)
    number = int(worker["workerid"].removeprefix("gw"))
    for file in files[len(files) * number // worker["workercount"] :] if number else []:
        # What fails or skips the file does so again when it is collected, and is reported then.
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--hypothesis-profile") == "quick":
        limit_examples(items, 25, share=4)
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def pytest_collection_finish() -> None:
    """What the collection of tests leaves stays to the end: to look through it takes the collector half a second."""
    gc.collect()
    gc.freeze()
