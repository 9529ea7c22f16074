"""What a browser would send of a form as it stands: every control, with what is chosen in it."""

from html.parser import HTMLParser

from tests.properties.rig import NAME

Form = dict[str, list[str]]


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.form: Form = {}
        self._action, self._inside, self._done = action, False, False
        self._select = self._area = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("action") == self._action and not self._done
        if not self._inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self._add(name, value)
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((value, "selected" in given))
        elif tag == "textarea":
            self._area = name
            self._add(name, "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.form[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside:
            self._inside, self._done = False, True
        elif tag == "textarea":
            self._area = ""
        elif tag == "select" and self._select:
            chosen = [value for value, picked in self._options if picked]
            self._add(self._select, chosen[0] if chosen else self._options[0][0])
            self._select = ""

    def _add(self, name: str, value: str) -> None:
        if name:
            self.form.setdefault(name, []).append(value)


def filled(body: str, action: str) -> Form:
    """Name -> every value, of the first form of the page that goes to this action."""
    reader = _Reader(f"/{NAME}/{action}")
    reader.feed(body)
    return reader.form
