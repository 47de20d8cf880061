"""Follow the fund from where this stopped: python3 consumer.py http://HOST/events [CURSOR_FILE]."""

import json
import os
import sys
import time
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

address, kept = sys.argv[1], Path((*sys.argv, "cursor.txt")[2])
key = os.environ.get("API_KEY")  # without one: as the public, who sees what is published
shown = {"Authorization": f"Bearer {key}"} if key else {}
while True:
    cursor = kept.read_text() if kept.exists() else "0"
    try:
        asked = Request(f"{address}?after={cursor}&wait=20", headers=shown)
        with urlopen(asked, timeout=60) as page:
            for event in map(json.loads, page.read().splitlines()):
                position = int(event["sequence"])
                print(position, event["time"], event["type"], event["subject"], flush=True)
            kept.with_suffix(".new").write_text(page.headers["Socai-Cursor"])
            kept.with_suffix(".new").replace(kept)  # only now: it has all been dealt with
    except (OSError, HTTPException, ValueError) as error:
        print(error, file=sys.stderr, flush=True)
        time.sleep(1)
