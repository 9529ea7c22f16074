"""The ways to stop in silence: how each is made here, and within what time it must be told."""

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

KNOWN: dict[str, tuple[str, float]] = {
    "schedule off": ("poll schedule off", HOUR),
    "mapping disabled": ("SalesOrderQueue", HOUR),
    "concurrency 0": ("poll concurrency 0", HOUR),
    "hook dead": ("hook dead", DAY),
    "token idle": ("warning", DAY),
    "sweep unfinished": ("sweep stopped", DAY),
    "dead letters ageing": ("ageing", 10 * DAY),
    "clock wrong": ("clock wrong", 15 * MINUTE),
    "queue undrained": ("PollQueue", HOUR),
    "gate left closed": ("poll_stopped", HOUR),
    "wrong stack's alarm": ("neighbour", HOUR),
    "list filter dropped": ("filter dropped", 15 * MINUTE),
    "disk full": ("disk full", 15 * MINUTE),
    "brake forgotten": ("poll_stopped", HOUR),
    "log not written": ("Errors", 15 * MINUTE),
}
"""Those that were asked for: the kind of fault that makes it, and its interval in seconds."""

OURS: dict[str, tuple[str, float]] = {
    "the sweep's schedule is switched off": ("sweep schedule off", 26 * HOUR),
    "the digest's schedule is switched off": ("digest schedule off", 26 * HOUR),
    "an entity's concurrency is 0": ("AccountQueue", HOUR),
    "a schedule cannot call its function": ("ClockDeadLetters", 5 * MINUTE),
    "a dead letter": ("SalesOrderDeadLetters", 5 * MINUTE),
}
