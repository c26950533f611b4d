"""Keeps a Python process off the network, loopback excepted. Takes effect by lying on PYTHONPATH.

pytest-socket guards the tests' own process only; programs that tests start are guarded by this file
(see tests/offline.py), and so are the Python programs that those start in turn.
"""

import ipaddress
import socket
import sys

_NAMES = ("localhost", "ip6-localhost", "")


class Offline(OSError):
    """A connection that a test must not make."""


def _allowed(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in _NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event: str, arguments: tuple) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and not _allowed(address[0]):
            raise Offline(f"offline: {event} to {address[0]}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not _allowed(arguments[0]):
        raise socket.gaierror(socket.EAI_NONAME, f"offline: {event} of {arguments[0]}")


# An audit hook cannot be undone or passed by: it sees every use of sockets from Python, whatever the library.
sys.addaudithook(_refuse)
