"""What people call the systems, for every sentence that a person reads."""

_TITLES = {
    "sugarcrm": "SugarCRM",
    "vtiger": "Vtiger",
    "sage_sales_management": "Sage Sales Management",
    "sage_50": "Sage 50",
    "sage_accounting": "Sage Accounting",
}


def title(system: str) -> str:
    """The product's name; a system that is not listed keeps its identifier."""
    return _TITLES.get(system, system)
