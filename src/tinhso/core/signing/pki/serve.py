"""`python -m tinhso.core.signing.pki.serve --port 8010`: run the demonstration authority's services."""

from __future__ import annotations

import argparse
import logging
import socketserver
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from tinhso.core.db.embedded import data_home
from tinhso.core.signing.pki.authority import Authority
from tinhso.core.signing.pki.certificates import DEMO
from tinhso.core.signing.pki.service import Service


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """A thread per request: the work is a signature or two, and a slow client holds up nobody."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True


class _Handler(WSGIRequestHandler):
    timeout = 15

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, *_args: object) -> None:
        """The application logs its own requests."""


def make_server(authority: Authority, *, host: str, port: int) -> WSGIServer:
    """A server bound to the port (0 picks a free one) and not yet serving."""
    server = _Server((host, port), _Handler)
    server.set_app(Service(authority))
    return server


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=f"Tổ chức chứng thực {DEMO}")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--home", type=Path, default=data_home() / "secrets" / "pki", help="folder of keys")
    parser.add_argument("--url", help="address others reach this service at (default http://HOST:PORT)")
    parser.add_argument("--quiet", action="store_true", help="log only what goes wrong")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING if options.quiet else logging.INFO, format="%(message)s"
    )
    url = options.url or f"http://{options.host}:{options.port}"
    server = make_server(Authority(options.home, url), host=options.host, port=options.port)
    sys.stderr.write(f"Tổ chức chứng thực {DEMO}: {url}\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
