"""Keys of an organisation over HTTP, for its administrators."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body

from app.access import service
from app.access.askers import Asker
from app.access.permission import require
from app.access.rights import Right
from app.access.schemas import KeyOut, KeyPrefix, KeyRequest, KeysOut, NewKey
from app.bodies.route import MOST_BYTES, WritingRoute
from app.database import ReadSessionDep, SessionDep
from app.errors import AddressUnknown, refusals
from app.http.queries import EACH_NAME_ONCE
from app.models import AccessKey

AdminDep = Annotated[Asker, require(Right.administer)]

router = APIRouter(
    prefix="/keys",
    tags=["keys"],
    route_class=WritingRoute,
    dependencies=[EACH_NAME_ONCE],
    max_body_size=MOST_BYTES,
)
EXAMPLE = {
    "a payment run": {
        "value": {
            "name": "nightly payment run",
            "kind": "service",
            "roles": ["modeller"],
            "days": 90,
        }
    }
}


@router.get("", summary="List the keys of your organisation")
def list_keys(asker: AdminDep, session: ReadSessionDep) -> KeysOut:
    """List every key, those that expired or were revoked too; no secret is among them."""
    return KeysOut(items=[KeyOut(**_facts(one)) for one in service.keys_of(asker, session)])


@router.post("", status_code=201, summary="Make a key")
def create_key(
    wanted: Annotated[KeyRequest, Body(openapi_examples=EXAMPLE)],
    asker: AdminDep,
    session: SessionDep,
) -> NewKey:
    """Make a key; the answer has its text, which is kept nowhere and cannot be shown again."""
    key, text = service.create_key(
        asker, session, wanted.name, wanted.roles, wanted.days, wanted.kind
    )
    return NewKey(**_facts(key), key=text)


@router.delete("/{prefix}", summary="Revoke a key", responses=refusals(AddressUnknown))
def revoke_key(prefix: KeyPrefix, asker: AdminDep, session: SessionDep) -> KeyOut:
    """Revoke a key at once; it stays in the list, and a second time changes nothing."""
    key, _ = service.revoke_key(asker, session, prefix)
    return KeyOut(**_facts(key))


def _facts(key: AccessKey) -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "kind": key.kind,
        "name": key.name,
        "roles": sorted(service.roles_of(key)),
        "state": service.state_of(key, datetime.now(UTC)),
        "created_by": key.created_by,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used": key.last_used,
    }
