"""`python -m local.cli`, which `.venv/bin/tieout` runs."""

from local.cli.entry import main

main()
