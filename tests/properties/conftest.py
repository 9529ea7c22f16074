"""Hypothesis profiles: a short one for every run of the tests, a long one for the nights (HYPOTHESIS_PROFILE=long)."""

import os

from hypothesis import HealthCheck, settings

CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile("short", max_examples=100, stateful_step_count=20, deadline=None, derandomize=True,
                          suppress_health_check=CHECKS, database=None)
settings.register_profile("long", max_examples=5000, stateful_step_count=40, deadline=None, print_blob=True,
                          suppress_health_check=CHECKS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))
