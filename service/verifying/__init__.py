"""Verification (kiểm chứng): the whole record again, from its bytes to the sums of money.

`verify` puts the parts together, `night` does it at every start and every night, beside the server.
"""
