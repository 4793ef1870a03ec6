"""A time-stamping authority on this machine: a certificate authority of its own, `openssl ts`, and a loopback HTTP server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ts]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers questions for time stamps. `answers` says how: as it should, or in one of the ways that must be refused."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers = "well"
        self.asked: list[bytes] = []
        self.url = ""
        config = folder / "openssl.cnf"
        config.write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        for name in ("ca", "tsa", "other"):
            self.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", f"{name}.key")
        for name in ("ca", "other"):
            self.openssl(
                "req", "-x509", "-new", "-key", f"{name}.key", "-subj", f"/CN=Test {name}", "-days", "2",
                "-config", "openssl.cnf", "-extensions", "ca", "-out", f"{name}.pem",
            )  # fmt: skip
        self.openssl("req", "-new", "-key", "tsa.key", "-subj", "/CN=Test stamps", "-config", "openssl.cnf", "-out", "tsa.csr")
        self.openssl(
            "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "2", "-days", "2",
            "-extfile", "openssl.cnf", "-extensions", "tsa", "-out", "tsa.pem",
        )  # fmt: skip
        self.ca, self.other_ca = folder / "ca.pem", folder / "other.pem"

    def openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=30)

    def reply(self, question: bytes) -> bytes:
        """The .tsr to a .tsq."""
        (self.folder / "question.tsq").write_bytes(question)
        self.openssl(
            "ts", "-reply", "-queryfile", "question.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key", "-chain", "ca.pem",
            "-config", "openssl.cnf", "-section", "ts", "-out", "reply.tsr",
        )  # fmt: skip
        return (self.folder / "reply.tsr").read_bytes()

    @contextmanager
    def serving(self) -> Iterator[Authority]:
        """On a port of the loopback, until the end."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}/tsa"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append(question)
            how = authority.answers
            self.send_response({"an error": 500, "elsewhere": 302}.get(how, 200))
            if how == "elsewhere":
                self.send_header("Location", authority.url)
            self.end_headers()
            self.wfile.write(self._content(how, question))

        def _content(self, how: str, question: bytes) -> bytes:
            match how:
                case "well":
                    return authority.reply(question)
                case "the question before":
                    return authority.reply(authority.asked[0])
                case "too much":
                    return bytes(2 << 20)
                case "a refusal":
                    return bytes.fromhex("30053003020102")
                case _:
                    return b"<html>no</html>"

        def log_message(self, *words: object) -> None:
            """Tests print nothing."""

    return Handler
