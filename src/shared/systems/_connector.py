"""The answers of a system without special features: no optional fields, no traces, nothing that expires."""

from datetime import datetime

from shared.ports import Finding, ObjectSpec, Traces, Values


class Connector:
    """A base for connectors: each overrides what is different for its vendor."""

    def canonical_id(self, spec: ObjectSpec, record_id: str) -> str:
        return record_id

    def lacks(self, spec: ObjectSpec) -> frozenset[str]:
        return frozenset()

    def trace(self, spec: ObjectSpec, values: Values, since: datetime) -> Traces:
        return Traces()

    def keep_alive(self) -> list[Finding]:
        return []
