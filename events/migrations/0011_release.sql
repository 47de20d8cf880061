-- What is held may be given back: a cost item whose commitment is cancelled may be supported by
-- another scheme. Who held a key from when to when stays in the table; nothing is deleted from it.
--
-- A key is held by one at a time, as before: the index says so, beside the lock on the head.

ALTER TABLE ledger.reservation ADD COLUMN released_position bigint;
ALTER TABLE ledger.reservation DROP CONSTRAINT reservation_pkey;
ALTER TABLE ledger.reservation ADD PRIMARY KEY (key, position);
ALTER TABLE ledger.reservation ADD CONSTRAINT reservation_is_released_later
    CHECK (released_position > position);
CREATE UNIQUE INDEX reservation_is_held_once ON ledger.reservation (key)
    WHERE released_position IS NULL;

-- A reservation changes once, and only so: it is given back, by the stream that took it.
CREATE FUNCTION ledger.release_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.key, NEW.position) IS DISTINCT FROM (OLD.key, OLD.position)
        OR OLD.released_position IS NOT NULL
        OR NEW.released_position IS NULL
    THEN
        RAISE EXCEPTION 'a reservation is given back once: % is refused', NEW
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER append_only ON ledger.reservation;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON ledger.reservation
FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER release_once BEFORE UPDATE ON ledger.reservation
FOR EACH ROW EXECUTE FUNCTION ledger.release_once();
ALTER TABLE ledger.reservation ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE ledger.reservation ENABLE ALWAYS TRIGGER release_once;

-- ledger.append as in 0002, but that it gives keys back, and minds only those that are held. It may
-- belong to a role that nobody is: whoever owns the schema drops it, and it is given away again.
DROP FUNCTION ledger.append;

