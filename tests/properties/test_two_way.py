"""The invariants over a two-way flow, by trying: people edit both sides at any moment while everything that
can fail does.

Which test checks what (the numbers are those of the assertions' texts):

| | holds that | checked by |
|---|---|---|
| S1 | both sides agree, references too; nobody waits for what is there | `TwoWay.check`, `Family.check`,
  `Orders.tied_out` |
| S2 | quiet comes soon and stays, whatever vendors make of a value | `came_to_rest`, `again_changes_nothing`,
  `TwoWayLossy` |
| S3 | every edit is final, superseded or a named loser | `Story.untraced`; of an undo: `test_guards` |
| S4 | losers were entered there and not agreed; no stale copy wins | `Story.read_log`, `Story.returned` |
| S5 | no value is nobody's | `Story.invented` |
| S6 | a record is in one link and stands once on a side | `doubled`; `TwoWayWeak`, `Restored`, `Family`,
  `Orders` |
| S7 | handled twice is handled once | `again_changes_nothing`; rules `duplicate`, `last_first` |
| S8 | the order of events does not matter | `test_symmetry`, for a pair and for a family |
| S9 | nor does where the worker died | rule `worker_dies` of all machines, held to all of the others |
| S10 | nothing is written against a rule | `TwoWay.wrong_way`, `Orders`; released records: `test_guards` |
| S11 | deletions drop no edit, and stay; many ask first | `TwoWay.deletions` under each rule, `test_guards` |
| S12 | what is held or fails leaves the others alone | `TwoWay.all_linked`, `Family.nothing_is_left_alone` |
| S13 | names of systems mean nothing | `test_symmetry` |
| M1 | maps are lenses | `test_symmetry` for those made here, `tests/unit/mapping` |
| M2 | every shipped rule file loads | `tests/unit/mapping` |

`test_broken.py` checks the checkers: engines with one thing wrong, each of which must fail.
"""

from tests.properties.pair import LOSSY, WEAK
from tests.properties.profiles import examples
from tests.properties.two_way import TwoWay


class TwoWayArchive(TwoWay):
    deletes = "archive"


class TwoWayKeep(TwoWay):
    deletes = "keep"


class TwoWayWeak(TwoWay):
    """The left keeps no key and can be searched for traces; the right repeats its first answer under the same
    key."""

    vendors = WEAK


class TwoWayLossy(TwoWay):
    vendors = LOSSY


TestTwoWay = TwoWay.TestCase
TestTwoWay.settings = examples(80)
TestTwoWayArchive = TwoWayArchive.TestCase
TestTwoWayArchive.settings = examples(40)
TestTwoWayKeep = TwoWayKeep.TestCase
TestTwoWayKeep.settings = examples(20)
TestTwoWayWeak = TwoWayWeak.TestCase
TestTwoWayWeak.settings = examples(50)
TestTwoWayLossy = TwoWayLossy.TestCase
TestTwoWayLossy.settings = examples(40)
