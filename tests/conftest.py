"""Every function and command starts with `shared.bootstrap`, which hands over the systems' titles: so do the
tests, whichever of them runs first."""

import shared.bootstrap  # noqa: F401
