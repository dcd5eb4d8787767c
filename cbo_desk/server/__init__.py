"""The office's own PostgreSQL server: made, started and stopped, and how a workstation comes to trust it."""

from cbo_desk.server.certificates import Certificate, fingerprint_at, read_certificate
from cbo_desk.server.cluster import Cluster, Status, init_server, start_server, status_of, stop_server
from cbo_desk.server.scripts import script_for

__all__ = [
    "Certificate",
    "Cluster",
    "Status",
    "fingerprint_at",
    "init_server",
    "read_certificate",
    "script_for",
    "start_server",
    "status_of",
    "stop_server",
]
