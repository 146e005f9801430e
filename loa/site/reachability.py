"""Is a port free, does a page answer: asked with plain sockets, without an HTTP library."""

import errno
import socket


def taken(address: str, port: int) -> str:
    """Return why `port` cannot be listened on, in a few words; "" when it can."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
            trial.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "is taken by another program"
            if error.errno == errno.EACCES:
                return "needs rights that this account does not have (ports below 1024 do)"
            if error.errno == errno.EADDRNOTAVAIL:
                return f"cannot be used: {address} is not an address of this machine"
            return f"cannot be used: {error.strerror}"
    return ""


def answers(address: str, port: int, path: str, *, within_s: float = 5.0) -> bool:
    """Tell whether GET `path` gets an answer that is no server error."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - compared
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(  # noqa: TID251 - our own port
            (here, port), timeout=within_s
        ) as connection:
            connection.sendall(request.encode())
            status = connection.recv(64)
    except OSError:
        return False
    return status.startswith(b"HTTP/1.1 ") and status[9:10] in b"234"
