"""Rule sets over HTTP: list them, read one, see its values on a day, take its text."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.access import AskerDep
from app.database import ReadSessionDep
from app.errors import AddressUnknown, refusals
from app.http.queries import EACH_NAME_ONCE
from app.models import RuleVersion
from app.rule_sets import service
from app.rule_sets.folder import FoldersDep
from app.rule_sets.schemas import (
    RULE_DOCUMENT,
    AuthorityOut,
    CasesOut,
    CaseTableOut,
    Chosen,
    ChosenDay,
    ChosenKnown,
    NoteOut,
    PathOut,
    PathsOut,
    RuleSetOut,
    RuleSetPage,
    RuleSetWhole,
    Sought,
    SourceOut,
    ValueLater,
    ValueOut,
    ValuesOut,
)
from app.schemas import RuleSetIdentifier, page_of
from engine.cases import CaseTable
from engine.export import numbers_of, place_names, values_on
from engine.rules import RuleSet, plain
from engine.rules.notes import document_notes

router = APIRouter(prefix="/rule-sets", tags=["rule sets"], dependencies=[EACH_NAME_ONCE])

# Not for a cache that several people share: what is found depends on who asks.
FOR_EVER = "private, max-age=31536000, immutable"
# The latest version may be another one tomorrow: ask again, and read only what changed.
ASK_AGAIN = "no-cache"


@router.get("", summary="List published rule sets")
def list_rule_sets(
    sought: Annotated[Sought, Query()], asker: AskerDep, session: ReadSessionDep
) -> RuleSetPage:
    """List the latest version of each published rule set, in the order of identifiers."""
    rows = service.latest_versions(
        asker,
        session,
        authority_code=sought.la,
        authority=sought.authority,
        funding_year=sought.year,
        words=sought.q,
        kind=sought.kind,
        after=sought.after or "",
        limit=sought.limit,
    )
    items, following = page_of(rows, sought.limit, lambda row: row.identifier)
    return RuleSetPage(items=[RuleSetOut(**_facts(row)) for row in items], next=following)


@router.get("/{identifier}", summary="Read a rule set", responses=refusals(AddressUnknown))
def read_rule_set(
    identifier: RuleSetIdentifier,
    chosen: Annotated[ChosenKnown, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
) -> RuleSetWhole:
    """Read a published rule set with its document, every value in its long form.

    ``on`` and ``known`` ask for the version that applies on a day, as it was known on another: what an
    answer of that day rested on.
    """
    row = (
        service.version_known(asker, session, identifier, chosen.on, chosen.known)
        if chosen.version is None
        else service.version_of(asker, session, identifier, chosen.version)
    )
    document = service.published(asker, session, identifier, row.number).document
    return RuleSetWhole(
        **_facts(row),
        notes=[
            NoteOut(
                type=one.type,
                place=one.place or None,
                sentence=one.sentence,
                example=dict(one.example),
            )
            for one in document_notes(document)
        ],
        versions=service.versions_of(asker, session, identifier),
        about=document.about,
        sources=_sources(document),
        document=plain(document),
    )


@router.get(
    "/{identifier}/values",
    summary="Read the values of a rule set, of its year or of one day",
    responses=refusals(AddressUnknown),
)
def read_values(
    identifier: RuleSetIdentifier,
    chosen: Annotated[ChosenDay, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
) -> ValuesOut:
    """Read every value of a rule set that is in force in its year, or on one day, with its source."""
    day = chosen.on
    found = service.published(
        asker, session, identifier, chosen.version, on=day, known=chosen.known
    )
    document = found.document
    effective = document.effective
    values, names = list(values_on(document, document.in_force(day))), place_names(document)
    return ValuesOut(
        identifier=found.identifier,
        version=found.version,
        digest=found.digest,
        funding_year=document.funding_year,
        year_kind=document.year_kind,
        on=day,
        applies=day is None or effective.first <= day <= effective.last,
        values=[
            ValueOut(
                place=names[one.place],
                value=one.dated.value,
                since=one.dated.from_,
                source=document.sources[one.dated.source].title,
                standing=one.dated.standing,
                note=one.dated.note,
            )
            for one in values
            if one.dated is not None
        ],
        not_yet=[
            ValueLater(place=names[one.place], since=one.later)
            for one in values
            if one.later is not None
        ],
    )


@router.get(
    "/{identifier}/cases",
    summary="Read the worked examples that come with a rule set",
    responses=refusals(AddressUnknown),
)
def read_cases(
    identifier: RuleSetIdentifier,
    chosen: Annotated[Chosen, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
    folders: FoldersDep,
) -> CasesOut:
    """Read cases with what each comes to; `POST /v1/what-ifs/cases` tries the rules on them."""
    found = service.shipped_cases(asker, session, identifier, chosen.version, folders)
    return CasesOut(
        identifier=found.published.identifier,
        version=found.published.version,
        digest=found.published.digest,
        tables=[
            CaseTableOut(table=name, first_row=one.first_row, cases=_cases(one))
            for name, of_file in found.tables.items()
            for one in of_file
        ],
    )


@router.get(
    "/{identifier}/paths",
    summary="List the numbers of a rule set that a what-if can try",
    responses=refusals(AddressUnknown),
)
def list_paths(
    identifier: RuleSetIdentifier,
    chosen: Annotated[Chosen, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
) -> PathsOut:
    """List every path that an override may name: values with their dates, cut-offs, other numbers."""
    found = service.published(asker, session, identifier, chosen.version)
    return PathsOut(
        identifier=found.identifier,
        version=found.version,
        digest=found.digest,
        paths=[
            PathOut(
                path=one.path,
                kind=one.kind.value,
                value=one.value,
                since=None if one.dated is None else one.dated.from_,
                standing=None if one.dated is None else one.dated.standing,
            )
            for one in numbers_of(found.document)
        ],
    )


@router.get(
    "/{identifier}/document",
    response_class=Response,
    summary="Download the text of a rule set",
    responses={
        200: {
            "description": "The canonical text; its SHA-256 is the ETag",
            "content": {"application/json": {"schema": RULE_DOCUMENT}},
        },
        304: {"description": "The caller has this text already"},
        **refusals(AddressUnknown),
    },
)
def read_document(
    identifier: RuleSetIdentifier,
    chosen: Annotated[Chosen, Query()],
    asker: AskerDep,
    session: ReadSessionDep,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Take the one canonical text of a version, which never changes."""
    row = service.version_of(asker, session, identifier, chosen.version)
    headers = {
        "ETag": f'"{row.digest}"',
        "Cache-Control": FOR_EVER if chosen.version is not None else ASK_AGAIN,
    }
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if headers["ETag"] in tags or tags == ["*"]:
        return Response(status_code=304, headers=headers)
    text = service.text_of(asker, session, row.digest)
    return Response(text, headers=headers, media_type="application/json")


def _facts(row: RuleVersion) -> dict[str, Any]:
    """Return the summary of a version that every answer shows."""
    authority = None
    if row.authority_code is not None:
        authority = AuthorityOut(code=row.authority_code, name=row.authority_name or "")
    return {
        "identifier": row.identifier,
        "version": row.number,
        "digest": row.digest,
        "title": row.title,
        "authority": authority,
        "funding_year": row.funding_year,
        "year_kind": row.year_kind,
        "effective_first": row.effective_first,
        "effective_last": row.effective_last,
        "standing": row.standing,
        "kinds": service.kinds_of(row),
        "published_at": row.published_at,
        "state": row.state,
        "ended_at": row.ended_at,
        "author": row.author,
        "reviewer": row.reviewer,
    }


def _cases(table: CaseTable) -> list[dict[str, str]]:
    """Return the rows of a table of cases, without the cells that are blank."""
    rows = table.frame.iter_rows(named=True)
    return [{name: cell for name, cell in row.items() if cell} for row in rows]


def _sources(document: RuleSet) -> list[SourceOut]:
    return [
        SourceOut(key=key, title=one.title, publisher=one.publisher, where=one.where)
        for key, one in document.sources.items()
    ]
