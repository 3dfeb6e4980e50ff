#!/usr/bin/env python
"""Entry point of every command: `manage.py up`, `manage.py apply`, and Django's own."""

import os
import sys

from lockstep import commandline


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstep.settings")
    commandline.apply(sys.argv, os.environ)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
