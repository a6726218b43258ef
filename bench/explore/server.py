"""Serve the explorer on this machine until it is interrupted."""

import logging
import socket
import sys
import webbrowser
from pathlib import Path
from threading import Timer

from werkzeug.serving import BaseWSGIServer, make_server

from bench.errors import UsageError
from bench.explore.app import make_app

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANY = frozenset({"0.0.0.0", "::"})  # every address of this machine, so also this one
PORT = 8050
TRIED = 20  # ports from the first on, where none was asked for


def serve(results: Path, host: str, port: int | None, browser: bool) -> None:
    """Serve until Ctrl-C: print the address, open it in a `browser`. Raises `UsageError` where the port is taken."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = listening(results, host, port)
    address = f"http://{name_in_address(host)}:{server.server_port}/"
    print(address, flush=True)
    print("Ctrl-C ends it.", file=sys.stderr)
    if host not in LOOPBACK:
        print(f"It answers everybody who reaches {host}; there is no password.", file=sys.stderr)
    if browser:
        Timer(0.2, webbrowser.open, (address,)).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def name_in_address(host: str) -> str:
    """`host` as an address of the web names it."""
    if host in LOOPBACK | ANY:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def listening(results: Path, host: str, port: int | None) -> BaseWSGIServer:
    """A server bound to `port`, or to the first that is free from `PORT` on where None was asked for."""
    app = make_app(results, LOOPBACK if host in LOOPBACK else None)
    free = first_free(host) if port is None else checked(host, port)
    return make_server(host, free, app.server, threaded=True)


def first_free(host: str) -> int:
    """The first port from `PORT` on that nobody listens to."""
    checked(host, 0)  # whichever port: is it an address?
    for port in range(PORT, PORT + TRIED):
        if not fault(host, port):
            return port
    raise UsageError(f"the ports {PORT} to {PORT + TRIED - 1} are all taken; give another by --port")


def checked(host: str, port: int) -> int:
    """`port`; raises `UsageError` where it cannot be listened to."""
    if not host.strip():
        raise UsageError(f"--host {host!r} names no address; give 127.0.0.1 for this machine only, 0.0.0.0 for all")
    if why := fault(host, port):
        where = f"{host!r}, port {port}" if port else repr(host)
        raise UsageError(f"cannot listen to {where} ({why}); give another by --port or --host")
    return port


def fault(host: str, port: int) -> str:
    """Why `port` cannot be listened to; empty where it can."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        return str(error.strerror or error).lower()
    except UnicodeError:  # of a name that no machine may have
        return "not an address"
    return ""
