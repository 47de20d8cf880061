"""Who somebody is: what a credential proves, and what the ledger says he may.

door      from a credential to a principal; the book of who was turned away
keys      API keys: how they look, how they are kept
tokens    OpenID Connect access tokens: what is demanded of one
jwks      the public keys of an issuer, fetched and kept
issuers   whose tokens are accepted, as it is configured
fetch     one bounded GET
"""
