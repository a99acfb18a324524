"""Column types as migrations know them; they never change, whatever the tables say later."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
