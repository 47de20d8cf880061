"""Ledgers to look at: the 2018–2020 evaluation (`evaluation.py`) and a large one (`load.py`).

Both speak to the ledger as anybody does, through commands; what they invent is marked synthetic.
"""
