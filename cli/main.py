"""`dondoc`: a table of commands, each imported only when it is called."""

import gc
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from importlib import import_module
from typing import Any

import click

from cli.failure import DONE, tell
from texts import both, say
from texts.catalogue import Language

# What a command imports stays: looking it through for cycles again and again is a tenth of a short command's time.
_OBJECTS_BEFORE_LOOKING_FOR_CYCLES = 1_000_000
COMMANDS: Mapping[str, str] = {
    "init": "cli.init:init",
    "import": "cli.import_workbooks:import_workbooks",
    "export": "cli.export:export",
    "columns": "cli.columns:columns",
    "undo": "cli.undo:undo",
    "deadline": "cli.deadline:deadline",
    "status": "cli.status:status",
    "scorecard": "cli.scorecard:scorecard",
    "explain": "cli.explain:explain",
    "escalate": "cli.escalate:escalate",
    "deliver": "cli.deliver:deliver",
    "questions": "cli.questions:questions",
    "contacts": "cli.contacts:contacts",
    "ladder": "cli.ladder:ladder",
    "outbox": "cli.outbox:outbox",
    "proof": "cli.proof:proof",
    "report": "cli.report:report",
    "editions": "cli.editions:editions",
    "summary": "cli.summary:summary",
    "decide": "cli.decide:decide",
    "hand-down": "cli.hand_down:hand_down",
    "conclusions": "cli.conclusions:conclusions",
    "template": "cli.template:template",
    "backup": "cli.backup:backup",
    "restore": "cli.backup:restore",
    "tidy": "cli.tidy:tidy",
    "accounts": "cli.accounts:accounts",
    "webhooks": "cli.webhooks:webhooks",
    "portal": "cli.portal:portal",
    "up": "cli.up:up",
    "demo": "cli.demo:demo",
    "doctor": "cli.doctor:doctor",
}


class Dondoc(click.Group):
    """The group: commands are listed by their words in `texts`, and loaded when called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Name the commands in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), function)
        assert isinstance(command, click.Command), f"{COMMANDS[cmd_name]} is no command"
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them, Vietnamese first."""
        with formatter.section(both("cli.commands")):
            formatter.write_dl([(name, both(f"cli.help_{name}")) for name in COMMANDS])

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show a first day's work."""
        formatter.write(f"\n{say('cli.epilog')}\n{say('cli.epilog', Language.EN)}\n")

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT001, FBT002 - click's own signature
        **extra: Any,
    ) -> Any:
        """Run one command and exit: 0 done, 1 the input has problems, 2 wrong usage, 3 the system failed."""
        words = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(words, prog_name, complete_var, standalone_mode=False, **extra)
        except Exception as error:  # noqa: BLE001 - the last place: every failure becomes one sentence
            code = tell(error, as_json="--json" in words)
        sys.exit(code if isinstance(code, int) else DONE)


def _attributes() -> MutableMapping[str, Any]:
    return {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(cls=Dondoc, name="dondoc", help=both("cli.about"), context_settings=_attributes())
@click.version_option(package_name="dondoc", prog_name="dondoc", message="%(prog)s %(version)s")
def dondoc() -> None:
    """Hold the commands."""


def main() -> None:
    """Start from the console script; output is UTF-8 whatever the terminal's locale says."""
    gc.set_threshold(_OBJECTS_BEFORE_LOOKING_FOR_CYCLES)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        dondoc.main(prog_name="dondoc")
    finally:
        gc.freeze()  # what is left ends with the process: to look it through for cycles once more takes as long again


if __name__ == "__main__":
    main()
