"""Settings that every test shares: a home of its own, made before Django reads its settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings
from hypothesis import settings as examples
from xdist.scheduler import LoadScopeScheduling

_home = tempfile.mkdtemp(prefix="tirek-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["TIREK_HOME"] = _home
os.environ.setdefault("TIREK_LOG", "WARNING")
# Named here and not in pyproject.toml: pytest-django would read that one before this file has made the home.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tirek.config.settings")
Path(_home, "data", "static").mkdir(parents=True)
if settings.configured and "tirek-test-" not in str(settings.HOME.root):
    raise pytest.UsageError(
        "DJANGO_SETTINGS_MODULE is set in the environment: unset it, or tests work in your own home"
    )
django.setup()
# CI says the same of the same code; everybody else looks at new examples each time.
if os.environ.get("TIREK_NO_SKIP"):
    examples.load_profile("ci")

pytest_plugins = ["tests.fixtures"]

NEEDS_OUTSIDE = {"browser", "reference", "postgres", "mosquitto"}


class SharedTirek(LoadScopeScheduling):
    """Browser tests run from the beginning, those that share a Tirek one after another: the walk over all pages, and the stories.

    Of xdist's own ways, `--dist loadgroup` would do this, but it groups nothing since pytest 9.2 (pytest-xdist issue 1386).
    """

    def _split_scope(self, nodeid):
        if nodeid.startswith("tests/browser/test_walk.py"):
            return "walk"
        return "stories" if nodeid.startswith("tests/browser/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return SharedTirek(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI (TIREK_NO_SKIP) a test that was skipped for want of something that CI promises to have, has failed."""
    report = yield
    marks = NEEDS_OUTSIDE & {mark.name for mark in item.iter_markers()}
    if os.environ.get("TIREK_NO_SKIP") and report.skipped and marks:
        report.outcome = "failed"
        report.longrepr = f"skipped, but CI must run it ({', '.join(sorted(marks))}): {report.longrepr}"
    return report
