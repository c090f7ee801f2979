"""The folders in which rule sets of a service have their files, for endpoints that read what is beside a document."""

from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from app.settings import Settings
from engine.data import PUBLISHED

Folders = tuple[Path, ...]


async def rule_folders(request: Request) -> Folders:
    """Return the folder of the service's settings, and that of the rule sets which come with the program."""
    settings: Settings = request.app.state.settings
    return tuple(dict.fromkeys((settings.rules_folder, PUBLISHED)))


FoldersDep = Annotated[Folders, Depends(rule_folders)]
