"""How it runs: process, wiring, command line, pages. No rule of the domain is here."""
