"""The floor of `sweep`: one set of statements on the bare driver that acts on all that is due."""

import datetime as dt
import sqlite3
from functools import cache

import psycopg
from sqlalchemy.engine import URL

SQLITE = (
    """CREATE TEMP TABLE due AS
    SELECT d.id, d.dispute_id, d.visit_id, d.service_level, v.channel,
      d.level = 0 AND d.due_at > :now AS warned,
      (SELECT coalesce(max(id), 0) FROM events) + row_number() OVER (ORDER BY d.next_at, d.id)
        AS event_id
    FROM deadlines d JOIN visits v ON v.id = d.visit_id
    WHERE d.next_at <= :now""",
    """INSERT INTO escalations (deadline_id, level, fired_at)
    SELECT id, iif(warned, 0, 2), :now FROM due
    UNION ALL SELECT id, 3, :now FROM due WHERE NOT warned""",
    """INSERT INTO events (id, dispute_id, visit_id, kind, at, by, data)
    SELECT event_id, dispute_id, visit_id, iif(warned, 'warned', 'escalated'), :now, 'timeout',
      format('{"deadline": %d, "service_level": "%s", "levels": %s}', id, service_level,
        iif(warned, '[0]', '[2, 3]'))
    FROM due""",
    """INSERT INTO outbox (lane, kind, dedupe, dispute_id, visit_id, data, state, token, attempts,
      rank, created_at)
    SELECT 'post:' || channel, 'line', format('line:%d', event_id), dispute_id, visit_id,
      format('{"event": %d}', event_id), 'waiting', 0, 0, 2, :now
    FROM due
    UNION ALL SELECT 'post:escalation', 'alert', format('alert:%d:3', id), dispute_id, visit_id,
      format('{"deadline": %d, "event": %d, "place": 3}', id, event_id), 'waiting', 0, 0, 0, :now
    FROM due WHERE NOT warned""",
    """UPDATE deadlines SET level = 4 - 3 * due.warned,
      next_at = iif(due.warned, strftime('%Y-%m-%d %H:%M:%f000', due_at, '-15 minutes'), NULL),
      set_aside = NULL
    FROM due WHERE due.id = deadlines.id""",
)
POSTGRES = """WITH due AS (
  SELECT d.id, d.dispute_id, d.visit_id, d.service_level, v.channel, d.due_at,
    d.level = 0 AND d.due_at > %(now)s AS warned
  FROM deadlines d JOIN visits v ON v.id = d.visit_id
  WHERE d.next_at <= %(now)s
  ORDER BY d.next_at, d.id FOR UPDATE OF d SKIP LOCKED
), fired AS (
  INSERT INTO escalations (deadline_id, level, fired_at)
  SELECT id, CASE WHEN warned THEN 0 ELSE 2 END, %(now)s FROM due
  UNION ALL SELECT id, 3, %(now)s FROM due WHERE NOT warned
), told AS (
  INSERT INTO events (dispute_id, visit_id, kind, at, by, data)
  SELECT dispute_id, visit_id, CASE WHEN warned THEN 'warned' ELSE 'escalated' END, %(now)s,
    'timeout', jsonb_build_object('deadline', id, 'service_level', service_level, 'levels',
      CASE WHEN warned THEN '[0]'::jsonb ELSE '[2, 3]'::jsonb END)
  FROM due
  RETURNING id, dispute_id
), sent AS (
  INSERT INTO outbox (lane, kind, dedupe, dispute_id, visit_id, data, state, token, attempts,
    rank, created_at)
  SELECT 'post:' || channel, 'line', 'line:' || told.id, due.dispute_id, visit_id,
    jsonb_build_object('event', told.id), 'waiting', 0, 0, 2, %(now)s
  FROM due JOIN told ON told.dispute_id = due.dispute_id
  UNION ALL SELECT 'post:escalation', 'alert', 'alert:' || due.id || ':3', due.dispute_id, visit_id,
    jsonb_build_object('deadline', due.id, 'event', told.id, 'place', 3), 'waiting', 0, 0, 0,
    %(now)s
  FROM due JOIN told ON told.dispute_id = due.dispute_id WHERE NOT warned
)
UPDATE deadlines SET level = 4 - 3 * warned::int, set_aside = NULL,
  next_at = CASE WHEN warned THEN due.due_at - interval '15 minutes' END
FROM due WHERE due.id = deadlines.id"""

_opened: list[sqlite3.Connection | psycopg.Connection[tuple[object, ...]]] = []


def sqlite(url: URL, now: dt.datetime) -> int:
    """Acts with sqlite3 alone; returns on how many."""
    connection = _sqlite(url.database or "")
    values = {"now": now.replace(tzinfo=None).isoformat(" ", "microseconds")}
    connection.execute("BEGIN IMMEDIATE")
    for statement in SQLITE:
        done = connection.execute(statement, values if ":now" in statement else {})
    connection.execute("DROP TABLE due")
    connection.execute("COMMIT")
    return done.rowcount


def postgres(url: URL, now: dt.datetime) -> int:
    """Acts with psycopg alone; returns on how many."""
    connection = _postgres(url)
    done = connection.execute(POSTGRES.encode(), {"now": now})
    connection.commit()
    return done.rowcount


def analyze(url: URL) -> None:
    """Lets PostgreSQL know what it holds, as its own vacuum would in a while."""
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute("ANALYZE")


def close() -> None:
    """Closes the connections, so that their databases can be dropped."""
    for connection in _opened:
        connection.close()
    _opened.clear()
    _sqlite.cache_clear()
    _postgres.cache_clear()


@cache
def _sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "cache_size = -16000"):
        connection.execute(f"PRAGMA {pragma}")
    _opened.append(connection)
    return connection


@cache
def _postgres(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    connection = psycopg.connect(_plain(url), prepare_threshold=0)
    _opened.append(connection)
    return connection


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
