"""Where the program begins: it imports nothing of ours, so that Ctrl-C ends quietly from the first moment."""

import gc
import sys

RARELY = 250_000
"""Objects made before the memory is searched for those that nobody uses: what a command imports stays in use,
and looking through it over and over is a tenth of what a short one takes."""


def main() -> None:
    """Named `tieout` in whatever it says, however it was started."""
    gc.set_threshold(RARELY)
    try:
        from local.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
