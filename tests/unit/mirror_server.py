"""A mirror on loopback that serves files well, badly and in ways that no mirror should."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

Answer = Callable[[BaseHTTPRequestHandler], None]


def good(body: bytes) -> Answer:
    return lambda handler: send(handler, body)


def status(code: int) -> Answer:
    return lambda handler: send(handler, b"no", code)


def truncated(body: bytes) -> Answer:
    """State the whole length, send half."""
    return lambda handler: send(handler, body[: len(body) // 2], length=len(body))


def unannounced_truncated(body: bytes) -> Answer:
    """Send half and state no length, so that only the hash can tell."""
    return lambda handler: send(handler, body[: len(body) // 2], length=None)


def trickled(body: bytes) -> Answer:
    """Send byte by byte."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, b"", length=len(body))
        for byte in body:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()

    return answer


def stalled(body: bytes) -> Answer:
    """Send half and no more, until the client hangs up."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, body[: len(body) // 2], length=len(body))
        handler.wfile.flush()
        handler.connection.recv(1)

    return answer


def endless(start: bytes) -> Answer:
    """Send without end, until the client hangs up."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, start, length=None)
        while True:
            handler.wfile.write(b"x" * 65_536)

    return answer


def decompressing(body: bytes, content: bytes) -> Answer:
    """Offer the archive as the gzip encoding of its content, as servers that know `.gz` do."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        accepted = "gzip" in handler.headers.get("Accept-Encoding", "")
        send(handler, body, headers={"Content-Encoding": "gzip"} if accepted else {})

    assert body != content
    return answer


def redirect(address: str) -> Answer:
    return lambda handler: send(handler, b"", 302, headers={"Location": address})


def endless_redirect(address: str) -> Answer:
    """Redirect, and send without end, until the client hangs up."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, b"", 302, length=None, headers={"Location": address})
        while True:
            handler.wfile.write(b"x" * 65_536)

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Answer the first request with the first, and so on; the last one stays."""
    left = list(answers)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    code: int = 200,
    length: int | None = -1,
    headers: dict[str, str] | None = None,
) -> None:
    """Send a response; a `length` of -1 stands for the body's own, None for none stated."""
    handler.send_response(code)
    for key, value in (headers or {}).items():
        handler.send_header(key, value)
    if length is not None:
        handler.send_header("Content-Length", str(len(body) if length == -1 else length))
    handler.end_headers()
    handler.wfile.write(body)


class MirrorServer:
    """Serves on a free port while its block lasts; paths without an answer are 404."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requested: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.requested.append(self.path)
                try:
                    mirror.answers.get(self.path, status(404))(self)
                except ConnectionError:
                    self.close_connection = True  # the client hung up, as some tests want it to

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def __enter__(self) -> "MirrorServer":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
