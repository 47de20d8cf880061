"""The take-away (bản mang về): all of the log in files that strangers verify, without us.

`snapshot.py` reads the log and its seal at one moment, `folder.py` writes them in the layout of
C2SP tlog-tiles, `making.py` makes a whole bundle. `verify.py` goes into it as it is: one file that
verifies, and imports nothing of ours.
"""
