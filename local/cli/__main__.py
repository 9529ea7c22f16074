"""`python -m local.cli`."""

from local.cli.main import app

app()
