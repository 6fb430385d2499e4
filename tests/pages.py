"""A page taken apart: its elements in order, and whether it is well formed."""

from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "img", "input", "br", "link", "hr"}
ADDRESSES = ("src", "href", "action", "data", "poster", "srcset")


class Element(NamedTuple):
    """An element, the names of those around it, and all text inside."""

    name: str
    attributes: dict[str, str | None]
    around: tuple[str, ...]
    words: list[str]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


class Page(HTMLParser):
    """Elements of a page in order; refuses one that is not well formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert not self._open, f"left open: {self._open[-1].name}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag}: an attribute twice"
        element = Element(tag, dict(attrs), tuple(outer.name for outer in self._open), [])
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].name == tag, f"</{tag}> closes {self._open and self._open[-1].name}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)

    def all(self, name: str) -> list[Element]:
        return [element for element in self.elements if element.name == name]

    def ids(self) -> list[str]:
        return [str(element.attributes["id"]) for element in self.elements if "id" in element.attributes]

    def addresses(self) -> list[str]:
        """Everything that a browser would fetch or go to."""
        return [
            str(element.attributes[key]) for element in self.elements for key in ADDRESSES if key in element.attributes
        ]
