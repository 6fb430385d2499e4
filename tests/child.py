"""Python in a process of its own, for what must be set before the package is imported."""

import os
import subprocess
import sys


def python(source: str, *arguments: str, **environment: str) -> str:
    """What a program prints."""
    command = [sys.executable, "-c", source, *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return done.stdout.strip()
