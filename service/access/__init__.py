"""Who somebody is: what a credential proves, and what the ledger says he may.

keys      API keys: how they look, how they are kept
door      from a credential to a principal; the book of who was turned away
"""
