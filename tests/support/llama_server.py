"""A real model server on loopback: llama.cpp with a small model, both from packages, in a process of its own.

`python -m tests.support.llama_server MODEL CONTEXT` serves until it is ended, and prints its address.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODEL = "gemma-3-270m"


@dataclass(frozen=True)
class LlamaServer:
    """`url` is what MODEL_URL would be."""

    url: str
    process: subprocess.Popen[str]


@contextmanager
def llama_server(model: Path, *, context: int = 4_096) -> Iterator[LlamaServer]:
    """A running server with so many tokens of context, Ollama's default."""
    command = [sys.executable, "-m", "tests.support.llama_server", str(model), str(context)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        yield LlamaServer(f"{process.stdout.readline().strip()}/v1", process)
    finally:
        process.kill()
        process.communicate()


def _serve(model: str, context: int) -> None:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.n_ctx = context
    parameters.n_parallel = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.verbosity = 0
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
