"""What every route of the API needs, handed in once."""

from dataclasses import dataclass
from pathlib import Path

from core.db import Database
from core.secrets import Vault


@dataclass(frozen=True, slots=True)
class Door:
    """The database, the vault, the folder of files, and how large a file may be (bytes)."""

    database: Database
    vault: Vault
    files: Path
    file_limit: int
