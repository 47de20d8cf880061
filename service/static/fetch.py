# ruff: noqa: INP001 - a script beside what it fetches, not a package
"""Bring GraphiQL's files from npm into `service/static/graphiql/`: `make graphiql`.

npm installs by the lock file in a folder that is thrown away; six files and their licences are
copied from it, each compared with the hash that is written down here. Nothing is committed.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
INTO = HERE / "graphiql"
NPM_SECONDS_MAX = 300

FILES = {
    "react/umd/react.production.min.js": (
        "react.js",
        "tMH8h3BGESGckSAVGZ82T9n90ztNXxvdwvdM6UoR56cYcf+0iGXBliJ29D+wZ/x8",
    ),
    "react-dom/umd/react-dom.production.min.js": (
        "react-dom.js",
        "bm7MnzvK++ykSwVJ2tynSE5TRdN+xL418osEVF2DE/L/gfWHj91J2Sphe582B1Bh",
    ),
    "graphiql/graphiql.min.js": (
        "graphiql.js",
        "HbRVEFG0JGJZeAHCJ9Xm2+tpknBQ7QZmNlO/DgZtkZ0aJSypT96YYGRNod99l9Ie",
    ),
    "graphiql/graphiql.min.css": (
        "graphiql.css",
        "Mq3vbRBY71jfjQAt/DcjxUIYY33ksal4cgdRt9U/hNPvHBCaT2JfJ/PTRiPKf0aM",
    ),
    "@graphiql/plugin-explorer/dist/index.umd.js": (
        "explorer.js",
        "2oonKe47vfHIZnmB6ZZ10vl7T0Y+qrHQF2cmNTaFDuPshpKqpUMGMc9jgj9MLDZ9",
    ),
    "@graphiql/plugin-explorer/dist/style.css": (
        "explorer.css",
        "5DFJlDPW2tSATRbM8kzoP1j194jexLswuNmClWoRr2Q0x7R68JIQzPHZ02Faktwi",
    ),
}
LICENCES = ("react", "react-dom", "graphiql")


def main() -> None:
    """Install, compare, copy; all of it or nothing."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("GraphiQL's files come from npm, and there is no npm here: install Node.js first.")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, work / name)
        subprocess.run([npm, "ci", "--silent"], cwd=work, check=True, timeout=NPM_SECONDS_MAX)
        collect(work / "node_modules", work / "ready")
        shutil.rmtree(INTO, ignore_errors=True)
        shutil.copytree(work / "ready", INTO)
    size = sum(each.stat().st_size for each in INTO.iterdir())
    sys.stdout.write(f"GraphiQL: {len(FILES)} files, {size / 1e6:.1f} MB, in {INTO}\n")


def collect(modules: Path, ready: Path) -> None:
    """Copy the files whose bytes are the ones we know; refuse any other."""
    ready.mkdir()
    for where, (name, expected) in FILES.items():
        content = (modules / where).read_bytes()
        found = base64.b64encode(hashlib.sha384(content).digest()).decode()
        if found != expected:
            sys.exit(f"{where} is not the file we know: sha384 {found}, expected {expected}")
        (ready / name).write_bytes(content)
    for package in LICENCES:
        shutil.copy(modules / package / "LICENSE", ready / f"{package}.LICENSE.txt")


if __name__ == "__main__":
    main()
