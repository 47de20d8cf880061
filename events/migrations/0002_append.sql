-- The only way into the log: one call, one batch of commands, one commit.
--
-- The row lock on the head is taken and given back inside this call, so no client can hold it across
-- a round trip. Every statement after it sees all that was committed before (READ COMMITTED).
--
-- One row of arguments for each event; what belongs to its command is repeated. Answers one row for
-- each command, with the place of its first event among the arguments:
--   recorded     at positions first to last
--   repeated     the very same command was recorded before: where and when
--   mismatched   its id was used before for something else
--   conflict     `subject` is a stream that stands at version `actual`, not as the rule saw it
--   reserved     `subject` is a key that somebody else holds
-- Whatever else goes wrong is an exception, and nothing of the batch is recorded. So is a batch in
-- which commands touch each other: same stream, same id, same key, or a guard on what is written.

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
    keys             text[]
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
            JOIN ledger.reservation AS held ON held.key = wanted.key
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
        INSERT INTO ledger.reservation (key, position)
        SELECT wanted.key, holder.first_position
        FROM unnest(key_commands, keys) AS wanted (command, key)
        JOIN ledger.command AS holder ON holder.id = wanted.command
        WHERE holder.first_position > end_before;
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
