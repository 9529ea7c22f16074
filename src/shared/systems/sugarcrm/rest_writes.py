"""Creates and partial updates over v11, alone or many in one `/bulk` call.

Every patch gets an answer: a bulk call's parts succeed and fail one by one, and a part without an answer is
an unknown outcome, never a success. Sugar cuts over-long text in silence (reference: seen live, 25.2), so its
answer is looked at; what a workflow changed is found by whoever compares the fields.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import BadCredentials, OutcomeUnknown, RecordRejected, SyncError
from shared.ports import Clock, ObjectSpec, Patch, Snapshot, Values
from shared.systems._http import encode
from shared.systems._named import naming
from shared.systems.sugarcrm.legacy_compare import shortened
from shared.systems.sugarcrm.records import chunks, possible_id
from shared.systems.sugarcrm.rest_check import RestMetadata
from shared.systems.sugarcrm.rest_client import RestClient, record_path
from shared.systems.sugarcrm.rest_faults import fault, part_status
from shared.systems.sugarcrm.rest_records import snapshot
from shared.systems.sugarcrm.rights import NoRight, judged

BATCH = 50
Answer = Snapshot | SyncError


class RestWrites:
    def __init__(self, client: RestClient, metadata: RestMetadata, clock: Clock) -> None:
        self._client, self._metadata, self._clock = client, metadata, clock

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        at = self._clock.now()
        body = {**values, **({spec.key_path: key} if spec.key_path else {})}
        record = self._client.call(
            "POST", spec.object, f"create a record in {spec.object}", body=body, writes=True, one_record=True
        )
        if not isinstance(record, dict) or not record.get("id"):
            raise OutcomeUnknown(
                f"SugarCRM was asked to create a record in {spec.object} and answered without an id"
            )
        return snapshot(spec, record, at)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Answer]:
        answers: list[Answer] = []
        for chunk in chunks(patches, BATCH):
            answers += self._chunk(spec, chunk)
        refused = [one for one in answers if isinstance(one, NoRight)]
        return self._judged(spec, patches, answers, refused[0]) if refused else answers

    def _judged(
        self, spec: ObjectSpec, patches: Sequence[Patch], answers: Sequence[Answer], refused: NoRight
    ) -> list[Answer]:
        """Each refusal as one of that record, or of the whole module."""
        names = {name for patch in patches for name in patch.values}
        try:
            denied = self._metadata.denies(spec.object, "edit", names)
        except SyncError as unknown:
            return [unknown if isinstance(one, NoRight) else one for one in answers]
        return [
            judged(one, spec.object, "edit", everywhere=denied) if isinstance(one, NoRight) else one
            for one in answers
        ]

    def _chunk(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Answer]:
        """If the whole call fails, the fault is the answer for each of its patches: later chunks must still
        be tried."""
        good = [patch for patch in patches if possible_id(patch.id)]
        try:
            done = iter([self._one(spec, good[0])] if len(good) == 1 else self._bulk(spec, good))
        except SyncError as whole:
            done = iter([whole] * len(good))
        bad = "'{}' cannot be the id of a SugarCRM record: nothing was written"
        return [
            next(done) if possible_id(patch.id) else RecordRejected(bad.format(patch.id)) for patch in patches
        ]

    def _one(self, spec: ObjectSpec, patch: Patch) -> Answer:
        at = self._clock.now()
        try:
            record = self._client.call(
                "PUT",
                record_path(spec.object, patch.id),
                _doing(spec, patch),
                body=dict(patch.values),
                writes=True,
                one_record=True,
            )
        except RecordRejected as refused:
            return _named(refused, patch.values)
        return self._answer(spec, patch, 200, record, at)

    def _bulk(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Answer]:
        if not patches:
            return []
        at = self._clock.now()
        parts = self._send(spec, patches)
        if any(part_status(part) == 401 for part in parts):
            # The token expired during the call. When everything is written again, the parts that had
            # succeeded
            # get the same values once more.
            self._client.renew()
            parts = self._send(spec, patches)
            if any(part_status(part) == 401 for part in parts):
                raise BadCredentials(
                    "SugarCRM refused a new token within a bulk call: give Tieout a user and platform of "
                    "its own"
                )
        answers = [
            self._answer(spec, patch, part_status(part), part.get("contents"), at)
            for patch, part in zip(patches, parts, strict=False)
        ]
        unanswered = [_unanswered(spec, patch) for patch in patches[len(answers) :]]
        return [*answers, *unanswered]

    def _send(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[dict[str, Any]]:
        requests = [
            {
                "url": f"/{self._client.version}/{record_path(spec.object, patch.id)}",
                "method": "PUT",
                "data": encode(patch.values).decode(),
            }
            for patch in patches
        ]
        answer = self._client.call(
            "POST",
            "bulk",
            f"update {len(patches)} records of {spec.object}",
            body={"requests": requests},
            writes=True,
        )
        if not isinstance(answer, list):
            raise OutcomeUnknown(
                f"SugarCRM was asked to update {len(patches)} records of {spec.object} and did not answer "
                "for each"
            )
        return [part if isinstance(part, dict) else {} for part in answer]

    def _answer(self, spec: ObjectSpec, patch: Patch, status: int, contents: Any, at: Any) -> Answer:
        if status == 0:
            return _unanswered(spec, patch)
        if not 200 <= status < 300:
            refused = fault(status, contents, _doing(spec, patch), writes=True, one_record=True)
            return _named(refused, patch.values)
        if not isinstance(contents, Mapping) or contents.get("id") != patch.id:
            return _unanswered(spec, patch)
        cut = shortened(patch, contents)
        return RecordRejected(cut) if cut else snapshot(spec, contents, at)


def _named(refused: SyncError, values: Values) -> SyncError:
    return naming(refused, {name: name for name in values}, "(HTTP ")


def _doing(spec: ObjectSpec, patch: Patch) -> str:
    return f"update {', '.join(patch.values)} of {spec.object} {patch.id}"


def _unanswered(spec: ObjectSpec, patch: Patch) -> OutcomeUnknown:
    return OutcomeUnknown(f"SugarCRM was asked to {_doing(spec, patch)} and did not answer with the record")
