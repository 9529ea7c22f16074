"""`python -m local.cli`, which `.venv/bin/tieout` runs."""

from local.cli.main import main

main()
