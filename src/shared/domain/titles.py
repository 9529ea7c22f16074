"""What people call systems, records and fields, for every sentence that a person reads."""

_TITLES = {
    "sugarcrm": "SugarCRM",
    "vtiger": "Vtiger",
    "sage_sales_management": "Sage Sales Management",
    "sage_50": "Sage 50",
    "sage_accounting": "Sage Accounting",
}


def title(system: str) -> str:
    """The product's name; a system of one's own keeps its identifier."""
    return _TITLES.get(system, system)


def titles(systems: list[str]) -> str:
    """ "Vtiger and Sage Accounting"."""
    return " and ".join(map(title, systems))


def words(name: str) -> str:
    """A record's or a field's name as people write it: "sales order", "VAT number"."""
    return " ".join("VAT" if word == "vat" else word for word in name.split("_"))


def one(entity: str) -> str:
    """ "a sales order", "an account"."""
    return f"{'an' if entity[0] in 'aeiou' else 'a'} {words(entity)}"
