"""A window of calls as text, short enough that its row is billed as one unit."""

from shared.domain.call_budget import Window


def spans_text(window: Window) -> str:
    """The first time, then all as milliseconds after it: `1795000000000 0 620 900-1300`."""
    if not window.spans:
        return ""
    spans = sorted(window.spans)
    first = spans[0][0]
    told = [str(a - first) if a == b else f"{a - first}-{b - first}" for a, b in spans]
    return f"{first} {' '.join(told)}"


def slots_text(window: Window) -> str:
    """The first quarter of an hour since 1970, then all after it, with their calls: `1994444 0:1500 1:9`."""
    if not window.slots:
        return ""
    first = min(window.slots)
    told = [f"{slot - first}:{count}" for slot, count in sorted(window.slots.items())]
    return f"{first} {' '.join(told)}"


def window_of(spans: str, slots: str) -> Window:
    """The two texts read again."""
    times, counts = list[tuple[int, int]](), dict[int, int]()
    first, *rest = spans.split(" ")
    since = int(first or 0)
    for one in rest:
        begin, _, end = one.partition("-")
        times.append((since + int(begin), since + int(end or begin)))
    first, *rest = slots.split(" ")
    since = int(first or 0)
    for one in rest:
        slot, _, count = one.partition(":")
        counts[since + int(slot)] = int(count)
    return Window(tuple(times), counts)
