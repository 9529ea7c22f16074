"""The seams of Tieout: what the sync core asks of vendors and of storage.

Every port is a Protocol with at least two implementations, a real one and a memory twin, that pass one
contract suite (`tests/contract`). Native values are what a vendor's JSON holds, with numbers as `Decimal`;
canonical values are what `shared.entities` declares. Times are timezone-aware UTC datetimes unless a name
ends in `_seconds`.
"""

from shared.ports.bulk import MakesMany
from shared.ports.calls import CallCounts
from shared.ports.debtors import Debtors, Portion, Position
from shared.ports.decisions import DecisionStore
from shared.ports.links import Commit, LinkStore, Loaded, Parked, ParkStore, Run, SyncLog, WaitStore
from shared.ports.missing import Missing, MissingStore, Verdict
from shared.ports.pictures import GivesPictures, TakesPictures
from shared.ports.readings import (
    Capabilities,
    FieldInfo,
    Finding,
    Gone,
    Hint,
    Moved,
    Native,
    Page,
    Patch,
    Reading,
    Snapshot,
    Traces,
    Values,
)
from shared.ports.removals import Removes
from shared.ports.specs import Condition, ObjectSpec, Related
from shared.ports.stores import (
    Archive,
    Cache,
    Clock,
    Cursors,
    EventQueue,
    Gate,
    GateState,
    IntegrationStore,
    Lanes,
    PollQueue,
    Secrets,
    Stores,
    Token,
    TokenStore,
    TokenTimes,
)
from shared.ports.sweeps import SweepParts
from shared.ports.system import Prices, PricesItself, Recorder, System, Webhook

__all__ = [
    "Archive",
    "Cache",
    "CallCounts",
    "Capabilities",
    "Clock",
    "Commit",
    "Condition",
    "Cursors",
    "Debtors",
    "DecisionStore",
    "EventQueue",
    "FieldInfo",
    "Finding",
    "Gate",
    "GateState",
    "GivesPictures",
    "Gone",
    "Hint",
    "IntegrationStore",
    "Lanes",
    "LinkStore",
    "Loaded",
    "MakesMany",
    "Missing",
    "MissingStore",
    "Moved",
    "Native",
    "ObjectSpec",
    "Page",
    "ParkStore",
    "Parked",
    "Patch",
    "PollQueue",
    "Portion",
    "Position",
    "Prices",
    "PricesItself",
    "Reading",
    "Removes",
    "Recorder",
    "Related",
    "Run",
    "Secrets",
    "Snapshot",
    "Stores",
    "SweepParts",
    "SyncLog",
    "System",
    "TakesPictures",
    "Token",
    "TokenStore",
    "TokenTimes",
    "Traces",
    "Values",
    "Verdict",
    "WaitStore",
    "Webhook",
]
