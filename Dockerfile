# Two stages of one Python: the first installs and compiles, the second only runs.
FROM python:3.12-bookworm AS build
# One kind of processor, so that kernels compiled here are used wherever the image runs.
ENV NUMBA_CPU_NAME=x86-64-v3 NUMBA_CPU_FEATURES="" EVENBAND_CACHE_DIR=/srv/evenband/.cache/kernels
WORKDIR /srv/evenband
COPY . .
RUN make warm
WORKDIR /data

FROM python:3.12-slim-bookworm
ENV NUMBA_CPU_NAME=x86-64-v3 NUMBA_CPU_FEATURES="" EVENBAND_CACHE_DIR=/srv/evenband/.cache/kernels \
    EVENBAND_DATABASE_URL=sqlite:////data/evenband.sqlite EVENBAND_PORT=8000 \
    EVENBAND_HOST=0.0.0.0 EVENBAND_ALLOW_PUBLIC=true \
    PATH=/srv/evenband/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /srv/evenband
COPY --from=build /srv/evenband .
# A plain user owns the data alone. The root may be read-only: kernels are then copied to /tmp.
COPY --from=build --chown=10001:10001 /data /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["evenband", "serve"]
