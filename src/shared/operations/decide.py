"""What a person says about look-alikes: checked as a whole, stored all or nothing, and looked at again."""

from collections.abc import Iterable, Sequence

from shared.bootstrap import Services
from shared.domain.decision import Decision, Verdict, decision
from shared.domain.link import ChangeEvent
from shared.domain.record import record, replace
from shared.domain.run_ids import new_run_id
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.look_alikes import LookAlike, look_alikes, matched_over_lists, opened
from shared.operations.pairs_file import FileRefused, Line
from shared.ports import Run
from shared.sync.engine.who import Who
from shared.sync.matching.facts import Facts
from shared.sync.matching.keys import vat_key


class CannotDecide(Exception):
    """Nothing was stored; a sentence says why."""


@record
class Said:
    """One pair and what is said of it. `effect` says what that brings about."""

    entity: str
    left: str
    right: str
    verdict: Verdict
    labels: tuple[str, str]
    effect: str


def of_record(services: Services, name: str, verdict: Verdict, other: str = "") -> list[Said]:
    """`name` and `other` are ids, names, or system/entity/id; without `other`, every look-alike of the
    record. Raises CannotDecide, and the SyncErrors of the systems."""
    found = [
        (who, side, one)
        for entity in matched_over_lists(services)
        for who in [opened(services, services.preview_context(), entity)]
        for side, one in _named(who, name)
    ]
    if len(found) != 1:
        raise CannotDecide(_not_one(name, [(who, side, one) for who, side, one in found]))
    who, side, one = found[0]
    if not other:
        return _all_of(services, who, side, one, verdict)
    others = [found for found in _named(who, other) if found[0] != side]
    if len(others) != 1:
        raise CannotDecide(_not_one(other, [(who, n, facts) for n, facts in others]))
    pair = (one, others[0][1]) if side == 0 else (others[0][1], one)
    return checked(services, [_said(who, pair, verdict)])


def of_lines(services: Services, name: str, lines: Sequence[Line]) -> list[Said]:
    """Of a file. Raises FileRefused naming every line that cannot be taken, and the systems' SyncErrors."""
    faults, said = list[str](), list[Said]()
    known = {
        entity: opened(services, services.preview_context(), entity)
        for entity in dict.fromkeys(one.entity for one in lines)
        if entity in matched_over_lists(services)
    }
    for one in lines:
        where = f"{name}, line {one.number}, column"
        who = known.get(one.entity)
        if who is None:
            allowed = ", ".join(matched_over_lists(services))
            faults.append(f"{where} entity: “{one.entity[:60]}”; allowed: {allowed}")
            continue
        pair = []
        for side, record_id in enumerate((one.left, one.right)):
            facts = who.by_id(side, record_id)
            if facts is None:
                faults.append(
                    f"{where} {who.systems[side]}_id: “{record_id[:60]}”; allowed is the id of "
                    f"a record that {title(who.systems[side])} has"
                )
            else:
                pair.append(facts)
        if len(pair) == 2:
            made = _said(who, (pair[0], pair[1]), one.verdict)
            why = _refused(services, made)
            faults += [f"{where} decision: “{one.verdict}”; {why}"] if why else []
            said.append(made)
    if faults:
        raise FileRefused(faults)
    return said


def all_with(services: Services, key: str, verdict: Verdict) -> list[Said]:
    """`key` is FIELD=VALUE: every pair that looks alike and has this value on both sides. Raises
    CannotDecide."""
    name, _, value = key.partition("=")
    if name not in ("vat_number", "reference", "name") or not value.strip():
        raise CannotDecide(f"--all-with {key}: write vat_number=…, reference=… or name=….")
    said = []
    for entity in matched_over_lists(services):
        for pair in look_alikes(services, entity):
            if all(_has(side, name, value) for side in (pair.left, pair.right)):
                said.append(_of_pair(pair, verdict))
    if not said:
        raise CannotDecide(f"No two records that look alike have the {words(name)} {value.strip()}.")
    return checked(services, said)


def checked(services: Services, said: list[Said]) -> list[Said]:
    """Raises CannotDecide."""
    same: dict[tuple[str, int, str], Said] = {}
    for one in said:
        if why := _refused(services, one):
            raise CannotDecide(f"{one.labels[0]} and {one.labels[1]}: {why}.")
        for side, record_id in enumerate((one.left, one.right)) if one.verdict == "same" else ():
            before = same.setdefault((one.entity, side, record_id), one)
            if before is not one:
                raise CannotDecide(
                    f"{one.labels[side]} would be the same as {before.labels[1 - side]} and as "
                    f"{one.labels[1 - side]}: name the one that it is."
                )
    return said


def store(services: Services, said: Sequence[Said]) -> str:
    """Keeps what is not decided so already and queues its records; the id of the run by which `undo` takes it
    back, "" where all was decided so already."""
    now = services.clock.now()
    run_id = new_run_id(now)
    left, right = services.flow.crm, services.flow.sage
    before = _before(services, {one.entity for one in said})
    made = []
    for one in said:
        kept = decision(one.entity, {left: one.left, right: one.right}, one.verdict, run_id, now)
        known = before.get((kept.entity, kept.one, kept.other))
        if known is None:
            made.append(kept)
        elif known.verdict != kept.verdict:
            made.append(replace(kept, earlier=((known.verdict, known.run_id), *known.earlier)))
    if not made:
        return ""
    services.stores.decisions.put(made)
    _look_again(services, made, run_id)
    counts = {verdict: sum(one.verdict == verdict for one in made) for verdict in ("same", "different")}
    message = f"decided: {counts['same']} the same, {counts['different']} different"
    run = Run(run_id, "manual", made[0].entity, "", now, now, "done", message)
    services.stores.log.put_run(run)
    return run_id


