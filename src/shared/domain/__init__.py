"""The facts that everything else speaks of: links, sides, events, outcomes. Plain data, no ports, no I/O."""
