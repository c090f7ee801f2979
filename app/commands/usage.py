"""The message after wrong usage of a command: one sentence, and how to get help."""

import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from app.commands.call import remember
from app.commands.exits import MISUSED, missing_files, misused, say

QUOTE = "'"
KEEPS_MISUSES, MISUSES = "evenband_keeps_misuses", "evenband.misuses"
INPUTS = ("rules", "schools", "pupils", "document", "cases", "table")
"""Parameters of commands that are files which must be there."""

_QUOTED = re.compile(r"'[^']*'")


class Commands(TyperGroup):
    """The commands of the program; wrong usage is answered in the program's own words."""

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command whose help names no type of the library's, such as <bool> or <path>."""
        command = super().get_command(ctx, cmd_name)
        _without_library_types(command, ctx)
        _with_all_misuses(command, ctx)
        return command

    @override
    def get_params(self, ctx: Any) -> Any:
        """Return the options of the program, without such types."""
        return _without_types(super().get_params(ctx))

    @override
    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line, and end the process with its exit code where ``standalone_mode`` says so."""
        remember(sys.argv[1:] if args is None else args)
        plain: list[Any] = [args, prog_name, complete_var, False, windows_expand_args]
        if not standalone_mode:
            return super().main(*plain, **extra)
        try:
            code = super().main(*plain, **extra)
        except typer.Abort:
            say(["Stopped."])
            sys.exit(1)
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            say(usage_lines(error))
            sys.exit(MISUSED)
        sys.exit(code if isinstance(code, int) else 0)


def _without_library_types(command: Any, ctx: Any) -> None:
    if command is not None and command is not ctx.command:
        _without_types(command.get_params(ctx))
        for one in getattr(command, "commands", {}).values():
            _without_library_types(one, ctx)


def _with_all_misuses(command: Any, ctx: Any) -> None:
    """Let a command refuse all options and arguments that are wrong, where the library stops at the first."""
    if command is None or command is ctx.command:
        return
    for one in getattr(command, "commands", {}).values():
        _with_all_misuses(one, ctx)
    if hasattr(command, "commands") or getattr(command, KEEPS_MISUSES, False):
        return
    setattr(command, KEEPS_MISUSES, True)
    for one in command.params:
        one.handle_parse_result = partial(_parsed, one.handle_parse_result)
    command.invoke = partial(_invoked, command.invoke)


def _parsed(parse: Callable[..., Any], ctx: Any, opts: Any, args: Any) -> Any:
    """Return what an option says; where it is wrong, keep that, and say nothing of it yet."""
    try:
        return parse(ctx, opts, args)
    except Exception as error:
        if ctx.resilient_parsing or not hasattr(error, "format_message"):
            raise
        ctx.meta.setdefault(MISUSES, []).append(error)
        return None, args


def _invoked(invoke: Callable[..., Any], ctx: Any) -> Any:
    """Run a command, or refuse its options that are wrong; with those, its files that are not there."""
    found = ctx.meta.get(MISUSES, [])
    if not found:
        return invoke(ctx)
    first = found[0]
    missing = missing_files(ctx.params.get(name) for name in INPUTS)
    first.more = [*found[1:], *map(misused, missing)]
    raise first


def _without_types(params: Any) -> Any:
    for one in params:
        if getattr(one, "is_flag", False):
            one.metavar = ""
        elif one.param_type_name == "argument":
            # Its own name says what it is; the library would add <path> or <str>.
            one.display_type_rich = lambda ctx: None  # noqa: ARG005
    return params


def usage_lines(error: Any) -> list[str]:
    """Return what is wrong with a call and where its help is; the help itself where nothing was called."""
    kind, context = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":
        return [error.message]
    path = context.command_path if context else "evenband"
    said = [_sentence(type(one).__name__, one) for one in (error, *getattr(error, "more", ()))]
    return [*(f"{path}: {one}" for one in said), f"For help: {path} --help"]


def _sentence(kind: str, error: Any) -> str:
    """Return what is wrong, from an error of the library by the name of its class."""
    match kind:
        case "MissingParameter":
            return f"{_name(error.param)} is missing"
        case "NoSuchOption":
            near = ", ".join(sorted(error.possibilities or ())[:3])
            return f"unknown option {error.option_name}" + (
                f"; did you mean {near}?" if near else ""
            )
        case "BadOptionUsage":
            needs = "takes no value" if "does not take" in error.message else "needs a value"
            return f"{error.option_name} {needs}"
        case "BadParameter" if error.param is not None:
            return f"{_name(error.param)} {_wrong_value(error)}"
    return _general(error)


def _general(error: Any) -> str:
    message = str(error.message)
    if message.startswith("No such command"):
        named, *near = _QUOTED.findall(message)
        if near:
            return f"unknown command {named}; did you mean {' or '.join(near)}?"
        return f"unknown command {named}; the commands are {', '.join(error.ctx.command.commands)}"
    if message.startswith("Got unexpected extra"):
        extra = message.partition("(")[2].partition(") (")[2] or message.rpartition("(")[2]
        return f"unexpected argument {extra.rstrip(')')}; put a value that has spaces in quotes"
    return message


def _name(param: Any) -> str:
    """Return an option as it is typed, or an argument as the help calls it."""
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return str(param.metavar or param.name.upper())


def _wrong_value(error: Any) -> str:
    """Return what a value must be, from the check that it failed."""
    from pydantic import ValidationError

    from engine.wording import sentence_of

    cause, message = error.__cause__, str(error.message)
    if "not one of" in message:
        choices = _QUOTED.findall(message.partition("not one of")[2])
        return f"must be one of {', '.join(one.strip(QUOTE) for one in choices)}"
    if isinstance(cause, ValidationError):
        return sentence_of(cause.errors(include_input=False, include_url=False)[0])
    return message
