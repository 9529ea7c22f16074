"""The SQL behind fields that are not simple columns, and the fields that only products newer than SuiteCRM
have.

`{table}` stands for the module's table. Declared fields are written `name:type:length`.
"""

_USER = "(SELECT u.user_name FROM users u WHERE u.id = {table}.{column})"
COMMON_SQL = {
    "assigned_user_name": ("assigned_user_id", _USER),
    "created_by_name": ("created_by", _USER),
    "modified_by_name": ("modified_user_id", _USER),
}
_EMAIL = "(SELECT e.address FROM primary_emails e WHERE e.bean_id = {table}.id)"
_CURRENCY = "(SELECT c.{what} FROM currencies c WHERE c.id = {table}.currency_id)"
_FULL_NAME = "TRIM(COALESCE({table}.first_name, '') || ' ' || COALESCE({table}.last_name, ''))"
COMPUTED: dict[str, dict[str, str]] = {
    "Opportunities": {
        "account_id": "jt0.id",
        "account_name": "jt0.name",
        "currency_name": _CURRENCY.replace("{what}", "name"),
        "currency_symbol": _CURRENCY.replace("{what}", "symbol"),
    },
    "Contacts": {
        "account_id": "jt0.id",
        "account_name": "jt0.name",
        "email1": _EMAIL,
        "name": _FULL_NAME,
        "full_name": _FULL_NAME,
    },
    "Accounts": {
        "email1": _EMAIL,
        "parent_name": "(SELECT p.name FROM accounts p WHERE p.id = accounts.parent_id AND p.deleted = 0)",
    },
    "Users": {"email1": _EMAIL, "name": _FULL_NAME, "full_name": _FULL_NAME},
    "RevenueLineItems": {
        "account_name": "(SELECT a.name FROM accounts a WHERE a.id = revenue_line_items.account_id)",
        "opportunity_name": (
            "(SELECT o.name FROM opportunities o WHERE o.id = revenue_line_items.opportunity_id)"
        ),
    },
}
_CSTM = " LEFT JOIN {table}_cstm ON {table}.id = {table}_cstm.id_c"
_ACCOUNT = (
    " LEFT JOIN accounts_{table} jtl0 ON jtl0.{own} = {table}.id"
    " LEFT JOIN accounts jt0 ON jt0.id = jtl0.account_id AND jt0.deleted = 0"
)
JOINS = {
    "Opportunities": _CSTM + _ACCOUNT.replace("{own}", "opportunity_id"),
    "Contacts": _CSTM + _ACCOUNT.replace("{own}", "contact_id"),
    "Accounts": _CSTM + " LEFT JOIN users jt1 ON jt1.id = accounts.assigned_user_id",
}
_BASE = (
    "id:id name:name:255 date_entered:datetime date_modified:datetime modified_user_id:id created_by:id "
    "description:text deleted:bool assigned_user_id:id assigned_user_name:relate created_by_name:relate "
    "modified_by_name:relate "
)
V11_ONLY = {
    "Opportunities": "best_case:currency worst_case:currency sales_status:enum:255 base_rate:decimal "
    "commit_stage:enum:50 sync_key:varchar:100",
    "Accounts": "sync_key:varchar:100",
    "Contacts": "sync_key:varchar:100",
    "Currencies": "base_rate:decimal",
}
V11_MODULES = {
    "RevenueLineItems": (
        "revenue_line_items",
        _BASE + "opportunity_id:id opportunity_name:relate account_id:id "
        "account_name:relate product_template_id:id product_template_name:varchar:255 quantity:decimal "
        "discount_price:currency discount_amount:currency discount_select:bool likely_case:currency "
        "best_case:currency worst_case:currency total_amount:currency sales_stage:enum:255 date_closed:date "
        "currency_id:id base_rate:decimal tax_class:enum:100 commit_stage:enum:50 mft_part_num:varchar:50",
    ),
    "ProductTemplates": (
        "product_templates",
        _BASE + "mft_part_num:varchar:50 vendor_part_num:varchar:50 "
        "list_price:currency discount_price:currency cost_price:currency tax_class:enum:100 "
        "currency_id:id status:enum:100 qty_in_stock:int",
    ),
    "WebLogicHooks": (
        "weblogichooks",
        _BASE + "webhook_target_module:varchar:255 trigger_event:varchar:255 url:varchar:255 "
        "request_method:varchar:255 sync_key:varchar:100",
    ),
}
