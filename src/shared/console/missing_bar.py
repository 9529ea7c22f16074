"""The question about records that are missing, with their names and the two answers."""

from html import escape

from shared.operations.missing import Question

NAMED = 500


def missing_bar(action: str, asked: Question, token: str) -> str:
    """`action`: the address of the form, escaped. An answer covers what is shown here: `until` leaves out
    what went missing since."""
    until = max(one.at for one in asked.records).isoformat()
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in {"token": token, "list": asked.key, "until": until}.items()
    )
    names = "".join(f"<li>{escape(one.label or one.id)}</li>" for one in asked.records[:NAMED])
    more = len(asked.records) - NAMED
    rest = f"<li>… and {more} more: <code>tieout deletions --json</code></li>" if more > 0 else ""
    return (
        f'<div class="bar">{escape(asked.text)}<details><summary>All names</summary><ul>{names}{rest}</ul>'
        f'</details><form method="post" action="{action}">{hidden}'
        '<button name="gone" value="yes">They are gone: let it go on</button> '
        '<button name="gone" value="no">They are not gone</button></form></div>'
    )