def take_back(services: Services, run_id: str) -> list[tuple[Decision, Decision | None]]:
    """What was said in that run does not hold any more; what was said before it does again, and what was said
    since stays. Each as it was, and as it is now."""
    known = [one for entity in matched_over_lists(services) for one in services.stores.decisions.of(entity)]
    found = [(one, _without(one, run_id)) for one in known if run_id in _runs(one)]
    services.stores.decisions.remove([one for one, now in found if now is None])
    services.stores.decisions.put([now for _, now in found if now is not None])
    _look_again(services, [one for one, _ in found if one.run_id == run_id], run_id)
    return found


def _runs(one: Decision) -> set[str]:
    return {one.run_id, *(run_id for _, run_id in one.earlier)}


def _without(one: Decision, run_id: str) -> Decision | None:
    """As if it had never been said in that run."""
    said = [word for word in ((one.verdict, one.run_id), *one.earlier) if word[1] != run_id]
    if not said:
        return None
    return replace(one, verdict=said[0][0], run_id=said[0][1], earlier=tuple(said[1:]))


def _before(
    services: Services, entities: Iterable[str]
) -> dict[tuple[str, tuple[str, str], tuple[str, str]], Decision]:
    known = [one for entity in entities for one in services.stores.decisions.of(entity)]
    return {(one.entity, one.one, one.other): one for one in known}


def _look_again(services: Services, decisions: Iterable[Decision], run_id: str) -> None:
    subjects = dict.fromkeys((one.entity, *pair) for one in decisions for pair in (one.one, one.other))
    events = [
        ChangeEvent(
            services.integration.name, system, entity, record_id, "manual", run_id, services.clock.now()
        )
        for entity, system, record_id in subjects
    ]
    if events:
        services.stores.queue.send(events)


def _all_of(services: Services, who: Who, side: int, one: Facts, verdict: Verdict) -> list[Said]:
    pairs = [pair for pair in look_alikes(services, who.entity) if (pair.left, pair.right)[side].id == one.id]
    if not pairs:
        raise CannotDecide(
            f"{one.label} looks like no record of {title(who.systems[1 - side])}: name the other one, too."
        )
    if verdict == "same" and len(pairs) > 1:
        names = ", ".join((pair.left, pair.right)[1 - side].id for pair in pairs)
        raise CannotDecide(f"{one.label} looks like {len(pairs)} records: say which of {names} it is.")
    return checked(services, [_of_pair(pair, verdict) for pair in pairs])


def _named(who: Who, name: str) -> list[tuple[int, Facts]]:
    """(side, record) of whatever has this id, or else this name."""
    parts = name.split("/", 2)
    if len(parts) == 3 and parts[0] in who.systems and parts[1] == who.entity:
        side = who.side(parts[0])
        found = who.by_id(side, parts[2])
        return [(side, found)] if found else []
    by_id = [(side, found) for side in (0, 1) if (found := who.by_id(side, name)) is not None]
    if by_id:
        return by_id
    wanted = name.casefold()
    return [(side, one) for side in (0, 1) for one in who.everybody(side) if one.label.casefold() == wanted]


def _not_one(name: str, found: Sequence[tuple[Who, int, Facts]]) -> str:
    if not found:
        return f"There is no company or person with the id or name “{name}” in either system."
    ids = ", ".join(f"{who.systems[side]}/{who.entity}/{one.id}" for who, side, one in found[:10])
    return f"“{name}” may be {counted(len(found), 'record')}: write one of {ids}."


def _said(who: Who, pair: tuple[Facts, Facts], verdict: Verdict) -> Said:
    labels = (_label(who.systems[0], pair[0]), _label(who.systems[1], pair[1]))
    return Said(who.entity, pair[0].id, pair[1].id, verdict, labels, _effect(verdict))


def _of_pair(pair: LookAlike, verdict: Verdict) -> Said:
    labels = (f"{pair.left.label} ({pair.left.id})", f"{pair.right.label} ({pair.right.id})")
    return Said(pair.entity, pair.left.id, pair.right.id, verdict, labels, _effect(verdict))


def _label(system: str, one: Facts) -> str:
    return f"{title(system)} {one.label} ({one.id})"


def _effect(verdict: Verdict) -> str:
    if verdict == "same":
        return "they become one pair, and each side gets what the other has"
    return "they stay two, and each is made on the other side unless it is there already"


def _has(side: Facts, name: str, value: str) -> bool:
    if name == "vat_number":
        wanted = vat_key(value)
        return wanted is not None and side.vat is not None and side.vat.number == wanted.number
    return side.shown.get(name, "").casefold() == value.strip().casefold()


def _refused(services: Services, one: Said) -> str:
    """Why it cannot be said any more, or ""."""
    links, ids = services.stores.links, ((services.flow.crm, one.left), (services.flow.sage, one.right))
    owners = [links.find(system, one.entity, [record_id]).get(record_id) for system, record_id in ids]
    loaded = links.load(sorted({owner for owner in owners if owner}))
    whole = [
        owner
        for owner in owners
        if owner
        and (link := loaded[owner].link) is not None
        and len([side for side in link.sides.values() if side.id and not side.gone]) > 1
    ]
    if len(whole) == 2 and whole[0] == whole[1]:
        return "they are one pair already" + (
            ""
            if one.verdict == "same"
            else ", and a pair is not taken apart: delete or correct one of the two"
        )
    if one.verdict == "same" and whole:
        return "one of them already has a counterpart of its own"
    return ""
