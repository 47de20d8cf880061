-- The vault: what is known of persons, outside of the log, and gone when it is erased.
--
-- value   what a command said of a person, with the salt of its imprint. The log holds the imprint
-- access  who asked for values, when, of whom and what for: append-only, like the log
--
-- The service holds no right on `value`. It calls the functions below, which run as socai_vault.

CREATE SCHEMA vault;

CREATE TABLE vault.value (
    command_id uuid        NOT NULL,
    field      text        COLLATE "C" NOT NULL,
    person_id  text        COLLATE "C" NOT NULL,
    value      text        NOT NULL,
    salt       bytea       NOT NULL CHECK (octet_length(salt) = 32),
    imprint    text        COLLATE "C" NOT NULL,
    kept_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (command_id, field)
);
CREATE INDEX value_of_person ON vault.value (person_id);

CREATE TABLE vault.access (
    ticket       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    person_id    text        COLLATE "C" NOT NULL,
    fields       text[]      NOT NULL,
    by_id        text        NOT NULL CHECK (by_id <> ''),
    role         text        NOT NULL,
    organisation text        NOT NULL,
    purpose      text        NOT NULL CHECK (purpose <> ''),
    written_in   xid8        NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX access_of_person ON vault.access (person_id, ticket);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.access
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE vault.access ENABLE ALWAYS TRIGGER append_only;

-- Keep what a command says before its facts are appended, and answer what is kept under its id: the
-- first to come has said it, so that whoever tries again records the same imprints. Answers nothing
-- for a command that was carried out: what has been erased since must not come back with it.
CREATE FUNCTION vault.keep(
    command uuid, person text, fields text[], texts text[], salts bytea[], imprints text[]
) RETURNS TABLE (field text, imprint text, is_same boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF EXISTS (SELECT FROM ledger.command AS known WHERE known.id = command) THEN
        RETURN;
    END IF;
    INSERT INTO vault.value (command_id, field, person_id, value, salt, imprint)
    SELECT command, said.field, person, said.value, said.salt, said.imprint
    FROM unnest(fields, texts, salts, imprints) AS said (field, value, salt, imprint)
    WHERE said.salt <> ''  -- an imprint without its salt is one that is kept already
    ON CONFLICT (command_id, field) DO NOTHING;
    RETURN QUERY
    SELECT coalesce(kept.field, said.field), kept.imprint,
        (kept.person_id, kept.value) IS NOT DISTINCT FROM (person, said.value)
    FROM unnest(fields, texts) AS said (field, value)
    FULL JOIN (SELECT * FROM vault.value WHERE command_id = command) AS kept
        ON kept.field = said.field;
EXCEPTION WHEN OTHERS THEN
    -- What went wrong with a row would be told with the row.
    RAISE EXCEPTION 'the vault could not keep it' USING ERRCODE = SQLSTATE;
END
$$;

-- Whether a command said something else than what is kept under its id. Of what has been erased,
-- nobody can tell.
CREATE FUNCTION vault.differs(command uuid, fields text[], texts text[]) RETURNS boolean
LANGUAGE sql SECURITY DEFINER STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT
        FROM vault.value AS kept
        LEFT JOIN unnest(fields, texts) AS said (field, value) ON said.field = kept.field
        WHERE kept.command_id = command AND kept.value IS DISTINCT FROM said.value
    )
$$;

-- To look at values one asks first, which is written down, and then shows the ticket, in another
-- transaction: a question that was rolled back opens nothing.
CREATE FUNCTION vault.ask(person text, by_id text, role text, organisation text, purpose text)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO vault.access (person_id, fields, by_id, role, organisation, purpose)
    SELECT person, ARRAY(
        SELECT field FROM vault.value WHERE person_id = person ORDER BY field
    ), by_id, role, organisation, purpose
    RETURNING ticket
$$;

CREATE FUNCTION vault.reveal(ticket bigint)
RETURNS TABLE (field text, value text, salt bytea, imprint text)
LANGUAGE sql SECURITY DEFINER STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT kept.field, kept.value, kept.salt, kept.imprint
    FROM vault.access AS asked
    JOIN vault.value AS kept ON kept.person_id = asked.person_id
    WHERE asked.ticket = reveal.ticket
        AND asked.at > clock_timestamp() - interval '1 minute'
        AND asked.written_in IS DISTINCT FROM pg_current_xact_id_if_assigned()
    ORDER BY kept.field
$$;

-- What a command said that was never carried out, because a process died before it could be.
CREATE FUNCTION vault.sweep() RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    WITH swept AS (
        DELETE FROM vault.value AS kept
        WHERE kept.kept_at < clock_timestamp() - interval '1 hour'
            AND NOT EXISTS (SELECT FROM ledger.command AS known WHERE known.id = kept.command_id)
        RETURNING 1
    )
    SELECT count(*) FROM swept
$$;

-- Erased and recorded as erased in one transaction: neither is ever without the other.
CREATE FUNCTION vault.erase() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM vault.value
    WHERE person_id = convert_from(NEW.body, 'UTF8')::jsonb #>> '{data,personId}';
    RETURN NULL;
END
$$;

CREATE TRIGGER erase_what_is_erased AFTER INSERT ON ledger.event
FOR EACH ROW WHEN (NEW.type = 'ContactErased') EXECUTE FUNCTION vault.erase();
ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER erase_what_is_erased;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vault FROM PUBLIC;

DO $$
DECLARE
    each record;
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'socai_service') THEN
        GRANT USAGE ON SCHEMA vault TO socai_service;
        GRANT SELECT ON vault.access TO socai_service;
        GRANT EXECUTE ON FUNCTION
            vault.keep, vault.differs, vault.ask, vault.reveal, vault.sweep TO socai_service;
    END IF;
    -- Where there is no such role, or it is not ours to give to, the vault is the log's owner's.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'socai_vault')
        AND pg_has_role('socai_vault', 'SET')
    THEN
        GRANT USAGE ON SCHEMA ledger TO socai_vault;
        GRANT SELECT ON ledger.command TO socai_vault;
        GRANT USAGE, CREATE ON SCHEMA vault TO socai_vault;
        ALTER TABLE vault.value OWNER TO socai_vault;
        ALTER TABLE vault.access OWNER TO socai_vault;
        FOR each IN
            SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'vault'::regnamespace
        LOOP
            EXECUTE format('ALTER FUNCTION %s OWNER TO socai_vault', each.name);
        END LOOP;
        ALTER SCHEMA vault OWNER TO socai_vault;
    END IF;
END
$$;
