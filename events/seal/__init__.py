"""The seal (niêm phong): what proves that the log is whole and unchanged, to those who distrust us.

No invention: a Merkle tree over the very bytes of the events (RFC 6962), tree heads as signed notes
(C2SP tlog-checkpoint), the tree in tiles (C2SP tlog-tiles). Read in this order: `tree` (hashes and
proofs), `note` (signatures), `checkpoint` (a tree head), `tiles` (how the tree is laid out in
files), `kept` (the tree in the database), `newest` (its last checkpoint, as a process knows it),
`signer` (who signs, and what it never signs).
"""
