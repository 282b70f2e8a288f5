#!/usr/bin/python3
"""From exec to the first painted window of `retort`, and that LibTorch is not in the process by then.

`retort --bench-startup` prints a line when its window has been painted for the first time, and goes on. Measured with an
empty store and with the user's data folder elsewhere, on the offscreen platform unless QT_QPA_PLATFORM says otherwise.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

STARTS = 15


def start(program, home):
    """Milliseconds to the first paint, and the LibTorch objects that were mapped then."""
    environment = {**os.environ, "RETORT_HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    begin = time.monotonic()
    process = subprocess.Popen([str(program), "--bench-startup"], stdout=subprocess.PIPE, env=environment)
    line = process.stdout.readline()
    elapsed = (time.monotonic() - begin) * 1000
    maps = pathlib.Path(f"/proc/{process.pid}/maps").read_text() if line else ""
    process.terminate()
    process.wait()
    if not line:
        sys.exit(f"{program} ended (status {process.returncode}) before it showed a window")
    objects = {pathlib.Path(row.split()[-1]).name for row in maps.splitlines() if "/" in row}
    return elapsed, sorted(name for name in objects if name.startswith(("libtorch", "libc10", "libretort_training")))


def main():
    program = pathlib.Path(sys.argv[1]).resolve() / "bin/retort"
    if not program.exists():
        print("retort is not built (RETORT_GUI=OFF?)", file=sys.stderr)
        sys.exit(77)
    with tempfile.TemporaryDirectory() as home:
        times = []
        for number in range(STARTS + 1):
            elapsed, torch = start(program, pathlib.Path(home))
            if torch:
                sys.exit(f"LibTorch is loaded at start: {', '.join(torch)}")
            if number > 0:  # the first one fills the page cache and makes the store
                times.append(elapsed)
    print(json.dumps({"case": "exec to first painted window, median", "value": statistics.median(times), "unit": "ms",
                      "better": "lower", "at_most": 500,
                      "note": f"{STARTS} warm starts, {min(times):.0f} to {max(times):.0f} ms; no LibTorch in the process"}))


if __name__ == "__main__":
    main()
