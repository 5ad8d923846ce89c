"""`python -m tests.image`: build the image and see that it is what it should be; `--help` tells the options.

Exit code 0: all is well; 1: something failed; 2: there is nothing to build with.
"""

from __future__ import annotations

import argparse
import sys

from tests.image.checks import Checks
from tests.image.engines import Missing, find


def main() -> int:
    """Build, look, start, stop; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.image", description="Build the image and try it.")
    parser.add_argument("--engine", default="", help="docker, podman or buildah; the first that works when not given")
    parser.add_argument("--image", default="diting:image-test", help="the name to build it under, or of one to try")
    parser.add_argument("--no-build", action="store_true", help="try the image as it is")
    arguments, more = parser.parse_known_args()
    try:
        engine = find(arguments.image, arguments.engine)
    except Missing as missing:
        print(f"There is nothing here that builds images: {missing}", file=sys.stderr)
        return 2
    print(f"With {engine.name}: {arguments.image}", flush=True)
    if not arguments.no_build and engine.build(more):
        print("failed: the image is built")
        return 1
    checks = Checks(engine, more)
    try:
        return checks.all()
    finally:
        engine.clean()


if __name__ == "__main__":
    sys.exit(main())
