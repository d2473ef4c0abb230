# Two stages: the compiler that mysqlclient needs stays in the first.

FROM python:3.13-slim-bookworm AS build

# Debian's own security updates are wanted, so the versions of its packages are not pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libmariadb-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY requirements-core.txt requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt


FROM python:3.13-slim-bookworm

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmariadb3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --shell /usr/sbin/nologin devtrackr

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    APP_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000

WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY . .
RUN python -m compileall -q config.py run.py webapp

USER 10001
EXPOSE 8000

# For the web server; where only the worker runs, compose.yaml switches it off.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 CMD ["bin/health"]

# The web server and the worker, or the one that DEVTRACKR_PROCESSES names. The database has been migrated before.
CMD ["bin/serve"]
