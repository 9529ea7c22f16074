"""Which flows can be demonstrated, with which emulated vendors, sample data and made-up credentials."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local.demo.post import Plan
from local.demo.sage_sales_management_sage_50 import load as sage_sales_management_sage_50
from local.demo.sage_sales_management_sage_accounting import load as sage_sales_management_sage_accounting
from local.demo.sugarcrm_sage_50 import load as sugarcrm_sage_50
from local.demo.sugarcrm_sage_accounting import load as sugarcrm_sage_accounting
from local.demo.vtiger_sage_50 import load as vtiger_sage_50
from local.demo.vtiger_sage_accounting import load as vtiger_sage_accounting
from local.demo.vtiger_sage_accounting.later import later
from shared.settings import Connection

Secrets = Mapping[str, Mapping[str, str]]


def _nothing(addresses: Mapping[str, str]) -> Secrets:
    return {}


@dataclass(frozen=True)
class Demo:
    """`vendors` is system -> emulator; `options` and `secrets` are what a settings file would say.

    `plan` is the sample. `prepare` sets the emulators up before anything else and returns secrets that only
    they know. `listen` enters the webhook address of each object in a CRM where only a person can do that.
    `later`, if given, does what people do after the first cycle; it returns a sentence for each action.
    """

    flow: str
    vendors: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]
    secrets: Secrets
    plan: Callable[[], Plan]
    prepare: Callable[[Mapping[str, str]], Secrets] = _nothing
    listen: Callable[[Mapping[str, str], Mapping[str, str]], None] | None = None
    later: Callable[[Mapping[str, str]], list[str]] | None = None

    @property
    def crm(self) -> str:
        return self.flow.split("--")[0]

    @property
    def sage(self) -> str:
        return self.flow.split("--")[1]

    def connections(self, addresses: Mapping[str, str]) -> dict[str, Connection]:
        return {
            system: Connection(
                system, {"url": addresses[system], **_at(self.options.get(system, {}), addresses[system])}
            )
            for system in self.vendors
        }

    def all_secrets(self, learned: Secrets) -> Secrets:
        return {system: {**values, **learned.get(system, {})} for system, values in self.secrets.items()}


def _at(options: Mapping[str, str], address: str) -> dict[str, str]:
    """`{url}` in an option stands for the emulator's address, which differs at every start."""
    return {name: value.replace("{url}", address) for name, value in options.items()}


_SAGE_ACCOUNTING = {
    "token_url": "{url}/token",
    "authorize_url": "{url}/oauth2/auth/central",
    "business": "b0510e55000000000000000000000001",
}

FLOWS = {
    "sugarcrm--sage_50": Demo(
        "sugarcrm--sage_50",
        vendors={"sugarcrm": "sugarcrm", "sage_50": "hyperaccounts"},
        options={"sugarcrm": {"api": "v11", "base_currency": "GBP"}},
        secrets={
            "sugarcrm": {"user": "sync", "password": "sync-password"},
            "sage_50": {"token": "demo-token"},
        },
        plan=sugarcrm_sage_50.plan,
    ),
    "sugarcrm--sage_accounting": Demo(
        "sugarcrm--sage_accounting",
        vendors={"sugarcrm": "sugarcrm_quoting", "sage_accounting": "sage_accounting"},
        options={
            "sugarcrm": {"api": "v11", "base_currency": "GBP"},
            "sage_accounting": _SAGE_ACCOUNTING,
        },
        secrets={
            "sugarcrm": {"user": "sync", "password": "sync-password"},
            "sage_accounting": {"client_id": "demo-client", "client_secret": "demo-secret"},
        },
        plan=sugarcrm_sage_accounting.plan,
        prepare=sugarcrm_sage_accounting.prepare,
        later=sugarcrm_sage_accounting.later,
    ),
    "vtiger--sage_accounting": Demo(
        "vtiger--sage_accounting",
        vendors={"vtiger": "vtiger", "sage_accounting": "sage_accounting"},
        options={"sage_accounting": _SAGE_ACCOUNTING},
        secrets={
            "vtiger": {"user": "tieout", "access_key": "TieoutAccessKey1"},
            "sage_accounting": {"client_id": "demo-client", "client_secret": "demo-secret"},
        },
        plan=vtiger_sage_accounting.plan,
        prepare=vtiger_sage_accounting.prepare,
        listen=vtiger_sage_accounting.listen,
        later=later,
    ),
    "vtiger--sage_50": Demo(
        "vtiger--sage_50",
        vendors={"vtiger": "vtiger", "sage_50": "hyperaccounts"},
        options={"sage_50": {"contact_test": "CASH01"}},
        secrets={
            "vtiger": {"user": "tieout", "access_key": "TieoutAccessKey1"},
            "sage_50": {"token": "demo-token"},
        },
        plan=vtiger_sage_50.plan,
        prepare=vtiger_sage_50.prepare,
        listen=vtiger_sage_50.listen,
        later=vtiger_sage_50.later,
    ),
    "sage_sales_management--sage_50": Demo(
        "sage_sales_management--sage_50",
        vendors={"sage_sales_management": "sage_sales_management", "sage_50": "hyperaccounts"},
        options={
            "sage_sales_management": {"owner": "emma@example.test"},
            "sage_50": {
                "contact_test": "CASH01",
                "users": '{"Sebastian Ward": "sebastian@example.test", "SW": "sebastian@example.test", '
                '"Emma Lee": "emma@example.test"}',
            },
        },
        secrets={
            "sage_sales_management": {"public_key": "demo-public", "private_key": "demo-private"},
            "sage_50": {"token": "demo-token"},
        },
        plan=sage_sales_management_sage_50.plan,
        prepare=sage_sales_management_sage_50.prepare,
        later=sage_sales_management_sage_50.later,
    ),
    "sage_sales_management--sage_accounting": Demo(
        "sage_sales_management--sage_accounting",
        vendors={"sage_sales_management": "sage_sales_management", "sage_accounting": "sage_accounting"},
        options={
            "sage_sales_management": {"owner": "emma@example.test"},
            "sage_accounting": _SAGE_ACCOUNTING,
        },
        secrets={
            "sage_sales_management": {"public_key": "demo-public", "private_key": "demo-private"},
            "sage_accounting": {"client_id": "demo-client", "client_secret": "demo-secret"},
        },
        plan=sage_sales_management_sage_accounting.plan,
        prepare=sage_sales_management_sage_accounting.prepare,
        later=sage_sales_management_sage_accounting.later,
    ),
}
