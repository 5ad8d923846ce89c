"""How the whole suite runs: Hypothesis tries the same examples everywhere, so that a change is judged by itself.

`HYPOTHESIS_PROFILE=search` looks for new ones.
"""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings

settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: what runs whole programs waits for them a third of its time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """The tests themselves are no garbage: ten thousand of them need not be looked through again and again."""
    gc.collect()
    gc.freeze()
