"""How gunicorn serves the site. PORT, HOST, WEB_CONCURRENCY and WEB_THREADS override what stands here."""

import os

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

_embedded = os.environ.get("DATABASE_URL", "sqlite:").startswith("sqlite:")

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '5000')}"

# SQLite has one writer anyway, and one process keeps its cache warm; a server gains from a second process.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or (1 if _embedded else 2))
threads = int(os.environ.get("WEB_THREADS") or (8 if _embedded else 4))

# Loaded once, before the workers are forked: settings that cannot be used end the start at once, with their sentence.
preload_app = True

# No request waits over 15 seconds; a worker that is silent for twice that is stuck.
timeout = 30
graceful_timeout = 25
keepalive = 5

# A slow leak never grows old. The jitter keeps two workers from leaving together.
max_requests = 10_000
max_requests_jitter = 1_000

# The heartbeat file must not wait for a disk, where there is a place in memory that we may write to.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

# We steer by signals; a control socket in the home folder is one thing more to guard.
control_socket_disable = True

# X-Forwarded-For and -Proto are read once, by ProxyFix; gunicorn must not act on them a second time.
forwarded_allow_ips = ""

# The application writes its own line for each request.
accesslog = None
errorlog = "-"
# Its warnings quote the first line of requests that it cannot read, and with it what people looked for.
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "error")


def post_fork(_server: Arbiter, _worker: Worker) -> None:
    """Give each worker connections of its own: one that loading the site had opened must not be shared."""
    from run import app
    from webapp.storage.db import db

    with app.app_context():
        db.engine.dispose(close=False)
