"""What every process of an installation pays for when it starts, and starts again after it died."""

from __future__ import annotations

import os
import subprocess
import sys

#: Seconds and hundreds of megabytes each; whoever computes or reads a file imports them then.
HEAVY = ("numba", "scipy", "pandas", "pyarrow", "matplotlib")

START = """
import sys
import django
django.setup()
import tirek.config.urls
print(*[name for name in {names!r} if name in sys.modules])
"""


def test_no_process_starts_with_the_engines(tmp_path):
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tirek.config.settings", "TIREK_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", START.format(names=HEAVY)],
        env=env, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.split() == []
