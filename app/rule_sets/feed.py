"""What became of rule sets as an Atom feed (RFC 4287), which a mail program or a chat can watch."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from app.models import RuleVersion, State

NAMESPACE = "http://www.w3.org/2005/Atom"
FEED = "urn:evenband:rule-sets"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
MEDIA = "application/atom+xml; charset=utf-8"
WORDS = {State.superseded: "was superseded by a later version", State.withdrawn: "was withdrawn"}


class Release(NamedTuple):
    """Something that became of a version: it was published, superseded or withdrawn."""

    at: datetime
    identifier: str
    number: int
    digest: str
    title: str
    became: State

    @property
    def sentence(self) -> str:
        """Return it in words."""
        became = WORDS.get(self.became, "was published")
        return f"{self.identifier} version {self.number} {became}"

    @property
    def name(self) -> str:
        """Return the id of the entry, which never changes."""
        return f"{FEED}:{self.identifier}:{self.number}:{self.digest}:{self.became.value}"


def releases_of(versions: Sequence[RuleVersion], most: int) -> list[Release]:
    """Return what became of versions, the newest first: each was published, and some have ended."""
    found = []
    for one in versions:
        facts = (one.identifier, one.number, one.digest, one.title)
        if one.published_at is not None:
            found.append(Release(one.published_at, *facts, State.published))
        if one.ended_at is not None:
            found.append(Release(one.ended_at, *facts, State(one.state)))
    found.sort(key=lambda one: (one.at, one.name), reverse=True)
    return found[:most]


def atom(releases: Sequence[Release]) -> bytes:
    """Return releases as a feed: addresses are of this service, and nothing in it runs."""
    feed = Element("feed", {"xmlns": NAMESPACE})
    SubElement(feed, "id").text = FEED
    SubElement(feed, "title").text = "Evenband: rule sets published, superseded and withdrawn"
    SubElement(feed, "updated").text = _moment(releases[0].at if releases else NEVER)
    SubElement(SubElement(feed, "author"), "name").text = "Evenband"
    SubElement(feed, "link", {"rel": "self", "href": "/rule-sets.atom"})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": "/rules"})
    for one in releases:
        entry = SubElement(feed, "entry")
        SubElement(entry, "id").text = one.name
        SubElement(entry, "title").text = one.sentence
        SubElement(entry, "updated").text = _moment(one.at)
        address = f"/rules/{one.identifier}?version={one.number}"
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
        SubElement(entry, "summary", {"type": "text"}).text = _plain(one.title)
    text: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _plain(text: str) -> str:
    """Return a text without signs that XML cannot hold."""
    return "".join(one if one.isprintable() else " " for one in text)
