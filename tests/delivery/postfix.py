"""A real Postfix for one test run: its own configuration, queue, ports, users and authority; the system's is left alone.

    with running_postfix(tmp_path) as server:
        Server("main", "localhost", server.submission, "starttls", user=server.user, ca_file=str(server.ca_file))

Its master runs as root, so it needs root and the packages postfix, sasl2-bin, libsasl2-modules and openssl; `MISSING` says what
is not there.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.delivery.processes import free_port, wait_for_port

DOMAIN = "letters.test"
KNOWN = f"known@{DOMAIN}"
"""The one recipient there is; everybody else of the domain is refused with 550."""
PASSWORD = "Correct-Horse/9+battery"


def _missing() -> str | None:
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a private Postfix needs Linux and root; nothing is tested against a real one here"
    lacking = [name for name in ("postfix", "saslpasswd2", "openssl") if shutil.which(name) is None]
    return f"a private Postfix needs {', '.join(lacking)}; nothing is tested against a real one here" if lacking else None


MISSING = _missing()
needs_postfix = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")


@dataclass(frozen=True)
class Postfix:
    """A running Postfix."""

    folder: Path
    host: str
    """The only name its certificate is made for; 127.0.0.1 is not on it."""
    submission: int
    """STARTTLS, and a login needed."""
    smtps: int
    """TLS from the first byte, and a login needed."""
    plain: int
    """No TLS and no login: takes mail for its own domain from anybody."""
    ca_file: Path
    other_ca_file: Path
    """An authority that has nothing to do with it."""
    user: str
    password: str
    maildir: Path
    """Where mail to KNOWN lies, below `new`."""
    log: Path

    def delivered(self, mark: bytes, seconds: float = 15.0) -> bytes:
        """The delivered message that holds `mark`, with the headers Postfix put before it. LookupError when none comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for path in (self.maildir / "new").glob("*"):
                if mark in (content := path.read_bytes()):
                    return content
            time.sleep(0.05)
        raise LookupError(f"{mark!r} was not delivered; the log ends {self.log.read_text()[-2000:]}")

    def logged(self, mark: str, seconds: float = 15.0) -> str:
        """The first line of its log that holds `mark`. LookupError when none comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.log.read_text(encoding="utf-8").splitlines():
                if mark in line:
                    return line
            time.sleep(0.05)
        raise LookupError(f"'{mark}' is not in the log, which ends {self.log.read_text()[-2000:]}")


@contextmanager
def running_postfix(folder: Path) -> Iterator[Postfix]:
    """A Postfix that is gone with everything it started at the end. `folder`: for the files of its authority."""
    # pytest's own folders can be entered by root alone, and most of Postfix does not run as root.
    home = Path(tempfile.mkdtemp(prefix="breachkit-postfix-"))
    home.chmod(0o755)
    server = Postfix(
        home, "localhost", free_port(), free_port(), free_port(), folder / "ca.pem", folder / "other-ca.pem",
        "mailer", PASSWORD, home / "mail" / "known", home / "log" / "maillog",
    )  # fmt: skip
    master: subprocess.Popen[bytes] | None = None
    try:
        _certificates(server)
        _configure(server)
        master = _start(home)
        for port in (server.submission, server.smtps, server.plain):
            wait_for_port(port, master)
        yield server
    finally:
        if master is not None:
            _stop(master)
        shutil.rmtree(home, ignore_errors=True)


def _start(home: Path) -> subprocess.Popen[bytes]:
    """The master alone, in the foreground and in a group of its own: `postfix start` looks at its installation for seconds."""
    queue = home / "queue"
    for name in ("incoming", "active", "bounce", "defer", "deferred", "flush", "hold", "private", "saved", "corrupt", "trace"):
        (queue / name).mkdir(mode=0o700)
        shutil.chown(queue / name, "postfix")
    for name, mode in (("maildrop", 0o730), ("public", 0o710)):
        (queue / name).mkdir(mode=mode)
        shutil.chown(queue / name, "postfix", "postdrop")
    (queue / "pid").mkdir()
    asked = subprocess.run(["postconf", "-h", "daemon_directory"], check=True, capture_output=True, text=True, timeout=60)
    return subprocess.Popen(
        [Path(asked.stdout.strip()) / "master", "-d", "-c", home / "etc"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "MAIL_CONFIG": str(home / "etc")},
        start_new_session=True,
    )


def _run(*words: str | Path, said: str = "") -> None:
    subprocess.run(words, input=said.encode(), check=True, capture_output=True, timeout=60)


def _certificates(server: Postfix) -> None:
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for ca in (server.ca_file, server.other_ca_file):
        _run("openssl", "req", "-x509", *key, "-keyout", ca.with_suffix(".key"), "-out", ca, "-days", "2",
             "-subj", f"/CN=Authority {ca.stem}", "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
    own = ["-keyout", server.folder / "key.pem", "-out", server.folder / "cert.pem", "-days", "2", "-subj", "/CN=localhost"]
    for_localhost = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
    signed = ["-CA", server.ca_file, "-CAkey", server.ca_file.with_suffix(".key")]
    _run("openssl", "req", "-x509", *key, *own, *for_localhost, *signed)


def _configure(server: Postfix) -> None:
    home = server.folder
    for name in ("etc", "queue", "data", "log", "mail", "etc/sasl"):
        (home / name).mkdir()
    shutil.chown(home / "data", "postfix")
    server.maildir.mkdir()
    for path in (home / "mail", server.maildir):
        shutil.chown(path, "nobody")
    (home / "etc" / "sasl" / "smtpd.conf").write_text(
        f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: {home}/etc/sasl/db\n"
    )
    _run("saslpasswd2", "-c", "-p", "-f", home / "etc" / "sasl" / "db", "-u", DOMAIN, server.user, said=server.password)
    shutil.chown(home / "etc" / "sasl" / "db", "postfix")
    settings = {
        "compatibility_level": "3.6", "queue_directory": f"{home}/queue", "data_directory": f"{home}/data",
        "maillog_file": server.log, "maillog_file_prefixes": f"{home}/log", "syslog_name": "postfix",
        "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4", "myhostname": "mx.letters.test", "mydestination": "",
        "mynetworks": "", "alias_maps": "", "alias_database": "", "biff": "no", "master_service_disable": "",
        "virtual_mailbox_domains": DOMAIN, "virtual_mailbox_maps": f"inline:{{ {{ {KNOWN} = known/ }} }}",
        "virtual_mailbox_base": f"{home}/mail", "virtual_uid_maps": "static:65534", "virtual_gid_maps": "static:65534",
        "smtpd_relay_restrictions": "reject_unauth_destination", "smtpd_recipient_restrictions": "",
        "smtpd_tls_cert_file": f"{home}/cert.pem", "smtpd_tls_key_file": f"{home}/key.pem",
        "smtpd_sasl_type": "cyrus", "smtpd_sasl_path": "smtpd", "cyrus_sasl_config_path": f"{home}/etc/sasl",
        "smtpd_sasl_local_domain": DOMAIN, "smtputf8_enable": "yes", "message_size_limit": "1000000",
        "smtpd_error_sleep_time": "0", "smtpd_tls_received_header": "yes",
        "default_transport": "discard", "relay_transport": "discard",
    }  # fmt: skip
    (home / "etc" / "main.cf").write_text("".join(f"{name} = {said}\n" for name, said in settings.items()))
    login = (
        "-o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject"
    )
    services = [
        f"127.0.0.1:{server.submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {login}",
        f"127.0.0.1:{server.smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {login}",
        f"127.0.0.1:{server.plain} inet n - n - - smtpd -o smtpd_tls_security_level=none",
        "pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr", "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce", "virtual unix - n n - - virtual", "error unix - - n - - error",
        "discard unix - - n - - discard", "anvil unix - - n - 1 anvil", "scache unix - - n - 1 scache",
        "proxymap unix - - n - - proxymap", "postlog unix-dgram n - n - 1 postlogd",
    ]  # fmt: skip
    (home / "etc" / "master.cf").write_text("\n".join(services) + "\n")


def _stop(master: subprocess.Popen[bytes]) -> None:
    """End the master and everything it started, which share its process group. Nothing of it is worth an orderly end."""
    with suppress(ProcessLookupError):
        os.killpg(master.pid, signal.SIGKILL)
    master.wait(10)
