"""What people call the records that a field refers to: no sentence names one by our own id."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.domain.titles import title
from shared.mapping.links import canonical_links
from shared.mapping.model import EntityFlow
from shared.sync.engine.context import Context
from shared.sync.engine.references import learn_links
from shared.sync.told import NAMELESS, Names, quoted, texts


def called(ctx: Context, flow: EntityFlow, records: Iterable[Mapping[str, Any]]) -> Names:
    """Link -> name, of every link in these canonical values. 1 request where one is not known yet."""
    names, listed = dict[str, str](), [*records]
    for object_map in flow.maps.values():
        learn_links(ctx, object_map, listed)
        for record in listed:
            for _, link in canonical_links(object_map.links, record):
                names[link] = ctx.book.labels.get(link, NAMELESS)
    often = Counter(names.values())
    return {link: f"{name}{_whose(ctx, link)}" if often[name] > 1 else name for link, name in names.items()}


def _whose(ctx: Context, link: str) -> str:
    """What tells two records of one name apart: where it stands, and under which of that system's ids."""
    found = sorted((system, own[link]) for (system, _), own in ctx.book.ids.items() if link in own)
    return f" ({title(found[0][0])} {found[0][1]})" if found else ""


def beside(
    ctx: Context, flow: EntityFlow, name: str, values: Sequence[Any], nothing: str = "nothing"
) -> list[str]:
    """Values of one field beside each other, for the middle of a sentence."""
    return quoted(values, called(ctx, flow, [{name: value} for value in values]), nothing)


def texts_of(ctx: Context, flow: EntityFlow, name: str, values: Sequence[Any]) -> list[str]:
    """The same alone, "" for nothing."""
    return texts(values, called(ctx, flow, [{name: value} for value in values]))
