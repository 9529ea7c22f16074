"""The facts that everything else uses: links, sides, events, outcomes. Plain data, no ports, no I/O."""
