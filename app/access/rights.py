"""Roles that people and keys have, and what each of them allows."""

from collections.abc import Iterable
from enum import StrEnum


class Right(StrEnum):
    """Something that an asker may do or not."""

    read = "read"
    """published rule sets, the pages about schools, figures for cells"""
    calculate = "calculate"
    """what-ifs with records of pupils and schools"""
    draft = "draft"
    """drafts of rule sets, and comments on them"""
    review = "review"
    """approving a draft, or sending it back"""
    publish = "publish"
    """publishing what was approved, and withdrawing what is published"""
    administer = "administer"
    """people and keys of an organisation"""
    read_audit = "read audit"
    """who did what"""


class Role(StrEnum):
    """What a person or a key is to an organisation; one may have several roles."""

    viewer = "viewer"
    modeller = "modeller"
    author = "author"
    reviewer = "reviewer"
    publisher = "publisher"
    admin = "admin"


_WORK = frozenset({Right.read, Right.calculate})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.viewer: frozenset({Right.read}),
    Role.modeller: _WORK,
    Role.author: _WORK | {Right.draft},
    Role.reviewer: _WORK | {Right.review},
    Role.publisher: _WORK | {Right.publish},
    Role.admin: _WORK | {Right.administer, Right.read_audit},
}
"""What each role allows; nothing else allows anything."""


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return what several roles allow together."""
    return frozenset[Right]().union(*(RIGHTS[one] for one in roles))
