"""`python -m service`: the command line, in the repository."""

from service.cli import main

if __name__ == "__main__":
    main()
