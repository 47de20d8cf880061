"""Whether the database still refuses what it was made to refuse: looked up, not believed.

    found = await drift(pool)            # [] : the log's tables are as the migrations made them

What the migrations made, of the log's schema and of those beside it, is known from `guard.json`, as
rows of (kind, subject, told). A right that
is missing harms nobody; everything else that is missing, new or different is drift, and so is a
maintenance window while it is open. A superuser can
bend what is looked up here as well: he is found out by the hash tree.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, LiteralString, TypeAlias

from events.rules import value
from events.wall import Asked, window

FILE = Path(__file__).with_name("guard.json")
MAY_BE_MISSING = frozenset({"grant"})
WINDOW = "window"
"""The kind of drift that somebody wanted."""
SINCE_17 = ("transaction_timeout", "event_triggers")
HAS_SINCE_17: Final[LiteralString] = """
    SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'transaction_timeout')
"""

State: TypeAlias = dict[tuple[str, str], str]
"""What is told of each (kind, subject)."""

STATE: Final[LiteralString] = """
    WITH space AS (
        SELECT oid, nspname, nspowner, nspacl,
               CASE nspname WHEN 'ledger' THEN '' ELSE nspname || '.' END AS place
        FROM pg_namespace
        WHERE nspname IN ('ledger', 'vault', 'access', 'seal', 'maintenance')
    ),
    relation AS (
        SELECT c.*, s.place || c.relname AS name, s.nspowner
        FROM pg_class AS c
        JOIN space AS s ON s.oid = c.relnamespace
    ),
    grants AS (
        SELECT 'schema ' || s.nspname AS subject, s.nspowner AS owner, a.*
        FROM space AS s, aclexplode(coalesce(s.nspacl, acldefault('n', s.nspowner))) AS a
        UNION ALL
        SELECT 'table ' || r.name, r.relowner, a.*
        FROM relation AS r, aclexplode(coalesce(r.relacl, acldefault('r', r.relowner))) AS a
        WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f')
        UNION ALL
        SELECT 'column ' || r.name || '.' || t.attname, r.relowner, a.*
        FROM relation AS r
        JOIN pg_attribute AS t ON t.attrelid = r.oid, aclexplode(t.attacl) AS a
        UNION ALL
        SELECT 'function ' || s.place || p.proname, p.proowner, a.*
        FROM pg_proc AS p
        JOIN space AS s ON s.oid = p.pronamespace,
            aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
    )
    SELECT 'trigger' AS kind, r.name || '.' || t.tgname AS subject,
           concat_ws(' ', t.tgenabled, t.tgtype, t.tgfoid::regproc,
                     CASE WHEN t.tgqual IS NOT NULL THEN pg_get_triggerdef(t.oid) END) AS told
    FROM relation AS r
    JOIN pg_trigger AS t ON t.tgrelid = r.oid
    WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'rule', r.name || '.' || w.rulename, concat_ws(' ', w.ev_type, w.ev_enabled)
    FROM relation AS r
    JOIN pg_rewrite AS w ON w.ev_class = r.oid
    UNION ALL
    SELECT 'policy', r.name || '.' || p.polname, p.polcmd::text
    FROM relation AS r
    JOIN pg_policy AS p ON p.polrelid = r.oid
    UNION ALL
    SELECT 'child', i.inhrelid::regclass::text, r.name
    FROM relation AS r
    JOIN pg_inherits AS i ON i.inhparent = r.oid
    UNION ALL
    SELECT 'function', p.oid::regprocedure::text,
           encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex')
    FROM pg_proc AS p
    JOIN space AS s ON s.oid = p.pronamespace
    UNION ALL
    SELECT 'table', r.name,
           concat_ws(' ', r.relkind, r.relpersistence, r.relrowsecurity, r.relforcerowsecurity)
    FROM relation AS r
    WHERE r.relkind NOT IN ('i', 'I', 't')
    UNION ALL
    SELECT 'column', r.name || '.' || a.attname,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull,
                     nullif(nullif(a.attcollation, 0), 100)::regcollation,
                     nullif(a.attgenerated, ''), pg_get_expr(d.adbin, d.adrelid))
    FROM relation AS r
    JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef AS d ON d.adrelid = r.oid AND d.adnum = a.attnum
    WHERE r.relkind NOT IN ('i', 'I', 't')
    UNION ALL
    SELECT 'constraint', r.name || '.' || c.conname,
           concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated)
    FROM relation AS r
    JOIN pg_constraint AS c ON c.conrelid = r.oid
    WHERE c.contype <> 'n'
    UNION ALL
    SELECT 'index', r.name, concat_ws(' ', pg_get_indexdef(r.oid), i.indisvalid)
    FROM relation AS r
    JOIN pg_index AS i ON i.indexrelid = r.oid
    UNION ALL
    SELECT 'owner', kind || ' ' || name, pg_get_userbyid(owner)
    FROM (
        SELECT 'table' AS kind, name, relowner AS owner, nspowner AS wanted
        FROM relation
        UNION ALL
        SELECT 'function', s.place || p.proname, p.proowner, s.nspowner
        FROM pg_proc AS p
        JOIN space AS s ON s.oid = p.pronamespace
    ) AS owned
    WHERE owner <> wanted
    UNION ALL
    SELECT 'owner', 'schema ' || s.nspname, o.rolname
    FROM space AS s
    JOIN pg_roles AS o ON o.oid = s.nspowner
    WHERE o.rolsuper <> (s.nspname = 'maintenance')
    UNION ALL
    SELECT 'grant', g.subject || ': ' || g.privilege_type || ' to '
               || coalesce(nullif(g.grantee, 0)::regrole::text, 'PUBLIC'),
           CASE WHEN bool_or(g.is_grantable) THEN 'and to give' ELSE 'to have' END
    FROM grants AS g
    WHERE g.grantee <> g.owner
    GROUP BY g.subject, g.privilege_type, g.grantee
    UNION ALL
    SELECT 'power', o.rolname, 'superuser, replication or bypassrls'
    FROM pg_roles AS o
    WHERE (o.rolsuper OR o.rolreplication OR o.rolbypassrls) AND o.oid <> 10
    UNION ALL
    SELECT 'power', o.rolname, 'logs in'
    FROM pg_roles AS o
    WHERE o.rolname = 'socai_appender' AND o.rolcanlogin
    UNION ALL
    SELECT 'member', m.member::regrole::text || ' of ' || m.roleid::regrole::text, ''
    FROM pg_auth_members AS m
    WHERE m.member <> 10
      AND (m.roleid IN (SELECT nspowner FROM space)
          AND m.member <> (SELECT nspowner FROM space WHERE nspname = 'ledger')
        OR m.roleid::regrole::text IN ('socai_appender', 'pg_write_all_data', 'pg_maintain',
            'pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files'))
    UNION ALL
    SELECT 'setting', name, (setting <> 'off')::text
    FROM pg_settings
    WHERE name IN
        ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'event_triggers')
    UNION ALL
    SELECT 'limit',
           concat(coalesce(nullif(g.setrole, 0)::regrole::text, 'everybody'),
                  CASE WHEN g.setdatabase <> 0 THEN ' here' END, '.', split_part(told, '=', 1)),
           substr(told, strpos(told, '=') + 1)
    FROM pg_db_role_setting AS g, unnest(g.setconfig) AS told
    WHERE g.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND (g.setrole = 0
        OR g.setrole::regrole::text IN ('socai_owner', 'socai_service', 'socai_appender'))
    UNION ALL
    SELECT 'event trigger', e.evtname,
           concat_ws(' ', e.evtenabled, e.evtevent, e.evtfoid::regproc, e.evttags::text)
    FROM pg_event_trigger AS e
