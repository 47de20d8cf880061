"""Follow the fund from where this stopped: python3 consumer.py http://HOST/events [CURSOR_FILE]."""

import json
import os
import sys
import time
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

address, kept = sys.argv[1], Path((*sys.argv, "cursor.txt")[2])
while True:
    cursor = int(kept.read_text()) if kept.exists() else 0
    asked = {"Accept": "text/event-stream", "Last-Event-ID": str(cursor)}
    if key := os.environ.get("API_KEY"):  # without one: as the public, who sees what is published
        asked["Authorization"] = f"Bearer {key}"
    try:
        with urlopen(Request(address, headers=asked), timeout=60) as answer:
            told: dict[str, str] = {}
            for line in answer:
                name, _, text = line.decode().rstrip("\r\n").partition(": ")
                if name:
                    told[name] = text
                    continue
                if told.get("event") == "error":
                    print(told.get("data"), file=sys.stderr, flush=True)  # why the stream ends
                elif told.get("event") != "heartbeat" and int(told.get("id", 0)) > cursor:
                    event = json.loads(told["data"])
                    print(told["id"], event["time"], event["type"], event["subject"], flush=True)
                cursor = max(cursor, int(told.get("id", 0)))
                kept.with_suffix(".new").write_text(str(cursor))  # only now: it has been dealt with
                kept.with_suffix(".new").replace(kept)
                told = {}
    except (OSError, HTTPException, ValueError) as error:
        print(error, file=sys.stderr, flush=True)
    time.sleep(1)
