"""Under an engine with one thing wrong, the story about that very thing of the third flow fails, and for that
reason. See `test_broken_engines.py`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from shared.domain.link import Outcome
from shared.mapping.mask import candidates
from shared.operations import final_deletions, poll
from shared.operations.poll_diff import is_edited
from shared.sync.engine import deletions, joined, numbering, removal
from shared.sync.engine.steps import create, decide
from tests.properties.broken import Swap
from tests.stories import test_clients, test_final_deletions
from tests.stories.clients import LEDGER

Story = Callable[[], None]
_IS_FINAL, _IS_JOINED = removal.is_final, joined.is_joined


def _at_once(ctx: Any, job: Any) -> bool:
    """Whatever a sweep misses once more."""
    link = job.held.link
    long_ago = ctx.now() - timedelta(days=30)
    sides = {name: replace(one, gone_at=long_ago) if one.gone else one for name, one in link.sides.items()}
    job.held.link = replace(link, sides=sides)
    final = _IS_FINAL(ctx, job)
    job.held.link = link
    return final


def _all_that_sage_has_not(ctx: Any, job: Any, rule: Any) -> Any:
    """What was given and is gone counts as free."""
    spec = ctx.map(job.event.entity, rule.system).spec
    for code in candidates(rule.mask, numbering._name(job)):
        if not ctx.systems[rule.system].find(spec, rule.path, [code])[code]:
            yield code


def _missed_by_anybody(ctx: Any, job: Any) -> bool:
    """Who says so need not have read the list."""
    event = job.held.event
    job.held.event = replace(event, missed_at=event.missed_at or ctx.now())
    for system, side in job.link.sides.items():
        if system not in job.found.readings and not side.gone:
            job.found.readings |= ctx.systems[system].read(ctx.map(event.entity, system).spec, [side.id])
    final = _IS_FINAL(ctx, job)
    job.held.event = event
    return final


def _without_a_code(ctx: Any, job: Any, target: str) -> None:
    """The record is made all the same."""
    numbering.number(ctx, job, target)
    if job.result is not None and job.result.outcome.rule == "mask":
        job.result = None


BROKEN: dict[str, tuple[Story, str, tuple[Swap, ...]]] = {
    "deletes at once": (
        test_final_deletions.test_deleted_in_sage_is_marked_at_once_and_deleted_for_good_a_week_later,
        "== \\[\\]",
        (
            (deletions, "is_final", _at_once),
            (final_deletions, "timedelta", lambda days: timedelta(0)),
        ),
    ),
    "deletes without a second sweep": (
        test_final_deletions.test_without_a_second_sweep_nothing_is_deleted,
        "== \\[\\]",
        ((deletions, "is_final", _missed_by_anybody),),
    ),
    "deletes what somebody edited": (
        partial(
            test_final_deletions.test_what_somebody_edited_in_the_crm_is_held_and_never_deleted,
            lambda here: here.edit("sage_sales_management", "CLIENT1", phone="0113 496 0000"),
        ),
        "== \\[\\]",
        ((deletions, "_edited", lambda *given: ""),),
    ),
    "leaves what comes back without a counterpart": (
        partial(
            test_final_deletions.test_a_customer_that_comes_back_later_is_made_anew_under_its_reference,
            LEDGER,
        ),
        "sage_sales_management-1",
        ((decide, "begin_anew", lambda job: None),),
    ),
    "asks nobody before it deletes many": (
        test_final_deletions.test_many_that_a_person_called_gone_are_asked_about_once_more_before_they_are_deleted_for_good,
        "== \\[\\]",
        ((final_deletions, "is_bulk", lambda *given: False),),
    ),
    "gives a number twice": (
        test_clients.test_a_mask_gives_no_number_that_sage_has,
        "BRAN0002",
        ((numbering, "_free", lambda ctx, job, rule: candidates(rule.mask, numbering._name(job))),),
    ),
    "gives a number again that was given once": (
        test_clients.test_a_mask_gives_no_number_again_that_was_given_once,
        "BRAN0005",
        ((numbering, "_free", _all_that_sage_has_not),),
    ),
    "makes customers without a number once the mask runs out": (
        test_clients.test_a_mask_that_runs_out_holds_the_account_by_name,
        "sage_50-",
        ((create, "number", _without_a_code),),
    ),
    "says nothing when the mask runs out": (
        test_clients.test_a_mask_that_runs_out_holds_the_account_by_name,
        "unchanged",
        ((numbering, "mask_used_up", lambda *given: Outcome("unchanged", "all is well")),),
    ),
    "lets the CRM edit what is Sage's": (
        partial(
            test_clients.test_whatever_is_changed_in_the_crm_of_a_customer_is_put_back_and_kept_in_the_log,
            "name",
            "Client1 Ltd",
            "Client One",
        ),
        "Client One",
        ((joined, "is_joined", lambda *given: False),),
    ),
    "brakes at what it wrote itself": (
        test_clients.test_what_we_wrote_ourselves_is_no_mass_edit,
        "60",
        ((poll, "is_edit_of_others", is_edited),),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_story_of_the_third_flow_fails_under_an_engine_that_breaks_its_promise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, why, swaps = BROKEN[name]
    for module, step, replacement in swaps:
        monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=why):
        story()
