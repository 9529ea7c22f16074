"""One function for each sentence that says what became of a record, in words that a bookkeeper understands.

By idea: what the flow says (`by_flow`), what was deleted or merged (`gone`), which records belong together
(`pairing`), what a lost answer leaves open (`lost_answers`), what a record waits for (`waiting`), what was
written (`written`), and what could not be finished (`unfinished`). The names of the rules are in `rules`.
"""
