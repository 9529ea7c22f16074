"""Where the program begins: it imports nothing, so that Ctrl-C ends quietly from the first moment."""

import sys


def main() -> None:
    """Named `tieout` in whatever it says, however it was started."""
    try:
        from local.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
