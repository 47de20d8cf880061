-- The log: one table of facts in one order. Why bytes, why a head row: docs/decisions.
--
-- event        the facts, as canonical bytes; every other column is bound to the bytes
-- head         one row: the last position. Its lock is the order of the log
-- stream       the version of each stream
-- command      every command that was carried out, so that it is carried out once
-- commit       one row per append: which positions were recorded at which instant
-- reservation  keys that only one event in the whole ledger may hold

CREATE FUNCTION ledger.instant(moment timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- Immutable although to_char is not declared so: nothing here depends on a setting.
RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

CREATE FUNCTION ledger.says(
    body bytea,
    event_id uuid,
    stream text,
    version integer,
    type text,
    recorded_at timestamptz,
    effective_on date,
    budget_year smallint,
    command_id uuid
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- convert_from is only STABLE, for conversions can be replaced; from UTF8 there is none here.
    said CONSTANT jsonb NOT NULL := convert_from(body, 'UTF8');
BEGIN
    RETURN (said ->> 'id', said ->> 'stream', said ->> 'type', said ->> 'command')
        IS NOT DISTINCT FROM (event_id::text, stream, type, command_id::text)
        AND (said ->> 'version', said ->> 'budgetYear')
        IS NOT DISTINCT FROM (version::text, budget_year::text)
        AND (said ->> 'recordedAt', said ->> 'effectiveDate')
        IS NOT DISTINCT FROM (ledger.instant(recorded_at), to_char(effective_on, 'YYYY-MM-DD'));
END
$$;

CREATE TABLE ledger.event (
    position     bigint      NOT NULL,
    body         bytea       NOT NULL,
    leaf         bytea       NOT NULL GENERATED ALWAYS AS (sha256('\x00'::bytea || body)) STORED,
    event_id     uuid        NOT NULL,
    stream       text        COLLATE "C" NOT NULL,
    version      integer     NOT NULL,
    type         text        COLLATE "C" NOT NULL,
    recorded_at  timestamptz NOT NULL,
    effective_on date        NOT NULL,
    budget_year  smallint,
    command_id   uuid        NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (position),
    CONSTRAINT event_id_is_unique UNIQUE (event_id),
    CONSTRAINT event_version_is_unique UNIQUE (stream, version),
    CONSTRAINT event_position_is_positive CHECK (position > 0),
    CONSTRAINT event_version_is_positive CHECK (version > 0),
    -- A tile of the hash tree gives the length of an entry 16 bits.
    CONSTRAINT event_body_is_short CHECK (octet_length(body) <= 65535),
    CONSTRAINT event_says_its_columns CHECK (ledger.says(
        body, event_id, stream, version, type, recorded_at, effective_on, budget_year, command_id
    ))
);

CREATE TABLE ledger.head (
    is_head     boolean PRIMARY KEY DEFAULT true CHECK (is_head),
    position    bigint  NOT NULL,
    recorded_at timestamptz
) WITH (fillfactor = 10);  -- one row, rewritten by every append: it stays on its page

CREATE TABLE ledger.stream (
    name     text    COLLATE "C" PRIMARY KEY,
    version  integer NOT NULL,
    position bigint  NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE ledger.command (
    id             uuid        PRIMARY KEY,
    fingerprint    bytea       NOT NULL CHECK (octet_length(fingerprint) = 32),
    stream         text        COLLATE "C" NOT NULL,
    first_position bigint      NOT NULL,
    last_position  bigint      NOT NULL,
    recorded_at    timestamptz NOT NULL
);

CREATE TABLE ledger.commit (
    last_position  bigint      PRIMARY KEY,
    first_position bigint      NOT NULL,
    recorded_at    timestamptz NOT NULL UNIQUE
);

CREATE TABLE ledger.reservation (
    key      text   COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL
);

INSERT INTO ledger.head (position) VALUES (0);