"""


@value
class Drift:
    """One thing that is not as the migrations made it."""

    kind: str
    subject: str
    expected: str | None
    """None: it was not there."""
    found: str | None
    """None: it is gone."""

    def __str__(self) -> str:
        if self.expected is None:
            return f"{self.kind} {self.subject} is new: {self.found}"
        if self.found is None:
            return f"{self.kind} {self.subject} is gone"
        return f"{self.kind} {self.subject} is {self.found}, not {self.expected}"


async def state(asked: Asked) -> State:
    """How the tables, functions and rights of the log and the vault are now."""
    rows = await asked.fetch(STATE)
    return {(row["kind"], row["subject"]): row["told"] for row in rows}


async def opening(asked: Asked) -> list[Drift]:
    """The maintenance window that is open now, in which the database does not refuse."""
    found = await window(asked)
    if found is None or not found.is_open:
        return []
    until = f"open until {found.until:%Y-%m-%d %H:%M} UTC: {found.reason}"
    return [Drift(kind=WINDOW, subject=f"at {found.position}", expected=None, found=until)]


async def drift(asked: Asked) -> list[Drift]:
    """What is not as the migrations made it, an open window included."""
    found, expected = await state(asked), made()
    if not await asked.fetchval(HAS_SINCE_17):
        for key in [key for key in expected if key[1].endswith(SINCE_17)]:
            del expected[key]
    return [*_compared(expected, found), *await opening(asked)]


def made() -> State:
    """How the migrations make it."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return {(kind, subject): told for kind, subject, told in rows}


def written(found: State) -> str:
    """The file's text."""
    rows = (json.dumps([*key, told], ensure_ascii=False) for key, told in sorted(found.items()))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def _compared(expected: State, found: State) -> Iterator[Drift]:
    for key in sorted(expected.keys() | found.keys()):
        was, now = expected.get(key), found.get(key)
        if was == now or (now is None and key[0] in MAY_BE_MISSING):
            continue
        yield Drift(kind=key[0], subject=key[1], expected=was, found=now)
