"""The check of a settings file, as pydantic models: which fields there are and what each may hold."""

from pydantic import BaseModel, ConfigDict, Field, create_model

from local.settings_systems import SYSTEMS


class Brake(BaseModel):
    """What a run may change before it stops and asks."""

    model_config = ConfigDict(extra="forbid", strict=True)
    records: int | None = Field(default=None, ge=1)
    percent: int | None = Field(default=None, ge=1, le=100)


class Stated(BaseModel):
    """One integration but for its systems."""

    model_config = ConfigDict(extra="forbid", strict=True)
    flow: str
    live: bool = False
    rules: str | dict[str, str] | None = None
    directions: dict[str, str] = {}
    brake: Brake = Brake()
    interval: dict[str, int | str] = {}


IntegrationTable: type[Stated] = create_model(  # type: ignore[call-overload]
    "IntegrationTable",
    __base__=Stated,
    **{system: (table | None, None) for system, table in SYSTEMS.items()},
)


class Local(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    schedule_minutes: int = Field(default=15, ge=1, le=30)


class SettingsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    integration: dict[str, IntegrationTable] = Field(min_length=1)  # type: ignore[valid-type]
    local: Local = Local()
    interval: dict[str, dict[str, int]] = {}
