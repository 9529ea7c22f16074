"""A customers' card index: the whole of a system that Tieout does not know, as somebody would add it."""
