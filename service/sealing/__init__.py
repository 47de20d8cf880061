"""The signer's process: its keys are made and announced (`keys`), it signs for ever (`run`).

`child` runs it beside a server whose database is ours. With a database of your own it is a service
of its own, best as another user and on another disk: `socai seal run`.
"""
