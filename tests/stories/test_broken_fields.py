"""The stories about fields left alone fail under an engine that does not leave them alone."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shared.operations import poll_diff
from shared.sync import observe
from shared.sync.engine import sides, unreadable
from shared.sync.engine.steps import conclude, create, read, update
from shared.sync.told import quoted
from tests.stories import (
    test_fields,
    test_fields_refused,
    test_poll_conditions,
    test_told_values,
    test_vat_items,
)
from tests.stories.customers import VTIGER

Story = Callable[[], None]


def _as_empty(ctx: Any, job: Any, system: str, values: Any) -> dict[str, Any]:
    view = unreadable.read_record(ctx, job, system, values)
    return {**view, **dict.fromkeys(job.found.unreadable.pop(system, {}))}


BROKEN: dict[str, tuple[Any, str, Any, Story]] = {
    "takes what it cannot read for nothing": (
        read,
        "read_record",
        _as_empty,
        partial(test_fields.test_an_email_spoiled_later_empties_nothing, VTIGER),
    ),
    "writes over what it could not read": (
        sides,
        "without_unreadable",
        lambda ctx, job, due: due,
        test_fields.test_an_edit_of_the_other_side_does_not_overwrite_what_nobody_could_read,
    ),
    "forgets what it read last": (
        observe,
        "_kept_blank",
        lambda one, merged, seen: seen,
        partial(test_fields.test_what_becomes_readable_again_is_an_edit_of_what_was_last_read, ""),
    ),
    "takes a default for an entry": (
        create,
        "agreed_blank",
        lambda ctx, job: {},
        test_fields.test_what_the_other_system_fills_in_by_itself_does_not_win_over_the_correction,
    ),
    "tries again under the refused key": (
        create,
        "_refused",
        lambda ctx, job, target: None,
        test_fields_refused.test_a_new_record_goes_without_the_field_that_the_vendor_refuses,
    ),
    "leaves out what a record is known by": (
        create,
        "without_refused",
        lambda ctx, job, target, fault, values: {
            path: value for path, value in values.items() if path not in fault.named
        },
        partial(test_fields_refused.test_what_a_record_is_known_by_is_never_left_out, "reference"),
    ),
    "forgets the tax code that it wrote over": (
        update,
        "choices_of",
        lambda ctx, object_map, system: object_map.choices,
        test_vat_items.test_an_exempt_item_is_exempt_again_after_somebodys_mistake,
    ),
    "tells a record by our own id": (
        conclude,
        "beside",
        lambda ctx, flow, name, values, nothing: quoted(values, {}, nothing),
        test_told_values.test_a_released_invoice_names_both_customers,
    ),
    "believes every list": (
        poll_diff,
        "outside",
        lambda services, task, link, record: None,
        test_poll_conditions.test_m7_sixteen_excluded_opportunities_are_queued_in_no_cycle,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_story_fails(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, step, replacement, story = BROKEN[name]
    monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError):
        story()
