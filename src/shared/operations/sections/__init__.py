"""What of a rule file is no field: value tables, conditions, requirements, fixed values, lines and prices.
Each is a section that a form shows and changes; whatever a form has no place for stays as it is written."""
