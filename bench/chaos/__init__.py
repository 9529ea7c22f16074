"""Everything goes wrong at once on the local stack, with all real processes; in the end it must be right."""
