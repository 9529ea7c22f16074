"""A person at the console over HTTP, without a script: follows links, fills in forms, counts the clicks."""

import urllib.request
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from tests.browser.console_world import KEY


class _Form:
    def __init__(self, method: str, action: str) -> None:
        self.method, self.action = method, action
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, str, str]] = []


class _Page(HTMLParser):
    """Links by what they say, and forms with what stands in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.forms: list[_Form] = []
        self._form: _Form | None = None
        self._said: list[str] | None = None
        self._open: dict[str, str] = {}
        self._select: tuple[str, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = _Form(found.get("method", "get"), found.get("action", ""))
            self.forms.append(self._form)
        elif tag in ("a", "button", "textarea"):
            self._open, self._said = found, []
        elif tag == "input" and self._form is not None and "name" in found:
            self._form.fields.append((found["name"], found.get("value", "")))
        elif tag == "select":
            self._select = (found["name"], None)
        elif tag == "option" and self._select is not None:
            if self._select[1] is None or "selected" in found:
                self._select = (self._select[0], found.get("value", "\0"))
            if found.get("value") is None and "selected" in found:
                self._open, self._said = {"option": "yes"}, []

    def handle_data(self, data: str) -> None:
        if self._said is not None:
            self._said.append(data)

    def handle_endtag(self, tag: str) -> None:
        said = "".join(self._said or ()).strip()
        if tag == "form":
            self._form = None
        elif tag == "a" and self._said is not None:
            self.links.append((said, self._open.get("href", "")))
        elif tag == "button" and self._form is not None:
            self._form.buttons.append((said, self._open.get("name", ""), self._open.get("value", "")))
        elif tag == "textarea" and self._form is not None:
            self._form.fields.append(
                (self._open.get("name", ""), "".join(self._said or ()).removeprefix("\n"))
            )
        elif tag == "option" and self._open.get("option") and self._select is not None:
            self._select = (self._select[0], said)
        elif tag == "select" and self._select is not None and self._form is not None:
            value = self._select[1]
            self._form.fields.append((self._select[0], "" if value in (None, "\0") else value or ""))
            self._select = None
        if tag in ("a", "button", "textarea", "option"):
            self._open, self._said = {}, None


class Person:
    def __init__(self, address: str, key: str = KEY) -> None:
        self._cookie, self._at, self.clicks, self.text = f"tieout={key}", address, 0, ""

    def open(self, path: str) -> None:
        self._go(urljoin(self._at, path))

    def click(self, words: str) -> None:
        """The first link that says this."""
        self.clicks += 1
        found = next(address for said, address in _Page(self.text).links if words in said)
        self._go(urljoin(self._at, found))

    def press(self, words: str, **entered: str) -> None:
        """The first button that says this, once the fields of its form were filled in."""
        self.clicks += 1
        form, (_, name, value) = next(
            (form, button)
            for form in _Page(self.text).forms
            for button in form.buttons
            if words in " ".join(button[0].split())
        )
        known = {field for field, _ in form.fields}
        assert entered.keys() <= known, (entered.keys() - known, known)
        fields = {**dict(form.fields), **entered, **({name: value} if name else {})}
        self._go(urljoin(self._at, form.action or self._at), urlencode(fields).encode())

    def _go(self, address: str, body: bytes | None = None) -> None:
        asked = urllib.request.Request(address, body, {"Cookie": self._cookie})
        with urllib.request.urlopen(asked) as answer:
            self._at, self.text = answer.url, answer.read().decode()
