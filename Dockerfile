# Two stages of one Python: the first builds, installs and compiles, the second only runs.
# Both bases are Python 3.12.14 on Debian bookworm, by the digests that Docker's official images
# publish (docker-library/repo-info, August and September 2026). Take newer ones both at once:
# one version of Python builds and runs.
ARG BUILD_BASE=python:3.12-bookworm@sha256:dbbe4ceb97851e2e5fa83798b239811f871cb743b259ba3563737349f6bcfaa0
ARG RUN_BASE=python:3.12-slim-bookworm@sha256:0f5b26b9518d002b6173fd61daad821fa340635ebfec5bba471013f9ca114579

FROM ${BUILD_BASE} AS build
# One kind of processor, so that kernels compiled here are used wherever the image runs.
ENV NUMBA_CPU_NAME=x86-64-v3 NUMBA_CPU_FEATURES="" EVENBAND_CACHE_DIR=/opt/evenband/kernels
WORKDIR /source
COPY . .
RUN make deploy PREFIX=/opt/evenband
# From a folder without the checkout, so that the installed wheel is what compiles.
WORKDIR /data
RUN /opt/evenband/bin/python -m engine.warm

FROM ${RUN_BASE}
# It listens inside the container alone until whoever runs it says otherwise, as compose.yaml does.
ENV NUMBA_CPU_NAME=x86-64-v3 NUMBA_CPU_FEATURES="" EVENBAND_CACHE_DIR=/opt/evenband/kernels \
    EVENBAND_DATABASE_URL=sqlite:////data/evenband.sqlite EVENBAND_PORT=8000 \
    PATH=/opt/evenband/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
COPY --from=build /opt/evenband /opt/evenband
# A plain user owns the data alone. The root may be read-only: kernels are then copied to /tmp.
COPY --from=build --chown=10001:10001 /data /data
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import os; from urllib.request import urlopen; urlopen(f'http://127.0.0.1:{os.environ[\"EVENBAND_PORT\"]}/health/ready', timeout=4)"]
CMD ["evenband", "serve"]
