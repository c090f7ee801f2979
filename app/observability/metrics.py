"""Metrics in the form that Prometheus reads; every label is of a closed set, and none is a person's or a pupil's."""

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.admission import Gate
from app.observability.facts import RequestFacts

LABELS = frozenset({"route", "method", "status", "kind", "queue", "le"})
"""Every label that a metric may have; ``le`` is that of the bounds of seconds."""

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class GateCollector(Collector):
    """What the queues of the service hold when it is asked."""

    def __init__(self, gate: Gate) -> None:
        """Ask a gate."""
        self.gate = gate

    def collect(self) -> Iterator[Metric]:
        """Yield how much work of each kind runs, waits, was done, and was refused for want of capacity."""
        running = GaugeMetricFamily(
            "evenband_calculations_running", "calculations at work now", labels=["queue"]
        )
        waiting = GaugeMetricFamily(
            "evenband_calculations_waiting",
            "calculations that wait for their turn",
            labels=["queue"],
        )
        done = CounterMetricFamily(
            "evenband_calculations", "calculations that came to their end", labels=["queue"]
        )
        busy = CounterMetricFamily(
            "evenband_calculations_refused", "calculations refused with 503", labels=["queue"]
        )
        for name, queue in (("light", self.gate.light), ("heavy", self.gate.heavy)):
            running.add_metric([name], queue.running)
            waiting.add_metric([name], len(queue.waiting))
            done.add_metric([name], queue.finished)
            busy.add_metric([name], queue.refused)
        yield from (running, waiting, done, busy)


class Metrics:
    """The metrics of one service."""

    def __init__(self, gate: Gate) -> None:
        """Begin at 0."""
        self.registry = CollectorRegistry()
        self.registry.register(GateCollector(gate))
        labels = ("route", "method", "status")
        self.requests = Counter(
            "evenband_requests", "requests that were answered", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "evenband_request_seconds",
            "seconds from a request's head to the last of its answer",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.refusals = Counter(
            "evenband_refusals", "requests that were refused", ("kind",), registry=self.registry
        )

    def observe(self, facts: RequestFacts, state: Mapping[str, Any]) -> None:  # noqa: ARG002 - nothing of the state is counted
        """Count a request."""
        status = f"{facts.status // 100}xx"
        self.requests.labels(facts.route, facts.method, status).inc()
        self.seconds.labels(facts.route).observe(facts.seconds)
        if facts.kind:
            self.refusals.labels(facts.kind).inc()

    def text(self) -> bytes:
        """Return every metric as text."""
        return generate_latest(self.registry)
