"""Work done in a process that is killed in the middle of it."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable

import pytest

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")


def killed(work: Callable[[Callable[[str], None]], object], marks: int, moment: float) -> bool:
    """Do it in a process that is killed so many seconds after it said so many words; whether it was stopped."""
    heard, say = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(heard)
            work(lambda _: (os.write(say, b"."), None)[1])
        finally:
            os._exit(0)
    os.close(say)
    while marks and select.select([heard], [], [], 30)[0] and os.read(heard, 1):
        marks -= 1
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    os.close(heard)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
