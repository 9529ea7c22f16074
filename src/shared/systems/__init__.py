"""The connectors, one folder per system. What the rest of Tieout needs to know about one is in its
`manifest.py`; `registry.py` reads that, and `shared.bootstrap` is the only module that asks it.

A folder counts only if its name is listed here: what runs with the credentials of two companies is named on
purpose.
"""

SYSTEMS = (
    "sugarcrm",
    "sage_50",
    "sage_accounting",
    "vtiger",
    "sage_sales_management",
)
"""A new system is one folder, and one line here."""
