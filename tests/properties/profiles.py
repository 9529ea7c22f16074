"""Hypothesis profiles. `short`: every run of the tests, with the same examples each time. `long`: for the
nights, at least 5,000 examples of everything (`make test-long`). `find`: many examples and no shrinking,
while working on the engine."""

import os

from hypothesis import HealthCheck, Phase, settings

CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")


def load() -> None:
    settings.register_profile(
        "short",
        max_examples=100,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=CHECKS,
        database=None,
    )
    settings.register_profile(
        "long",
        max_examples=5000,
        stateful_step_count=40,
        deadline=None,
        print_blob=True,
        suppress_health_check=CHECKS,
    )
    settings.register_profile(
        "find",
        max_examples=1000,
        stateful_step_count=30,
        deadline=None,
        print_blob=True,
        database=None,
        suppress_health_check=CHECKS,
        phases=[Phase.generate],
    )
    settings.load_profile(PROFILE)


def examples(short: int) -> settings:
    """What fits into the short profile's time; the others have their own number."""
    return settings(max_examples=short) if PROFILE == "short" else settings()
