"""What cannot simply be taken back is confirmed: by a person at the prompt, or with --yes."""

from local.cli._app import Usage


def to_be_confirmed(yes: bool, as_json: bool, *, without: str = "") -> None:
    """Raises Usage for --json alone, in which there is no place for a question: how an answer is shown says
    nothing of whether it is wanted. `without`: the option that shows what would be done."""
    if as_json and not yes:
        shown = f", or {without} to see what would be done" if without else ""
        raise Usage(
            f"This is asked about first, and --json leaves no place for a question: nothing was done. Say "
            f"--yes to do it{shown}."
        )
