"""The command `hubanalysis`, as `python -m hubanalysis`."""

from hubanalysis.command.main import main

if __name__ == "__main__":
    main(prog_name="hubanalysis")
