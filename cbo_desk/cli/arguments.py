"""Reads the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import islice
from typing import Any, NoReturn

from cbo_desk.locations import default_url

DONE, REFUSED, USAGE, TROUBLE = range(4)
IMPORTS = ("assets", "people", "places", "groups", "entities", "categories")
EXPORTS = (*IMPORTS, "mail", "messages")
FLEET = ("zones", "travel-times", "vehicles", "drivers", "trips")
TAKES_TEXTS = ("find", "identify", "read")
"""Commands that take what was scanned or typed, letter by letter."""
LARGEST = 10_000

# What the parser hands on: the command's name (empty for the window) and its arguments.
Order = argparse.Namespace


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{message[0].upper()}{message[1:]}.\n")


class _Command(_Parser):
    """The parser of one command, after which the database may be named as well as before it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.add_argument("--database", metavar="URL", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def parse(arguments: Sequence[str]) -> Order:
    """The order that a command line gives; exits with 2 where it cannot be understood."""
    parser = _Parser(prog="main.py", description="CBO Desk. Without a command it opens the window.")
    parser.add_argument("--database", metavar="URL", default=default_url(), help="a file, or postgresql://…")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Command)
    _records(commands)
    _tags(commands)
    _upkeep(commands)
    _server(commands)
    return parser.parse_args(_texts_as_they_are(arguments))


def _texts_as_they_are(arguments: Sequence[str]) -> list[str]:
    """The same order, with the end of its options marked where a command takes texts: a scan may begin with a dash."""
    given = list(arguments)
    at = 0
    while at < len(given) and given[at].startswith("-"):
        at += 2 if given[at] == "--database" else 1
    if at >= len(given) or given[at] not in TAKES_TEXTS:
        return given
    options, texts, rest = given[: at + 1], list[str](), iter(given[at + 1 :])
    for word in rest:
        if word == "--":
            texts += rest
        elif word == "--database":
            options += [word, *islice(rest, 1)]
        elif word in ("-h", "--help") or word.startswith("--database="):
            options.append(word)
        else:
            texts.append(word)
    return [*options, "--", *texts]


def _records(commands: Any) -> None:
    bring = commands.add_parser("import", help="bring records in from a file")
    bring.add_argument("what", choices=(*IMPORTS, "bookings", *FLEET))
    bring.add_argument("file")
    bring.add_argument("--map", metavar="FILE", help="how columns are taken: JSON, TOML, or a kept mapping's name")
    bring.add_argument("--create", action="store_true", help="only create what is new")
    bring.add_argument("--update", action="store_true", help="only update what is there")
    bring.add_argument("--blank-empties", action="store_true", help="a blank cell empties its field")
    bring.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
    bring.add_argument("--good-rows", action="store_true", help="write the good rows although others are refused")
    bring.add_argument("--bad-rows", metavar="FILE", help="write the refused rows to a file that can be mended")
    bring.add_argument("--make-spaces", action="store_true", help="bookings: make a space of each room not known")
    bring.add_argument("--encoding", help="for instance cp1252, where what is found is wrong")
    bring.add_argument("--sheet", help="the sheet of a workbook")
    take = commands.add_parser("export", help="write a list to .csv, .tsv, .xlsx or .pdf")
    take.add_argument("what", choices=(*EXPORTS, *FLEET))
    take.add_argument("file")
    take.add_argument("--query", default="", metavar="WORDS", help="only records that hold these words")
    find = commands.add_parser("find", help="find any record")
    find.add_argument("words", nargs="+")


