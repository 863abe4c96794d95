"""`python -m quantshark` is the command line."""

from quantshark.cli import main

main()
