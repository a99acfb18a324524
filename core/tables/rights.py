"""What people may do: roles over the closed list of rights."""

from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class Role(Base):
    """A role that people have; `rights` are of the closed list in core.desk.actor."""

    __tablename__ = "roles"

    key: Mapped[str] = mapped_column(primary_key=True)
    label_zh: Mapped[str]
    label_en: Mapped[str]
    rights: Mapped[list[str]]
    version: Mapped[int] = mapped_column(default=1)  # guards a save against a newer one
