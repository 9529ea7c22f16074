"""What may be done through the API: the buttons of the pages, with the same checks, under the same roles."""

from collections.abc import Callable, Mapping

from shared.console.actions import alike, previewing, saying
from shared.console.api import deed_models
from shared.console.api.asked import RECORD, Asked
from shared.console.visit import Done, NotFound, Role, Visit
from shared.domain.record import record, replace

THROUGH = "the API"
_DECIDES: Mapping[str, tuple[str, Callable[[Visit], Done]]] = {
    "same": ("decide", alike.decide),
    "different": ("decide", alike.decide),
    "accept": ("accept", saying.accept_side),
    "put-back": ("accept", saying.accept_side),
    "leave-out": ("skip", saying.skip),
    "take-up": ("take-up", saying.take_up),
}
"""Choice -> the button that does it."""


@record
class Deed:
    """`button`: by what it was asked, the name that the audit trail has, and what does it."""

    path: str
    says: str
    button: Callable[[Visit], tuple[str, Callable[[Visit], Done]]]
    asked: tuple[Asked, ...] = ()
    kind: type = deed_models.Done
    method: str = "post"
    role: Role = "admin"


def entered(visit: Visit) -> Visit:
    """The visit with the form as the page's own button would send it: nothing of another choice is in it."""
    form = {**visit.request.form, "through": (THROUGH,)}
    choice = visit.request.said("choice")
    if choice in ("same", "different"):
        form["verdict"] = (choice,)
    if choice == "accept":
        form |= {"at": (), "seq": ()}
    return replace(visit, request=replace(visit.request, form=form))


def _decide(visit: Visit) -> tuple[str, Callable[[Visit], Done]]:
    """Raises NotFound for no choice of ours, and for a value that did not lose."""
    choice = visit.request.said("choice")
    if choice not in _DECIDES or (choice == "put-back" and not visit.request.said("seq")):
        raise NotFound
    return _DECIDES[choice]


DEEDS = (
    Deed(
        "make-preview",
        "Has a list looked through, or all of them, without writing anything: `previews` says how far it is",
        lambda _: ("preview", previewing.make),
        (Asked("entity", "The list; blank for all that can be previewed."),),
    ),
    Deed(
        "decide",
        "Settles what only a person can, of one record: `choices` says what may be chosen",
        _decide,
        (
            *RECORD,
            Asked(
                "choice",
                "The record is the `same` as those in `other`, or `different`; `accept` the value of `side`; "
                "`put-back` a value that lost; `leave-out` the record for good, or `take-up` it again.",
                tuple(_DECIDES),
                needed=True,
            ),
            Asked("other", "With same and different: ids of `look_alikes`, once for each.", many=True),
            Asked("field", "With accept and put-back, as in `choices`; so are side, stamp, at and seq."),
            Asked("side", "The system whose value it is."),
            Asked("stamp", "What was shown."),
            Asked("at", "With put-back: when it lost."),
            Asked("seq", "With put-back: the row of the log."),
        ),
    ),
)
