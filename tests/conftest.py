"""How the whole suite runs: on how many workers, and with the same Hypothesis examples everywhere, so that a change
is judged by itself.

`HYPOTHESIS_PROFILE=search` looks for new ones.
"""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings

gc.disable()  # nothing of what is imported and collected is garbage

settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: what runs whole programs waits for them."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """From here on there is garbage."""
    gc.enable()
