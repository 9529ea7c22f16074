"""What a settings file may say of each system. Which of it is secret is said here and nowhere else.

A table `options` passes further options of the connector through as they are.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#@\s]+(/[^?#\s]*)?$")]
Text = Annotated[str, StringConstraints(min_length=1)]

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Options(BaseModel):
    """Common to all systems. `SECRET` names the fields that go to the secret store; the rest are options, as
    text."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    SECRET: ClassVar[frozenset[str]] = frozenset()
    url: Address
    settle_seconds: int | None = Field(default=None, ge=0)
    timeout_seconds: int | None = Field(default=None, ge=1, le=170)
    record_url: Text | None = None
    allow_http: Literal["yes", "no"] | None = None
    options: dict[str, str] = {}

    def public(self) -> dict[str, str]:
        named = self.model_dump(exclude={*self.SECRET, "options"}, exclude_none=True)
        return {**{name: str(value) for name, value in named.items()}, **self.options}

    def secret(self) -> dict[str, str]:
        return {
            name: str(value)
            for name, value in self.model_dump(include=set(self.SECRET), exclude_none=True).items()
        }


class SugarCrm(Options):
    """SugarCRM and SuiteCRM. `api` is v11 for the REST API, v4_1 for the legacy one."""

    SECRET: ClassVar[frozenset[str]] = frozenset({"user", "password", "client_secret"})
    api: Literal["v11", "v4_1"] = "v11"
    user: Text
    password: Text
    client_secret: str | None = None
    api_version: str | None = None
    platform: str | None = None
    client_id: str | None = None
    page_size: int | None = Field(default=None, ge=1, le=1000)
    paging: Literal["keyset", "offset"] | None = None
    encryption: Literal["PLAIN"] | None = None
    rest_path: str | None = None
    base_currency: Currency | None = None


class Sage50(Options):
    """Sage 50 through HyperAccounts, or a service that answers the same routes."""

    SECRET: ClassVar[frozenset[str]] = frozenset({"token"})
    token: Text
    date_format: str | None = None
    expected_company: str | None = None
    search_in: Literal["yes", "no"] | None = None
    sage_version: int | None = Field(default=None, ge=20, le=99)
    base_currency: Currency | None = None
    base_currency_number: int | None = Field(default=None, ge=1, le=99)


class SageAccounting(Options):
    """Sage Business Accounting. `business` is chosen by `tieout connect sage_accounting`, which signs in with
    the browser; `refresh_token` is a first refresh token for where that was done elsewhere."""

    SECRET: ClassVar[frozenset[str]] = frozenset({"client_id", "client_secret", "refresh_token"})
    url: Address = "https://api.accounting.sage.com"
    client_id: Text
    client_secret: Text
    refresh_token: str | None = None
    token_url: Address | None = None
    authorize_url: Address | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    business: Text | None = None
    fresh_seconds: int | None = Field(default=None, ge=0, le=300)
    page_size: int | None = Field(default=None, ge=1, le=200)
    zero_rate: Text | None = None
    new_products: Literal["products", "stock_items"] | None = None
    sales_account: Text | None = None
    service_account: Text | None = None
    purchase_account: Text | None = None
    rate_direction: Literal["base_per_foreign", "foreign_per_base"] | None = None


class Vtiger(Options):
    """Vtiger CRM. `api` is webservice for your own server (webservice.php) and cloud for an instance of
    Vtiger's."""

    SECRET: ClassVar[frozenset[str]] = frozenset({"user", "access_key"})
    api: Literal["webservice", "cloud"] = "webservice"
    user: Text
    access_key: Text
    owner: Text | None = None
    tax: Text | None = None
    line_writes: Literal["auto", "yes", "no"] | None = None
    sync: Literal["auto", "no"] | None = None
    fresh_seconds: int | None = Field(default=None, ge=0, le=300)


SYSTEMS: dict[str, type[Options]] = {
    "sugarcrm": SugarCrm,
    "sage_50": Sage50,
    "sage_accounting": SageAccounting,
    "vtiger": Vtiger,
}
