"""Headless Chromium, for every test that looks at pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-unsafe-swiftshader", "--use-angle=swiftshader",
    "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip


def chromium_or_skip() -> Path:
    """Where Chromium is; skips the test where there is none."""
    pytest.importorskip("playwright.sync_api")
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    pytest.skip("no Chromium on this machine")