def _tags(commands: Any) -> None:
    identify = commands.add_parser("identify", help="say what scanned texts are")
    identify.add_argument("text", nargs="+")
    read = commands.add_parser("read", help="read the codes in pictures")
    read.add_argument("image", nargs="+")
    tags = commands.add_parser("tags", help="print tags to a file")
    which = tags.add_mutually_exclusive_group()
    which.add_argument("--codes", metavar="FILE", help="a file with one code or inventory number a line")
    which.add_argument("--query", metavar="WORDS", help="the assets that hold these words")
    tags.add_argument("--stock", required=True, help="a label stock; `stocks` lists them")
    tags.add_argument("--start-at", type=int, default=1, metavar="N", help="the first free cell of the first sheet")
    tags.add_argument("--printer", metavar="NAME", help="shift and scale as was measured for this printer")
    tags.add_argument("--emblem", action="store_true", help="put each entity's emblem on its tags")
    tags.add_argument("--out", required=True, metavar="FILE", help="a .pdf, .zpl or .png file")
    commands.add_parser("stocks", help="list the label stocks")


def _upkeep(commands: Any) -> None:
    demo = commands.add_parser("demo", help="fill an empty database with the demo compound")
    demo.add_argument("--scale", type=_scale, default=1, metavar="N", help="1 is 1,200 assets, 833 about a million")
    empty = commands.add_parser("init", help="make an empty compound")
    empty.add_argument("name")
    tour = commands.add_parser("tour", help="do the main job on the demo compound and leave pictures and papers")
    tour.add_argument("folder")
    keep = commands.add_parser("backup", help="write a verified backup")
    keep.add_argument("file")
    back = commands.add_parser("restore", help="put a backup into the database")
    back.add_argument("file")
    back.add_argument("--overwrite", action="store_true", help="replace a database that holds records")
    move = commands.add_parser("move", help="put a compound into another database, from a file to a server or back")
    move.add_argument("source", metavar="FROM")
    move.add_argument("target", metavar="TO", help="a new file, or an empty database of a server")
    check = commands.add_parser("check", help="prove integrity, schema and audit chain")
    check.add_argument(
        "--witness", metavar="FILE", help="hold the audit against the heads written down there, and add today's"
    )
    check.add_argument("--mend", action="store_true", help="put back rules that the database lost, then prove it")
    words = "let holds go whose time is up and send what waits, for instance once a minute without a window"
    commands.add_parser("send", help=words)
    commands.add_parser("doctor", help="say what is missing on this computer, and the command that mends it")


def _server(commands: Any) -> None:
    server = commands.add_parser("server", help="make and keep the office's own PostgreSQL server")
    what = server.add_subparsers(dest="what", metavar="WHAT", parser_class=_Parser, required=True)
    make = what.add_parser("init", help="make a server in DIR, start it, and make its first administrator")
    make.add_argument("folder", metavar="DIR")
    make.add_argument("--login", required=True, help="the first administrator's login, such as a.otieno")
    make.add_argument("--name", default="", help="and name")
    make.add_argument("--compound", default="compound", metavar="NAME", help="what the database is called")
    make.add_argument("--host", action="append", metavar="NAME", help="a name or address workstations use; repeatable")
    make.add_argument("--listen", default="*", metavar="ADDRESS", help="where it listens; * is everywhere")
    make.add_argument("--port", type=int, default=5432)
    make.add_argument("--run-as", default="", metavar="USER", help="as root: the system's user the server runs as")
    make.add_argument("--certificate", metavar="FILE", help="a certificate of the office, with --key")
    make.add_argument("--key", metavar="FILE")
    for name, help_ in (("start", "start it"), ("stop", "stop it"), ("status", "say whether it runs")):
        one = what.add_parser(name, help=help_)
        one.add_argument("folder", metavar="DIR")
        one.add_argument("--run-as", default="", metavar="USER")
    script = what.add_parser("script", help="print the SQL that makes a server ready which others run")
    script.add_argument("--login", required=True)
    script.add_argument("--compound", default="compound", metavar="NAME")


def _scale(text: str) -> float:
    """How many times the demo's own size; so small a part must leave some assets, so large a one must fit a disk."""
    try:
        scale = float(text)
    except ValueError:
        scale = 0
    if not 0.01 <= scale <= LARGEST:
        raise argparse.ArgumentTypeError(f"{text} is no number from 0.01 to {LARGEST:,}")
    return scale
