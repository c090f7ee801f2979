"""The address at which Prometheus reads the metrics; it is there only where the settings ask for it."""

from typing import cast

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from app.observability.metrics import Metrics

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def read_metrics(request: Request) -> Response:
    """Answer with every metric: counts and seconds by route, method and status, and nothing that was sent."""
    metrics = cast("Metrics", request.app.state.metrics)
    return Response(metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
