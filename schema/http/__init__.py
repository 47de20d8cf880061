"""How the graph is asked: HTTP, graphql-transport-ws and Server-Sent Events over one pipeline.

`app.py` is the door. Each transport reads a request into an `Asked` (`asking.py`), hands it to the
pipeline (`answering.py`), and sends the bytes that come back: `endpoint.py` for HTTP, `sockets.py`
for WebSocket, `streams.py` and `reservations.py` for event streams. The pipeline finds the text
(`texts.py`), the prepared question (`questions.py`), its plan, and the answer: kept (`keeping.py`),
or from the database by a borrowed connection (`lending.py`), or by the executor.
"""
