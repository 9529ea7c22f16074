"""Findings of `check`, the same for both APIs: what the rules name and the vendor lacks, and where to create
it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from shared.domain.wording import counted, words
from shared.errors import MissingField, SyncError
from shared.ports import FieldInfo, Finding, ObjectSpec, Related
from shared.systems.sugarcrm.records import related_fields, wanted_fields

Describe = Callable[[str], Mapping[str, FieldInfo] | None]


def check_specs(specs: Sequence[ObjectSpec], describe: Describe) -> list[Finding]:
    """One finding for each spec without gaps, otherwise one for each missing module, field or link. A fault
    is also a finding."""
    answer: list[Finding] = []
    for spec in specs:
        try:
            problems = list(_problems(spec, describe))
        except SyncError as fault:
            problems = [Finding("error", spec.object, str(fault))]
        fine = Finding(
            "ok",
            spec.object,
            f"All {counted(len(wanted_fields(spec)), 'field')} named in the rules for “{words(spec.entity)}” "
            "exist.",
        )
        answer += problems or [fine]
    return answer


def _problems(spec: ObjectSpec, describe: Describe) -> Iterator[Finding]:
    fields = describe(spec.object)
    if fields is None:
        yield _no_module(spec.object)
        return
    if spec.optional:
        yield from _optional(spec, fields)
        return
    yield from _absent(spec.object, wanted_fields(spec), fields)
    yield from _ignored(spec, fields)
    for item in spec.related:
        yield from _related(spec, item, fields, describe)


def _related(
    spec: ObjectSpec, item: Related, fields: Mapping[str, FieldInfo], describe: Describe
) -> Iterator[Finding]:
    """If a server's metadata lists no links at all, nothing can be said about this one."""
    links = sorted(name for name, info in fields.items() if info.type == "link")
    if links and item.link not in links:
        yield Finding(
            "error",
            f"{spec.object}.{item.link}",
            f"SugarCRM's module {spec.object} has no link '{item.link}', through which the rules for "
            f"“{words(spec.entity)}” read {item.object}. Its links are: {', '.join(links)}.",
        )
    others = describe(item.object)
    if others is None:
        yield _no_module(item.object)
    else:
        yield from _absent(item.object, related_fields(item), others)


def _no_module(module: str) -> Finding:
    return Finding(
        "error",
        module,
        f"SugarCRM has no module '{module}', or the integration's user may not see it. Check the name "
        "(capital letters matter) and the user's role.",
    )


def _absent(module: str, names: Iterable[str], fields: Mapping[str, FieldInfo]) -> Iterator[Finding]:
    for name in names:
        if name not in fields:
            yield Finding("error", f"{module}.{name}", how_to_make(module, name))


def _optional(spec: ObjectSpec, fields: Mapping[str, FieldInfo]) -> Iterator[Finding]:
    """Fields that an installation may do without, all in one."""
    lacking = [name for name in wanted_fields(spec) if name not in fields]
    if lacking:
        named = ", ".join(f"'{name}'" for name in lacking)
        noun = "field" if len(lacking) == 1 else "fields"
        yield Finding(
            "warning",
            f"{spec.object}: {words(spec.entity)}",
            f"SugarCRM's module {spec.object} has no {noun} {named}: left out of the "
            f"{words(spec.entity)}. Make those that you want as an administrator: Admin > Studio > "
            f"{spec.object} > Fields > Add Field, without the _c at the end (Studio adds it).",
        )


def absent(spec: ObjectSpec, describe: Describe) -> frozenset[str]:
    """Native fields of `spec` that may be absent and are."""
    fields = describe(spec.object) if spec.optional else None
    if fields is None:
        return frozenset()
    return frozenset(path for path in spec.fields if path not in fields)


def _ignored(spec: ObjectSpec, fields: Mapping[str, FieldInfo]) -> Iterator[Finding]:
    """Conditions that SugarCRM drops in silence: it lists everything then (reference: seen live, 25.2)."""
    for name in dict.fromkeys(condition.field for condition in spec.where):
        info = fields.get(name)
        if info is not None and not info.stored:
            yield Finding(
                "warning",
                f"{spec.object}.{name}",
                f"'{name}' of {spec.object} is not stored in SugarCRM's database, so SugarCRM ignores the "
                "condition on it and lists every record. Tieout leaves out by itself what does not meet it, "
                "but each poll reads the whole list: use a stored field in [poll.where], or one of the "
                "related record, such as account.name.",
            )


def how_to_make(module: str, name: str) -> str:
    if not name.endswith("_c"):
        return f"SugarCRM's module {module} has no field '{name}'. Correct the name in the rule file."
    return (
        f"SugarCRM's module {module} has no field '{name}'. Create it as an administrator: Admin > Studio > "
        f"{module} > Fields > Add Field, type TextField, field name '{name.removesuffix('_c')}' (Studio adds "
        "the _c). Or put the name of the field that you use instead into the rule file."
    )


def require(module: str, names: Iterable[str], describe: Describe) -> None:
    """Raises MissingField for the first of `names` that the vendor's own list lacks."""
    fields = describe(module)
    for name in names if fields is not None else ():
        if fields is not None and name not in fields:
            raise MissingField(how_to_make(module, name))
