"""Loads the Hypothesis profile that HYPOTHESIS_PROFILE names, before any test is made."""

from tests.properties import profiles

profiles.load()