CREATE FUNCTION ledger.append(
    command_ids      uuid[],
    fingerprints     bytea[],
    streams          text[],
    versions         integer[],
    nths             integer[],   -- this event is the nth
    parts            integer[],   -- of so many that its command causes
    event_ids        uuid[],
    types            text[],
    effective_days   date[],
    budget_years     smallint[],
    bodies_before    bytea[],     -- the body up to the value of recordedAt
    bodies_after     bytea[],     -- and from there on
    guard_commands   uuid[],
    guard_streams    text[],
    guard_versions   integer[],
    key_commands     uuid[],
    keys             text[]      -- taken; after a '-': given back
) RETURNS TABLE (
    place          bigint,
    outcome        text,
    first_position bigint,
    last_position  bigint,
    recorded_at    timestamptz,
    subject        text,
    actual         integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- A plan made while the tables were small must serve when they are large: index look-ups only.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    end_before bigint;   -- where the log ended
    end_now    bigint;
    moment     timestamptz;
    written    bytea;
    refused    uuid[] := '{}';
    positions  bigint[];  -- of each event, null if refused; itself null if all are recorded
BEGIN
    SELECT head.position, head.recorded_at INTO STRICT end_before, moment
    FROM ledger.head
    FOR UPDATE;
    -- Only now: whoever held the lock before us may have waited long.
    moment := greatest(clock_timestamp(), moment + interval '1 microsecond');
    written := convert_to('"' || ledger.instant(moment) || '"', 'UTF8');

    -- What stands in the way of a command; nothing, as a rule.
    FOR place, outcome, first_position, last_position, recorded_at, subject, actual IN
        WITH moved AS MATERIALIZED (
            SELECT guard.command, guard.stream, coalesce(found.version, 0) AS version
            FROM unnest(guard_commands, guard_streams, guard_versions)
                AS guard (command, stream, version)
            LEFT JOIN ledger.stream AS found ON found.name = guard.stream
            WHERE coalesce(found.version, 0) <> guard.version
        ), taken AS MATERIALIZED (
            SELECT wanted.command, wanted.key
            FROM unnest(key_commands, keys) AS wanted (command, key)
            JOIN ledger.reservation AS held
                ON held.key = wanted.key AND held.released_position IS NULL
        )
        SELECT
            each.place,
            CASE
                WHEN known.fingerprint = each.fingerprint THEN 'repeated'
                WHEN known.id IS NOT NULL THEN 'mismatched'
                WHEN coalesce(own.version, 0) <> each.version - 1 OR moved.command IS NOT NULL
                    THEN 'conflict'
                ELSE 'reserved'
            END,
            known.first_position,
            known.last_position,
            known.recorded_at,
            CASE
                WHEN coalesce(own.version, 0) <> each.version - 1 THEN each.stream
                ELSE coalesce(moved.stream, taken.key)
            END,
            CASE
                WHEN coalesce(own.version, 0) <> each.version - 1 THEN coalesce(own.version, 0)
                ELSE moved.version
            END
        FROM unnest(command_ids, fingerprints, streams, versions, nths) WITH ORDINALITY
            AS each (command, fingerprint, stream, version, nth, place)
        LEFT JOIN ledger.command AS known ON known.id = each.command
        LEFT JOIN ledger.stream AS own ON own.name = each.stream
        LEFT JOIN LATERAL (
            SELECT * FROM moved WHERE moved.command = each.command LIMIT 1
        ) AS moved ON true
        LEFT JOIN LATERAL (
            SELECT * FROM taken WHERE taken.command = each.command LIMIT 1
        ) AS taken ON true
        WHERE each.nth = 1 AND (
            known.id IS NOT NULL
            OR coalesce(own.version, 0) <> each.version - 1
            OR moved.command IS NOT NULL
            OR taken.command IS NOT NULL
        )
    LOOP
        refused := refused || command_ids[place];
        RETURN NEXT;
    END LOOP;

    end_now := end_before + cardinality(command_ids);
    IF refused <> '{}' THEN
        SELECT array_agg(numbered.position ORDER BY numbered.place), max(numbered.position)
        INTO STRICT positions, end_now
        FROM (
            SELECT
                each.place,
                CASE WHEN each.command <> ALL (refused) THEN end_before + count(*)
                    FILTER (WHERE each.command <> ALL (refused)) OVER (ORDER BY each.place)
                END AS position
            FROM unnest(command_ids) WITH ORDINALITY AS each (command, place)
        ) AS numbered;
        IF end_now IS NULL THEN
            RETURN;
        END IF;
    END IF;

    INSERT INTO ledger.event (
        position, body, event_id, stream, version, type,
        recorded_at, effective_on, budget_year, command_id
    )
    SELECT
        coalesce(positions[each.place], end_before + each.place),
        each.body_before || written || each.body_after,
        each.event_id, each.stream, each.version, each.type,
        moment, each.effective_on, each.budget_year, each.command
    FROM unnest(
        command_ids, streams, versions, event_ids, types,
        effective_days, budget_years, bodies_before, bodies_after
    ) WITH ORDINALITY AS each (
        command, stream, version, event_id, type,
        effective_on, budget_year, body_before, body_after, place
    )
    WHERE positions IS NULL OR positions[each.place] IS NOT NULL;

    INSERT INTO ledger.command (
        id, fingerprint, stream, first_position, last_position, recorded_at
    )
    SELECT
        each.command, each.fingerprint, each.stream,
        coalesce(positions[each.place], end_before + each.place),
        coalesce(positions[each.place], end_before + each.place) + each.parts - 1,
        moment
    FROM unnest(command_ids, fingerprints, streams, nths, parts) WITH ORDINALITY
        AS each (command, fingerprint, stream, nth, parts, place)
    WHERE each.nth = 1 AND (positions IS NULL OR positions[each.place] IS NOT NULL);

    INSERT INTO ledger.stream AS known (name, version, position)
    SELECT
        each.stream, each.version, coalesce(positions[each.place], end_before + each.place)
    FROM unnest(streams, versions, nths, parts) WITH ORDINALITY
        AS each (stream, version, nth, parts, place)
    WHERE each.nth = each.parts AND (positions IS NULL OR positions[each.place] IS NOT NULL)
    ON CONFLICT (name) DO UPDATE
    SET version = excluded.version, position = excluded.position;

    IF cardinality(keys) > 0 THEN
        UPDATE ledger.reservation AS held
        SET released_position = holder.first_position
        FROM unnest(key_commands, keys) AS wanted (command, key)
        JOIN ledger.command AS holder ON holder.id = wanted.command
        WHERE holder.first_position > end_before
          AND starts_with(wanted.key, '-')
          AND held.key = substr(wanted.key, 2)
          AND held.released_position IS NULL
          AND EXISTS (
              SELECT
              FROM ledger.event AS taking
              WHERE taking.position = held.position AND taking.stream = holder.stream
          );
        INSERT INTO ledger.reservation (key, position)
        SELECT wanted.key, holder.first_position
        FROM unnest(key_commands, keys) AS wanted (command, key)
        JOIN ledger.command AS holder ON holder.id = wanted.command
        WHERE holder.first_position > end_before AND NOT starts_with(wanted.key, '-');
    END IF;

    IF cardinality(guard_streams) > 0 AND EXISTS (
        SELECT
        FROM unnest(guard_streams) AS guard (stream)
        JOIN ledger.stream AS touched ON touched.name = guard.stream
        WHERE touched.position > end_before
    ) THEN
        RAISE EXCEPTION 'a batch writes a stream that one of its commands guards'
            USING ERRCODE = 'cardinality_violation';
    END IF;

    INSERT INTO ledger.commit (last_position, first_position, recorded_at)
    VALUES (end_now, end_before + 1, moment);
    UPDATE ledger.head SET position = end_now, recorded_at = moment;
    PERFORM pg_notify('ledger', end_now::text);

    RETURN QUERY
    SELECT
        each.place,
        'recorded',
        coalesce(positions[each.place], end_before + each.place),
        coalesce(positions[each.place], end_before + each.place) + each.parts - 1,
        moment,
        NULL::text,
        NULL::integer
    FROM unnest(nths, parts) WITH ORDINALITY AS each (nth, parts, place)
    WHERE each.nth = 1 AND (positions IS NULL OR positions[each.place] IS NOT NULL);
END
$$;

REVOKE ALL ON FUNCTION ledger.append, ledger.release_once FROM PUBLIC;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'socai_service') THEN
        GRANT EXECUTE ON FUNCTION ledger.append TO socai_service;
    END IF;
END
$$;
